// A report as FHIR R4: a RiskAssessment for each vertebra with a risk, an Observation for each measurement.
import Domain
import Foundation

/// A `Bundle` of the type `collection`. Everything in it is preliminary and says that it is for research.
struct FHIRBundle {
    static let mediaType = "application/fhir+json"

    let report: Report
    let job: String
    let source: FHIRSource

    var json: JSONValue {
        let risks = report.vertebrae.compactMap { vertebra in vertebra.risk.map { assessment(vertebra, $0) } }
        let measured = report.vertebrae.flatMap { vertebra in
            (vertebra.morphometry?.measurements ?? []).filter(\.value.isFinite).map { observation(vertebra, $0) }
        }
        let entries = (risks + measured).enumerated().map { index, resource in
            var resource = resource
            resource["id"] = .text("\(job)-\(index + 1)")
            return JSONValue.object([
                "fullUrl": .text("urn:osteon:job:\(job):\(index + 1)"), "resource": .object(resource),
            ])
        }
        var bundle: [String: JSONValue] = [
            "resourceType": .text("Bundle"), "type": .text("collection"), "timestamp": .text(instant),
            "identifier": .object(["system": .text("urn:osteon:job"), "value": .text(job)]),
            "meta": .object(["security": .list([Self.research])]),
        ]
        // FHIR has no empty lists.
        if !entries.isEmpty { bundle["entry"] = .list(entries) }
        return .object(bundle)
    }

    private static let research: JSONValue = .object([
        "system": .text("http://terminology.hl7.org/CodeSystem/v3-ActReason"), "code": .text("HRESCH"),
    ])

    private var instant: String { Date.ISO8601FormatStyle().format(report.provenance.createdAt) }

    private func assessment(_ vertebra: VertebraReport, _ risk: RiskSection) -> [String: JSONValue] {
        var predictions = [
            estimate("Cement leakage of any kind, by published odds ratios", risk.any)
        ]
        predictions += simulated("Cement leakage of any kind", risk.anyRehearsal, risk.anyCombined)
        for type in risk.types {
            let words = "Cement leakage of type \(type.type) (\(type.definition))"
            predictions.append(estimate(words + ", by published odds ratios", type.estimate))
            predictions += simulated(words, type.rehearsal, type.combined)
        }
        var resource = common("RiskAssessment", vertebra, remarks: risk.limits)
        resource["occurrenceDateTime"] = .text(instant)
        resource["code"] = .object(["text": .text("Risk of cement leakage at \(vertebra.level.rawValue)")])
        resource["method"] = .object(["text": .text("Osteon, evidence model \(risk.model): \(risk.method)")])
        resource["prediction"] = .list(predictions)
        if let study = source.imagingStudy { resource["basis"] = .list([study]) }
        return resource
    }

    private func observation(_ vertebra: VertebraReport, _ measurement: Domain.Measurement) -> [String: JSONValue] {
        var quantity: [String: JSONValue] = ["value": .number(measurement.value)]
        if let code = UCUM.code(measurement.unit) {
            quantity["unit"] = .text(measurement.unit)
            quantity["system"] = .text("http://unitsofmeasure.org")
            quantity["code"] = .text(code)
        }
        let site = vertebra.level.snomedCode
        var resource = common("Observation", vertebra, remarks: [])
        resource["code"] = .object([
            "text": .text(measurement.name),
            "coding": .list([
                .object(["system": .text("urn:osteon:measurement"), "code": .text(measurement.name)])
            ]),
        ])
        resource["issued"] = .text(instant)
        resource["bodySite"] = .object([
            "text": .text(vertebra.level.rawValue),
            "coding": .list([
                .object([
                    "system": .text("http://snomed.info/sct"), "code": .text(site.value),
                    "display": .text(site.meaning),
                ])
            ]),
        ])
        resource["valueQuantity"] = .object(quantity)
        resource["method"] = .object(["text": .text(measurement.source)])
        resource["device"] = .object(["display": .text("Osteon \(report.provenance.version)")])
        if let study = source.imagingStudy { resource["derivedFrom"] = .list([study]) }
        return resource
    }

    /// What every resource has: status, subject, and what a reader must know of it.
    private func common(_ type: String, _ vertebra: VertebraReport, remarks: [String]) -> [String: JSONValue] {
        let found = vertebra.segmentation
        let review =
            found.verdict == "accepted" ? [] : ["The outline needs review: \(found.warnings.joined(separator: "; "))"]
        let notes = [report.disclaimer] + review + remarks
        return [
            "resourceType": .text(type), "status": .text("preliminary"), "subject": source.subject,
            "meta": .object(["security": .list([Self.research])]),
            "note": .list(notes.map { .object(["text": .text($0)]) }),
        ]
    }

    private func estimate(_ outcome: String, _ section: ProbabilitySection) -> JSONValue {
        var prediction = prediction(outcome, section.probability, section.interval95, "of the model's coefficients")
        let band: JSONValue = .object([
            "system": .text("http://terminology.hl7.org/CodeSystem/risk-probability"), "code": .text(section.band),
        ])
        prediction["qualitativeRisk"] = .object([
            "text": .text("\(section.band), relative to the published rate"), "coding": .list([band]),
        ])
        return .object(prediction)
    }

    /// That simulated shares are no rates among patients is in their names.
    private func simulated(
        _ words: String, _ rehearsal: SimulatedLeakageSection?, _ combined: CombinedLeakageSection?
    ) -> [JSONValue] {
        var predictions: [JSONValue] = []
        if let rehearsal {
            predictions.append(
                .object(
                    prediction(
                        "\(words): share of \(rehearsal.runs) simulated injections, not of patients",
                        rehearsal.simulatedProbability, rehearsal.interval95, "of chance in the number of runs")))
        }
        if let combined {
            predictions.append(
                .object(
                    prediction(
                        "\(words), odds ratios and simulation together (\(combined.agreement))", combined.probability,
                        combined.interval95, "of both")))
        }
        return predictions
    }

    private func prediction(
        _ outcome: String, _ probability: Double, _ interval: [Double], _ what: String
    ) -> [String: JSONValue] {
        [
            "outcome": .object(["text": .text(outcome)]), "probabilityDecimal": .number(probability),
            "rationale": .text(
                "95 % interval \(what): \(interval.map { String($0) }.joined(separator: " to ")). Compared with no patients."
            ),
        ]
    }
}
