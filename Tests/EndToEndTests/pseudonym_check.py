"""Sends studies that name their patient wherever DICOM, NIfTI, zip and HTTP have room for it, and looks for the names afterwards.

pseudonym_check.py send MODE URL FOLDER-OF-DICOM-FILES NIFTI-FILE    MODE is pseudonymised or ordinary
pseudonym_check.py named FOLDER-OF-DICOM-FILES RESULT-FILE...          whether results are of these images again
pseudonym_check.py search JSON-LIST-OF-MORE-WORDS FOLDER-OR-FILE...  in files as they are and unpacked
"""
import gzip
import io
import json
import re
import struct
import sys
import time
import zipfile
from pathlib import Path

import pydicom
import requests
from dicomweb_client.api import DICOMwebClient
from pydicom.datadict import DicomDictionary
from pydicom.dataset import Dataset

# Nothing that could stand anywhere by chance.
NAME, IDENTITY, BIRTH = "Quxfenwick^Zebulina", "QXF-7741-ID", "19431207"
WORD = "frobnitzwort"
MARKERS = [b"quxfenwick", b"zebulina", b"qxf-7741", b"19431207", b"frobnitzwort"]
# What says how the image was made: kept as it is, and left as it is here.
KEPT = {
    "Manufacturer", "ManufacturerModelName", "FilterType", "ConvolutionKernel", "RescaleType", "SpecificCharacterSet", "ImageType",
    "Modality", "BodyPartExamined", "PatientPosition", "ScanOptions", "RotationDirection", "PhotometricInterpretation",
    "LossyImageCompression", "LossyImageCompressionMethod", "BurnedInAnnotation"}


def check(what, condition):
    if not condition:
        sys.exit(f"failed: {what}")


def found_in(data, place):
    low = data.lower()
    hits = [f"{place} holds {marker.decode()}" for marker in MARKERS if marker in low]
    if data[:2] == b"\x1f\x8b":
        hits += found_in(gzip.decompress(data), place + " unpacked")
    if data[:4] == b"PK\x03\x04":
        archive = zipfile.ZipFile(io.BytesIO(data))
        for name in archive.namelist():
            hits += found_in(name.encode(), f"{place}: a name") + found_in(archive.read(name), f"{place}/{name}")
    return hits


def search(places):
    files = [f for p in map(Path, places) for f in ([p] if p.is_file() else sorted(p.rglob("*"))) if f.is_file()]
    hits = [hit for file in files for hit in found_in(file.read_bytes(), str(file))]
    check("; ".join(hits[:10]), not hits)
    print(f"{len(files)} files searched\nok")


def name_everywhere(data):
    """Every text, date and person's name of the data dictionary that the object may hold, in sequences and private groups too."""
    texts = {"LO": WORD, "SH": WORD, "ST": WORD, "LT": WORD, "UT": WORD, "UC": WORD, "PN": NAME, "AE": WORD.upper(),
             "DA": BIRTH, "DT": BIRTH + "101112", "CS": WORD.upper(), "UR": "http://" + WORD, "AS": "082Y"}
    present = set(data.keys())
    for tag, (vr, _, _, _, keyword) in DicomDictionary.items():
        group = tag >> 16
        if group in (0, 2, 4, 0xFFFE) or vr not in texts or keyword in KEPT or group >= 0x5000:
            continue
        if tag not in present or vr in ("LO", "SH", "PN", "DA"):
            data.add_new(tag, vr, texts[vr])
    data.PatientName, data.PatientID, data.PatientBirthDate = NAME, IDENTITY, BIRTH
    data.AccessionNumber = "QXF-7741-A"
    item = Dataset()
    item.PatientName, item.InstitutionName = NAME, WORD
    data.OtherPatientIDsSequence = [item]
    data.RequestAttributesSequence = [item]
    block = data.private_block(0x0009, "QUXFENWICK 1.0", create=True)
    block.add_new(0x01, "LO", NAME)
    data.add_new(0x60000010, "US", 8)
    data.add_new(0x60003000, "OW", (WORD * 4).encode())
    data.add_new(0x60004000, "LO", WORD)
    data.add_new(0xFFFCFFFC, "OB", WORD.encode())
    # A number that is none, and a code in letters that no code has.
    data.add_new(0x00180090, "LO", WORD)
    data.BurnedInAnnotation = "YES"
    data.preamble = (WORD.encode() * 11)[:128]
    data.file_meta.SourceApplicationEntityTitle = "QUXFENWICK"
    return data


def written(data):
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, data, enforce_file_format=True)
    return buffer.getvalue()


def named_nifti(path):
    """The image with the name in every text of its header and in an extension."""
    image = bytearray(gzip.decompress(path.read_bytes()))
    offset = int(struct.unpack_from("<f", image, 108)[0])
    for start, length in [(4, 10), (14, 18), (148, 80), (228, 24), (328, 16)]:
        image[start:start + length] = (b"frobnitzwort" + b" " * 80)[:length]
    note = struct.pack("<ii", 64, 6) + NAME.encode().ljust(56, b"\0")
    struct.pack_into("<f", image, 108, offset + len(note))
    header = bytes(image[:348]) + bytes([1, 0, 0, 0]) + note
    packed = io.BytesIO()
    with gzip.GzipFile(filename="frobnitzwort.nii", mode="wb", fileobj=packed) as file:
        file.write(header + bytes(image[offset:]))
    return packed.getvalue()


