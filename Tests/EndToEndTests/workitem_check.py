"""Orders an analysis by UPS-RS, follows it and fetches what came of it: workitem_check.py URL STUDY_UID"""
import io
import sys
import time

import pydicom
import requests
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

root, study = sys.argv[1:]
worklist = root + "/dicom-web/workitems"
session = requests.Session()
session.headers.update({"Accept": "application/dicom+json", "Content-Type": "application/dicom+json"})


def check(what, condition, answer=None):
    if not condition:
        sys.exit(f"failed: {what} {answer is not None and (answer.status_code, answer.headers, answer.text[:500])}")


def code(value, scheme, meaning):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def fetch(uid):
    answer = session.get(f"{worklist}/{uid}")
    check("the workitem is shown", answer.ok, answer)
    item = Dataset.from_json(answer.json()[0])
    check("no Transaction UID is shown", "TransactionUID" not in item)
    return item


def order(analysis):
    item = Dataset()
    item.ProcedureStepState, item.ScheduledProcedureStepPriority = "SCHEDULED", "HIGH"
    item.WorklistLabel, item.ProcedureStepLabel = "CT", "Cement leakage"
    item.ScheduledProcedureStepStartDateTime, item.InputReadinessState = "20260131080509", "READY"
    item.PatientName, item.PatientID, item.TransactionUID = "Test^Anna", "1", ""
    item.ScheduledWorkitemCodeSequence = [code(analysis, "99OSTEON" if analysis != "110005" else "DCM", analysis)]
    source = Dataset()
    source.StudyInstanceUID, source.TypeOfInstances = study, "DICOM"
    item.InputInformationSequence = [source]
    setting = Dataset()
    setting.ValueType, setting.NumericValue = "NUMERIC", "0"
    setting.ConceptNameCodeSequence = [code("rehearsalRuns", "99OSTEON", "Simulated injections")]
    quiet = Dataset()
    quiet.ValueType, quiet.TextValue = "TEXT", "none"
    quiet.ConceptNameCodeSequence = [code("radiomics", "99OSTEON", "Radiomics")]
    item.ScheduledProcessingParametersSequence = [setting, quiet] if analysis == "digital-biopsy" else []
    return item


# The service's own work: nobody claims it, and it ends with the objects that it names.
uid = generate_uid()
answer = session.post(f"{worklist}?{uid}", data=order("digital-biopsy").to_json())
check("created", answer.status_code == 201 and answer.headers["Location"].endswith("/workitems/" + uid), answer)
check("a second one is a conflict", session.post(f"{worklist}?{uid}", data=order("segment").to_json()).status_code == 409)
deadline = time.time() + 240
while (item := fetch(uid)).ProcedureStepState == "IN PROGRESS":
    check("it ends in time", time.time() < deadline)
    time.sleep(0.1)
check("it is completed", item.ProcedureStepState == "COMPLETED")
performed = item.UnifiedProcedureStepPerformedProcedureSequence[0]
check("the code is the analysis", performed.PerformedWorkitemCodeSequence[0].CodeValue == "digital-biopsy")
check("it took time", performed.PerformedProcedureStepEndDateTime >= performed.PerformedProcedureStepStartDateTime)
modalities = []
for output in performed.OutputInformationSequence:
    place = output.WADORetrievalSequence[0].RetrieveURI
    file = session.get(root + place, headers={"Accept": "*/*"})
    found = pydicom.dcmread(io.BytesIO(file.content))
    reference = output.ReferencedSOPSequence[0]
    check("it is the object", found.SOPInstanceUID == reference.ReferencedSOPInstanceUID)
    check("of the class", found.SOPClassUID == reference.ReferencedSOPClassUID)
    check("of the study", found.StudyInstanceUID == output.StudyInstanceUID == study)
    check("of the series", found.SeriesInstanceUID == output.SeriesInstanceUID)
    modalities.append(found.Modality)
check("segmentations, report and summary", sorted(modalities) == ["OT", "SEG", "SEG", "SR"])

# Other people's work: claimed, worked on, ended.
uid = session.post(worklist, data=order("110005").to_json()).headers["Location"].split("/")[-1]
transaction = generate_uid()


def state(name, transaction):
    change = Dataset()
    change.TransactionUID, change.ProcedureStepState = transaction, name
    return session.put(f"{worklist}/{uid}/state", data=change.to_json())


check("claimed", state("IN PROGRESS", transaction).status_code == 200)
check("not twice", state("IN PROGRESS", generate_uid()).status_code == 409)
check("not ended without results", state("COMPLETED", transaction).status_code == 409)
update = Dataset()
step = Dataset()
step.PerformedWorkitemCodeSequence = [code("110005", "DCM", "Interpretation")]
step.PerformedStationNameCodeSequence = [code("desk", "99TEST", "A desk")]
step.PerformedProcedureStepStartDateTime = step.PerformedProcedureStepEndDateTime = "20260131080509"
step.OutputInformationSequence = []
update.UnifiedProcedureStepPerformedProcedureSequence = [step]
update.TransactionUID = generate_uid()
check("not by others", session.post(f"{worklist}/{uid}", data=update.to_json()).status_code == 409)
update.TransactionUID = transaction
check("updated", session.post(f"{worklist}/{uid}", data=update.to_json()).status_code == 200)
check("completed", state("COMPLETED", transaction).status_code == 200)
check("and no more", session.post(f"{worklist}/{uid}/cancelrequest").status_code == 409)

found = session.get(worklist, params={"ProcedureStepState": "COMPLETED", "InputInformationSequence.StudyInstanceUID": study}).json()
check("both are found", len(found) == 2)
print("ok")
