"""Reads a segmentation and a report with highdicom and pydicom: dicom_results_check.py FOLDER

FOLDER holds images/ (the CT files), segmentation.dcm, report.dcm, summary.dcm,
risk-map.dcm, parts.dcm, the NIfTI files beside them, report.json and features.json."""
import gzip
import json
import re
import sys
from pathlib import Path

import highdicom
import numpy
import pydicom

folder = Path(sys.argv[1])


def check(what, condition):
    if not condition:
        sys.exit(f"failed: {what}")


def meaning(name):
    """anteriorFocalHeight -> Anterior focal height"""
    if name == "vertebraVolume":
        return "Volume"
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).split()
    return " ".join([words[0].capitalize()] + [word if len(word) > 1 and word.isupper() else word.lower() for word in words[1:]])


images = [pydicom.dcmread(path) for path in (folder / "images").iterdir()]
images.sort(key=lambda image: float(image.ImagePositionPatient[2]))


def voxels(name):
    packed = gzip.decompress((folder / name).read_bytes())
    size = numpy.frombuffer(packed, "<i2", 3, 42)
    kind = {2: "u1", 512: "<u2", 16: "<f4"}[int(numpy.frombuffer(packed, "<i2", 1, 70)[0])]
    return numpy.frombuffer(packed, kind, int(numpy.prod(size, dtype=int)), 352).reshape(size[::-1])



def places(cut):
    """Slice, row and column of the first pixel of each frame of an object that is cut out of the images' grid, and its groups."""
    row, column = [float(step) for step in images[0].PixelSpacing]
    for groups in cut.PerFrameFunctionalGroupsSequence:
        place = [float(value) for value in groups.PlanePositionSequence[0].ImagePositionPatient]
        source = groups.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
        z = [image.SOPInstanceUID for image in images].index(source)
        origin = [float(value) for value in images[z].ImagePositionPatient]
        check("the phantom's rows and columns lie along x and y", images[z].ImageOrientationPatient == [1, 0, 0, 0, 1, 0] and place[2] == origin[2])
        x, y = round((place[0] - origin[0]) / column), round((place[1] - origin[1]) / row)
        check("frames lie on pixels", abs(x * column + origin[0] - place[0]) < 1e-6 and abs(y * row + origin[1] - place[1]) < 1e-6)
        yield z, y, x, groups


labels = voxels("segmentation.nii.gz")
report = json.loads((folder / "report.json").read_text())
features = {entry["level"]: entry["features"] for entry in json.loads((folder / "features.json").read_text())["vertebrae"]}
told = {vertebra["segmentation"]["labelValue"]: vertebra for vertebra in report["vertebrae"]}

seg = highdicom.seg.segread(folder / "segmentation.dcm")
for name in ("PatientName", "PatientID", "StudyInstanceUID", "StudyDate", "FrameOfReferenceUID", "Rows", "Columns"):
    check(f"{name} is the images'", seg.get(name) == images[0].get(name))
check("research use is said", "research use only" in (seg.SeriesDescription + seg.ContentDescription).lower())
check("the series is its own", seg.SeriesInstanceUID != images[0].SeriesInstanceUID)
values = [int(value) for value in numpy.unique(labels) if value]
check("a segment each", seg.number_of_segments == len(values))
frames = seg.get_pixels_by_source_instance([image.SOPInstanceUID for image in images], assert_missing_frames_are_empty=True)
check("no segment is empty", all(frames[..., k].any() for k in range(len(values))))
check("no frame is empty", all(frame.any() for frame in seg.pixel_array.reshape(-1, seg.Rows, seg.Columns)))
check("every voxel is the same", numpy.array_equal(numpy.stack([labels == value for value in values], -1), frames))
for number, value in enumerate(values, 1):
    description = seg.get_segment_description(number)
    needs_review = told[value]["segmentation"]["verdict"] == "needs-review"
    check("the label is the level, and says what needs review", description.segment_label == told[value]["level"] + (", needs review" if needs_review else ""))
    check("the type is coded", description.segmented_property_type.scheme_designator == "SCT")

