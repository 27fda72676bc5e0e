"""Stores, searches and retrieves with dicomweb-client: dicomweb_client_check.py URL FOLDER-OF-DICOM-FILES"""
import sys
from pathlib import Path

import pydicom
from dicomweb_client.api import DICOMwebClient

url, folder = sys.argv[1], Path(sys.argv[2])
sent = [pydicom.dcmread(path) for path in sorted(folder.iterdir())]
study, series = sent[0].StudyInstanceUID, sent[0].SeriesInstanceUID
client = DICOMwebClient(url=url)


def check(what, condition):
    if not condition:
        sys.exit(f"failed: {what}")


# One body over 1 MB goes out chunked, a small one with Content-Length.
for part in (sent[:1], sent):
    answer = client.store_instances(part)
    check("every object is listed", len(answer.ReferencedSOPSequence) == len(part))
    check("none failed", "FailedSOPSequence" not in answer)

filters = {"PatientID": sent[0].PatientID, "PatientName": "phantom*", "StudyDate": "19990101-20001231"}
studies = client.search_for_studies(search_filters=filters, fields=["StudyDescription"], limit=5)
check("the study is found", [s["0020000D"]["Value"][0] for s in studies] == [study])
check("it has its description", studies[0]["00081030"]["Value"] == [sent[0].StudyDescription])
check("another patient has none", client.search_for_studies(search_filters={"PatientID": "nobody"}) == [])
check("the series is found", len(client.search_for_series(study, search_filters={"Modality": "CT"})) == 1)
instances = client.search_for_instances(study, series, limit=4, offset=2)
check("a page of instances is found", len(instances) == 4)
everything = client.search_for_instances(study, series, get_remaining=True)
check("all instances are found", len(everything) == len(sent))

metadata = [pydicom.Dataset.from_json(item) for item in client.retrieve_series_metadata(study, series)]
by_uid = {item.SOPInstanceUID: item for item in sent}
check("metadata of all", {item.SOPInstanceUID for item in metadata} == set(by_uid))
for item in metadata:
    original = by_uid[item.SOPInstanceUID]
    check("positions are the same", item.ImagePositionPatient == original.ImagePositionPatient)
    check("the whole data set but Pixel Data is there", {e.tag for e in original} - {e.tag for e in item} == {0x7FE00010})

retrieved = client.retrieve_study(study)
check("all are retrieved", len(retrieved) == len(sent))
for item in retrieved:
    check("pixels are the same", item.PixelData == by_uid[item.SOPInstanceUID].PixelData)
one = client.retrieve_instance(study, series, sent[0].SOPInstanceUID)
check("one is retrieved", one == sent[0])
print("ok")
