"""Stores with dicomweb-client while the service has no room: dicomweb_retry_check.py URL FOLDER-OF-DICOM-FILES

Prints `refused 503` at each answer 503, and `ok` once the client, which tries again by itself, has stored everything.
"""
import sys
from pathlib import Path

import pydicom
import requests
from dicomweb_client.api import DICOMwebClient

url, folder = sys.argv[1], Path(sys.argv[2])
sent = [pydicom.dcmread(path) for path in sorted(folder.iterdir())]
session = requests.Session()


def tell(response, *_, **__):
    if response.status_code == 503:
        print("refused 503, Retry-After", response.headers.get("Retry-After"), flush=True)


session.hooks["response"].append(tell)
answer = DICOMwebClient(url=url, session=session).store_instances(sent)
if len(answer.ReferencedSOPSequence) != len(sent) or "FailedSOPSequence" in answer:
    sys.exit(f"failed: {answer}")
print("ok")