sr = highdicom.sr.srread(folder / "report.dcm")
check("the report is of the study", sr.StudyInstanceUID == seg.StudyInstanceUID)
groups = sr.content.get_volumetric_roi_measurement_groups()
check("a group each", len(groups) == len(values))
count = 0
for group, value in zip(groups, values):
    check("it refers to its segment", list(group.referenced_segment.referenced_segment_numbers) == [values.index(value) + 1])
    check("of this segmentation", group.referenced_segment.referenced_sop_instance_uid == seg.SOPInstanceUID)
    check("tracked alike", group.tracking_uid == seg.get_segment_description(values.index(value) + 1).tracking_uid)
    numbers = {}
    for measurement in group.get_measurements():
        item = measurement[0]
        measured = item.MeasuredValueSequence[0]
        numbers[measurement.name.meaning] = measured.FloatingPointValue
        check("DS and FD agree", abs(float(measured.NumericValue) - measured.FloatingPointValue) <= 1e-9 * max(1, abs(measured.FloatingPointValue)))
        check("UCUM", measured.MeasurementUnitsCodeSequence[0].CodingSchemeDesignator == "UCUM")
        names = [child.ConceptNameCodeSequence[0].CodeMeaning for child in item.ContentSequence]
        check("the algorithm is named", "Algorithm Name" in names and "Algorithm Version" in names)
    vertebra = told[value]
    for measurement in vertebra["morphometry"]["measurements"]:
        check(f"{measurement['name']} is the same", numbers.get(meaning(measurement["name"])) == measurement["value"])
    if "risk" in vertebra:
        check("the risk is the same", numbers.get("Risk of cement leakage, by published odds ratios") == vertebra["risk"]["any"]["probability"])
    coded = {item.name.value: item[0].MeasuredValueSequence[0] for item in group.get_measurements() if item.name.scheme_designator == "IBSI"}
    wanted = {feature["ibsiID"]: feature["value"] for feature in features[vertebra["level"]] if "ibsiID" in feature and "value" in feature and feature["name"].startswith("original_")}
    check("the features of the scan's own image are there under their IBSI codes, and no others", len(wanted) > 80 and {code: item.FloatingPointValue for code, item in coded.items()} == wanted)
    check("the features have units", [coded[code].MeasurementUnitsCodeSequence[0].CodeValue for code in ("YEKZ", "2PR5", "ACUI")] == ["mm3", "/mm", "1"])
    count += len(numbers)
check("research use is said in the report", b"not a medical device" in (folder / "report.dcm").read_bytes())
summary = pydicom.dcmread(folder / "summary.dcm")
picture = summary.pixel_array
check("the summary is of the study", summary.StudyInstanceUID == seg.StudyInstanceUID and summary.PatientID == images[0].PatientID)
check("it is a picture in colour", picture.shape == (summary.Rows, summary.Columns, 3) and summary.PhotometricInterpretation == "RGB")
check("research use is burned in and said", summary.BurnedInAnnotation == "YES" and "RESEARCH USE ONLY - NOT FOR DIAGNOSIS" in summary.SeriesDescription)
check("the notice is red, above and below", (picture[[2, -3], 2] == picture[2, 2]).all() and picture[2, 2, 0] > 2 * picture[2, 2, 1])
check("something is written", 0.02 < (picture.min(axis=2) < 128).mean() < 0.6)
risks = voxels("risk-volume.nii.gz")
map = highdicom.imread(folder / "risk-map.dcm")
check("the map is of the study", map.StudyInstanceUID == seg.StudyInstanceUID and map.FrameOfReferenceUID == images[0].FrameOfReferenceUID)
check("it is in floats", map.FloatPixelData and map.BitsAllocated == 32 and map.ContentQualification == "RESEARCH")
shared = map.SharedFunctionalGroupsSequence[0]
meaning_of_values = shared.RealWorldValueMappingSequence[0]
check("values mean themselves", meaning_of_values.RealWorldValueSlope == 1 and meaning_of_values.RealWorldValueIntercept == 0)
check("without unit", meaning_of_values.MeasurementUnitsCodeSequence[0].CodeValue == "1")
check("it says what it measures", "not patients" in meaning_of_values.QuantityDefinitionSequence[0].ConceptCodeSequence[0].CodeMeaning)
frames = map.pixel_array.reshape(-1, map.Rows, map.Columns)
rebuilt = numpy.zeros_like(risks)
for frame, (z, y, x, _) in zip(frames, places(map)):
    rebuilt[z, y:y + map.Rows, x:x + map.Columns] = frame
check("every voxel of the risk volume is in the map", numpy.array_equal(rebuilt, risks) and (risks > 0).any())
whole = map.get_volume(allow_missing_positions=True, apply_real_world_transform=True)
check("highdicom puts the same numbers into the same place", abs(float(whole.array.sum()) - float(frames.sum())) < 1e-3 * frames.sum())
divided = voxels("parts.nii.gz")
sections = {part["labelValue"]: (vertebra["level"], part["name"]) for vertebra in report["vertebrae"] for part in vertebra["parts"]}
parts = highdicom.seg.segread(folder / "parts.dcm")
check("a segment for each part", sorted(sections) == [value for value in numpy.unique(divided) if value] and parts.number_of_segments == len(sections))
for number, value in enumerate(sorted(sections), 1):
    description = parts.get_segment_description(number)
    check("parts are named by level and part", description.segment_label.removesuffix(", needs review") == " ".join(sections[value]))
    check("the vertebra is their region", description.AnatomicRegionSequence[0].CodeMeaning == sections[value][0] + " vertebra")
rebuilt = numpy.zeros_like(divided)
for frame, (z, y, x, groups) in zip(parts.pixel_array, places(parts)):
    value = sorted(sections)[groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber - 1]
    check("no frame of parts is empty", frame.any())
    rebuilt[z, y:y + parts.Rows, x:x + parts.Columns][frame != 0] = value
check("every voxel of the parts is the same", numpy.array_equal(rebuilt, divided))
print(f"{parts.number_of_segments} parts in {parts.NumberOfFrames} frames of {parts.Columns} x {parts.Rows}, {(folder / 'parts.dcm').stat().st_size} bytes")
print(f"{len(frames)} frames of {map.Columns} x {map.Rows} floats")
print(f"{len(values)} segments, {labels.astype(bool).sum()} voxels, {count} numbers")
print("ok")
