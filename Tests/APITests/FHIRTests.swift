// Results in FHIR R4.
import API
import Domain
import Foundation
import HTTP
import Store
import Testing

@Suite struct FHIRTests {
    let service: TestService

    init() throws { service = try TestService() }

    private func report() -> Report {
        let axes = FrameAxes(rightToLeft: [1, 0, 0], posteriorToAnterior: [0, 1, 0], caudalToCranial: [0, 0, 1])
        var vertebra = VertebraReport(
            level: .L1,
            segmentation: SegmentationSection(
                origin: "seeded", levelNamedBy: "request", labelValue: 20, isWhole: true, bodyVolumeML: 1,
                vertebraVolumeML: 2, bodyCentreLPSMM: [0, 0, 0], frame: axes, verdict: "needs-review",
                warnings: ["small"]))
        vertebra.morphometry = MorphometrySection(
            measurements: [Measurement(name: "wedgeAngle", value: 12.5, unit: "degrees", source: "a paper")],
            fracture: nil, cortex: nil)
        let estimate = ProbabilitySection(
            probability: 0.25, interval95: [0.125, 0.5], band: "moderate", baseline: 0.2, contributions: [])
        var risk = RiskSection(
            model: "m1", method: "odds ratios",
            baseline: BaselineSection(procedure: "PVP", ascertainment: "CT", probability: 0.2, source: "a paper"),
            any: estimate, types: [], shrinkage: 1, draws: 10, seed: 1, limits: ["a limit"])
        risk.anyRehearsal = SimulatedLeakageSection(
            simulatedProbability: 0.5, interval95: [0.25, 0.75], leakingRuns: 4, runs: 8)
        vertebra.risk = risk
        return Report(
            analysis: AnalysisName(name: "digital-biopsy", version: "1"),
            study: StudyReference(id: "s", inputSHA256: "", series: "1", modality: "CT"),
            image: ImageFacts(sizeVoxels: [5, 4, 3], spacingMM: [1, 1, 2], sliceThicknessMM: nil, warnings: []),
            standardisation: [], radiomics: nil, vertebrae: [vertebra], omissions: [],
            provenance: Provenance(
                software: "osteon", version: "0", settings: [:], models: [], createdAt: Date(timeIntervalSince1970: 0),
                timingsMS: []))
    }

    private func finish(_ artifacts: [Artifact]) throws -> String {
        let job = try service.addJob()
        let claim = try #require(try service.store.jobs.claim(worker: "test", leaseSeconds: 60))
        try service.store.jobs.finish(claim.lease, artifacts: artifacts)
        return job
    }

    private func stored() throws -> Artifact {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        return Artifact(name: .report, mediaType: "application/json", bytes: Array(try encoder.encode(report())))
    }

    @Test func `a report becomes a bundle of preliminary resources that say what they are not`() throws {
        let object = Artifact(
            name: .reportObject, mediaType: "application/dicom", bytes: Array("instance 9 1 1.1".utf8))
        let job = try finish([try stored(), object])
        let answer = try service.send("GET", "/v1/jobs/\(job)/fhir")
        #expect(answer.status == 200 && answer.headers["Content-Type"] == "application/fhir+json")
        let resources = (answer.json["entry"] as? [[String: Any]] ?? []).compactMap { $0["resource"] as? [String: Any] }
        #expect(resources.compactMap { $0["resourceType"] as? String } == ["RiskAssessment", "Observation"])
        for resource in resources {
            #expect(resource["status"] as? String == "preliminary")
            let notes = (resource["note"] as? [[String: String]] ?? []).compactMap { $0["text"] }
            #expect(notes.first == Report.disclaimerText && notes[1] == "The outline needs review: small")
        }
        let predictions = try #require(resources[0]["prediction"] as? [[String: Any]])
        #expect(predictions.compactMap { $0["probabilityDecimal"] as? Double } == [0.25, 0.5])
        let second = (predictions[1]["outcome"] as? [String: String])?["text"]
        #expect(second == "Cement leakage of any kind: share of 8 simulated injections, not of patients")
        let quantity = try #require(resources[1]["valueQuantity"] as? [String: Any])
        #expect(quantity["value"] as? Double == 12.5 && quantity["code"] as? String == "deg")
        #expect(answer.text.contains("urn:oid:9") && answer.text.contains("66794005"))
    }

    @Test func `images that are no DICOM have no imaging study, and a job that runs has no bundle`() throws {
        let job = try finish([try stored()])
        let answer = try service.send("GET", "/v1/jobs/\(job)/fhir")
        #expect(answer.status == 200 && !answer.text.contains("urn:dicom:uid"))
        let waiting = try service.addJob()
        #expect(try service.send("GET", "/v1/jobs/\(waiting)/fhir").problem().code == .resultNotReady)
        #expect(
            try service.send("GET", "/v1/jobs/\(job)/fhir", headers: ["Accept": "application/fhir+xml"]).status == 406)
    }
}
