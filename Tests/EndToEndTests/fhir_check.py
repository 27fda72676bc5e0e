"""Validates a Bundle by fhir.resources (R4B) and compares it with the report: fhir_check.py FOLDER

FOLDER holds fhir.json and report.json."""
import json
import sys
from pathlib import Path

from fhir.resources.R4B.bundle import Bundle

folder = Path(sys.argv[1])
report = json.loads((folder / "report.json").read_text())
bundle = Bundle.model_validate_json((folder / "fhir.json").read_text())
resources = [entry.resource for entry in bundle.entry]
risks = [resource for resource in resources if resource.__resource_type__ == "RiskAssessment"]
observations = [resource for resource in resources if resource.__resource_type__ == "Observation"]


def check(what, condition):
    if not condition:
        sys.exit(f"failed: {what}")


told = [vertebra for vertebra in report["vertebrae"] if "risk" in vertebra]
check("a risk for each vertebra that has one", told and len(risks) == len(told))
for resource, vertebra in zip(risks, told):
    check("the risk is the same", float(resource.prediction[0].probabilityDecimal) == vertebra["risk"]["any"]["probability"])
    check("the band is the same", resource.prediction[0].qualitativeRisk.coding[0].code == vertebra["risk"]["any"]["band"])
measured = [measurement for vertebra in report["vertebrae"] for measurement in vertebra["morphometry"]["measurements"]]
check("an observation for each measurement", measured and len(observations) == len(measured))
for resource, measurement in zip(observations, measured):
    check("the value is the same", float(resource.valueQuantity.value) == measurement["value"])
    check("it has a unit", resource.valueQuantity.code is not None)
for resource in resources:
    check("preliminary", resource.status == "preliminary")
    check("research use is said", "Research use only" in resource.note[0].text)
    check("the subject is identified", resource.subject.identifier.value is not None)
study = observations[0].derivedFrom[0].identifier.value
check("the study is named", study.startswith("urn:oid:") and risks[0].basis[0].identifier.value == study)
print(f"{len(risks)} risks, {len(observations)} observations")
print("ok")