class Recorder(requests.Session):
    """Keeps every answer."""

    def __init__(self):
        super().__init__()
        self.answers = []

    def send(self, request, **options):
        answer = super().send(request, **options)
        self.answers.append(answer)
        return answer


def archive_of(files, damaged=False):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for number, data in enumerate(files):
            archive.writestr(f"{NAME}/{WORD}-{number}.dcm", data)
        archive.writestr(f"{NAME}/letter.txt", f"Dear {NAME}")
    data = bytearray(buffer.getvalue())
    if damaged:
        data[len(data) // 2] ^= 0xFF
    return bytes(data)


def finished(session, url, place):
    end = time.monotonic() + 180
    while time.monotonic() < end:
        job = session.get(url + place).json()
        if job["state"] in ("done", "failed"):
            check(f"the job is done: {job}", job["state"] == "done")
            return job
        time.sleep(0.1)
    sys.exit("failed: the job did not end")


def send(mode, url, folder, nifti):
    hides = mode == "pseudonymised"
    objects = [name_everywhere(pydicom.dcmread(path)) for path in sorted(folder.iterdir())]
    study = objects[0].StudyInstanceUID
    uids = {o.SOPInstanceUID for o in objects} | {study, objects[0].SeriesInstanceUID, objects[0].FrameOfReferenceUID}
    if hides:
        MARKERS.extend(uid.encode() for uid in uids)
    session = Recorder()
    client = DICOMwebClient(url=url + "/dicom-web", session=session)
    answer = client.store_instances(objects)
    check("every object is listed", len(answer.ReferencedSOPSequence) == len(objects))
    if hides:
        check("they are kept otherwise than they came", all(i.WarningReason == 0xB000 for i in answer.ReferencedSOPSequence))
    screen = pydicom.dcmread(next(iter(sorted(folder.iterdir()))))
    screen = name_everywhere(screen)
    screen.SOPClassUID, screen.SOPInstanceUID, screen.Modality = "1.2.840.10008.5.1.4.1.1.7", study + ".99", "OT"
    screen.SeriesInstanceUID = study + ".98"
    screen.file_meta.MediaStorageSOPClassUID = screen.SOPClassUID
    answer = client.store_instances([screen])
    check("a screen that was saved is listed", len(answer.ReferencedSOPSequence) == 1)
    found = client.search_for_studies(search_filters={"PatientID": IDENTITY})
    check("the patient is found by the true ID", len(found) == 1)
    check("the study by its true UID", len(client.search_for_instances(study)) == len(objects) + 1)
    kept = [pydicom.dcmread(io.BytesIO(written(o))) for o in client.retrieve_study(study)]
    images = {int(o.InstanceNumber): o for o in kept if "PixelData" in o}
    if hides:
        check("the screen has no pixels", len(images) == len(objects))
        for o in kept:
            check("it says that it is pseudonymised", o.PatientIdentityRemoved == "YES" and
                  o.DeidentificationMethodCodeSequence[0].CodeValue == "113100")
            check("its name is its ID, a pseudonym", str(o.PatientName) == o.PatientID and len(o.PatientID) == 16)
            check("what has to be there is there, empty", o.StudyDate == "" and o.PatientSex == "" and o.PatientBirthDate == "")
            check("no private attribute, no sequence but one", not [
                e for e in o if e.tag.is_private or (e.VR == "SQ" and e.keyword != "DeidentificationMethodCodeSequence")])
        check("one study, one frame of reference", len({(o.StudyInstanceUID, o.get("FrameOfReferenceUID")) for o in kept}) == 1)
        for o in objects:
            image = images[int(o.InstanceNumber)]
            check("the image is the same", image.PixelData == o.PixelData and image.pixel_array.shape == o.pixel_array.shape
                  and image.ImagePositionPatient == o.ImagePositionPatient and image.RescaleIntercept == o.RescaleIntercept)

    session.post(f"{url}/v1/arrivals/{study}/complete")
    end = time.monotonic() + 60
    while True:
        arrival = session.get(f"{url}/v1/arrivals/{study}").json()
        if arrival["isSettled"] or time.monotonic() > end:
            break
    completion = arrival["series"][0]["completions"] + (arrival["series"][1]["completions"] if len(arrival["series"]) > 1 else [])
    check(f"a job was started: {arrival}", completion and "job" in completion[0])
    job = completion[0]["job"]
    finished(session, url, f"/v1/jobs/{job}")
    report = session.get(f"{url}/v1/jobs/{job}/report").json()
    check("text in the pixels is warned of", any("show text" in w for w in report["image"]["warnings"]))
    for result in ["report?format=dicom", "segmentation", "segmentation?format=dicom", "risk", "leakage-map", "fhir"]:
        answer = session.get(f"{url}/v1/jobs/{job}/{result}")
        check(result, answer.status_code == 200)
        if "dicom" in result:
            (folder.parent / (result.split("?")[0] + ".dcm")).write_bytes(answer.content)
    made = session.get(f"{url}/v1/studies/{completion[0]['study']}").json()
    check("so does the study", any("show text" in w for w in made["warnings"]))

    few = [written(o) for o in objects]
    upload = session.post(f"{url}/v1/studies", files={"file": (f"{NAME}.zip", archive_of(few))})
    check(f"the zip is taken: {upload.text}", upload.status_code == 201)
    content = session.get(f"{url}{upload.headers['Location']}/content")
    check("the zip comes back", content.content[:2] == b"PK")
    image = session.post(f"{url}/v1/studies", files={"file": (f"{NAME}.nii.gz", named_nifti(nifti))})
    check(f"the NIfTI file is taken: {image.text}", image.status_code == 201)
    session.get(f"{url}{image.headers['Location']}/content")

    # Whatever can go wrong with them.
    for body in [few[0][:-100], few[0][:500], b"DICM" + few[0], NAME.encode(), written(screen)]:
        session.post(f"{url}/v1/studies", data=body, headers={"Content-Type": "application/dicom"})
        session.post(f"{url}/dicom-web/studies", data=b"--b\r\nContent-Type: application/dicom\r\n\r\n" + body + b"\r\n--b--",
                     headers={"Content-Type": 'multipart/related; type="application/dicom"; boundary=b'})
    session.post(f"{url}/v1/studies", files={"file": (NAME, few[0])})
    if hides:
        session.post(f"{url}/v1/studies", files={WORD: (NAME, few[0])})
        for count in (1, 2):
            session.post(f"{url}/v1/studies", files={"file": archive_of(few[:count], damaged=count == 2)})
        session.post(f"{url}/v1/studies", files={"file": archive_of([])})
        gap = session.post(f"{url}/v1/studies", files={"file": archive_of(few[:4] + few[6:])})
        check(f"files go by their number: {gap.text}", re.search(r"\b0000\d", gap.json()["detail"]))
        for query in [f"?{WORD}={NAME}", f"?limit={NAME}", f"?PatientName={NAME}", f"?analysis={NAME}&seed={WORD}"]:
            for path in ["/v1/studies", "/v1/jobs", "/dicom-web/studies", "/v1/access-log"]:
                session.get(url + path + query)
                session.post(url + path + query, data=few[0])
        for path in [f"/v1/studies/{WORD}", f"/v1/jobs/{IDENTITY}", f"/dicom-web/studies/{WORD}/metadata",
                     f"/v1/arrivals/{study}.1", f"/{WORD}", f"/v1/studies/{WORD}/masks/{NAME}"]:
            session.get(url + path, headers={"X-Request-Id": WORD, "User-Agent": NAME, "Referer": f"http://{WORD}/"})
        session.post(f"{url}/v1/studies?analysis=digital-biopsy&seed=0,0,0:L1", data=few[0],
                     headers={"Idempotency-Key": IDENTITY, "X-Request-Id": WORD})
        step = session.post(f"{url}/dicom-web/workitems", json={"00100010": {"vr": "PN", "Value": [{"Alphabetic": NAME}]}})
        check(f"workitems are refused: {step.text}", step.json()["code"] == "patient-names-refused")
    session.get(f"{url}/v1/access-log")

    refused = [a for a in session.answers if a.status_code >= 400]
    check("many requests were refused", len(refused) > (40 if hides else 8))
    shown = session.answers if hides else refused
    hits = [hit for a in shown for part in (a.content, json.dumps(dict(a.headers)).encode())
            for hit in found_in(part, f"{a.request.method} {a.request.path_url[:40]} {a.status_code}")]
    check("; ".join(hits[:10]), not hits)
    print(f"{len(shown)} answers searched, {len(refused)} of them refusals\n" + json.dumps(sorted(uids)) + "\nok")


def uids_in(data):
    for element in data.iterall():
        if element.VR == "UI":
            yield from [element.value] if isinstance(element.value, str) else list(element.value or [])


def named(folder, results):
    originals = [pydicom.dcmread(path) for path in sorted(folder.iterdir())]
    first = originals[0]
    images = {o.SOPInstanceUID for o in originals}
    for path in results:
        result = pydicom.dcmread(path)
        for keyword in ["StudyInstanceUID", "PatientName", "PatientID", "StudyDate", "PatientSex", "AccessionNumber"]:
            check(keyword, result.get(keyword) == first.get(keyword))
        check("it does not say that it has no name", "PatientIdentityRemoved" not in result)
        if result.Modality == "OT":
            continue  # a picture refers to nothing
        referred = images & set(uids_in(result))
        check("it refers to the images", len(referred) >= 3)
        check("and to their series", first.SeriesInstanceUID in set(uids_in(result)))
    print("ok")


if sys.argv[1] == "named":
    named(Path(sys.argv[2]), sys.argv[3:])
elif sys.argv[1] == "send":
    send(sys.argv[2], sys.argv[3], Path(sys.argv[4]), Path(sys.argv[5]))
else:
    MARKERS.extend(word.encode() for word in json.loads(sys.argv[2]))
    search(sys.argv[3:])
