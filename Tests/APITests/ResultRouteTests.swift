// Results are the stored bytes, when there are any.
import API
import Domain
import Foundation
import HTTP
import Store
import Testing

@Suite struct ResultRouteTests {
    let service: TestService
    let job: String

    init() throws {
        service = try TestService()
        job = try service.addJob()
    }

    private static let results = ["report", "risk", "leakage-map", "features", "segmentation"]

    private func finish() throws {
        let claimed = try #require(try service.store.jobs.claim(worker: "w", leaseSeconds: 60))
        let artifacts = Artifact.Name.allCases.map {
            Artifact(
                name: $0,
                mediaType: $0.rawValue.hasSuffix("json")
                    ? "application/json" : $0 == .featuresTable ? "text/csv" : "application/gzip",
                bytes: Array("the \($0.rawValue)".utf8))
        }
        try service.store.jobs.finish(claimed.lease, artifacts: artifacts)
    }

    @Test(arguments: results)
    func `before the job is done there is no result yet`(name: String) throws {
        let answer = try service.send("GET", "/v1/jobs/\(job)/\(name)")
        #expect(answer.status == 409)
        #expect(answer.headers["Retry-After"] != nil)
        #expect(try answer.problem().code == .resultNotReady)
    }

    @Test(arguments: results)
    func `a done job serves the stored bytes under their hash`(name: String) throws {
        try finish()
        let answer = try service.send("GET", "/v1/jobs/\(job)/\(name)")
        #expect(answer.status == 200)
        #expect(answer.text.hasPrefix("the \(name)."))
        #expect(answer.headers["ETag"]?.count == 66)
        let links = try service.send("GET", "/v1/jobs/\(job)").json["links"] as? [String: String]
        #expect(links?[name] == "/v1/jobs/\(job)/\(name)")
    }

    @Test func `a failed job says why it has no result`() throws {
        let claimed = try #require(try service.store.jobs.claim(worker: "w", leaseSeconds: 60))
        let fault = FaultRecord(code: .segmentationFailed, detail: "No body at L1.", fix: "Move the seed.")
        try service.store.jobs.fail(claimed.lease, fault, retryable: false)
        let answer = try service.send("GET", "/v1/jobs/\(job)/report")
        #expect(answer.status == 404)
        let problem = try answer.problem()
        #expect(problem.code == .resultNotFound)
        #expect(problem.jobFault == fault)
        #expect(problem.fix == "Move the seed.")
    }

    @Test(arguments: [
        ("*/*", "json"), ("text/csv", "csv"), ("text/*", "csv"), ("application/json;q=0.5, text/csv", "csv"),
        ("text/csv;q=0, */*", "json"), ("application/json, text/csv", "json"), ("TEXT/CSV", "csv"),
    ])
    func `features come in the form that is accepted`(accept: String, form: String) throws {
        try finish()
        let answer = try service.send("GET", "/v1/jobs/\(job)/features", headers: ["Accept": accept])
        #expect(answer.text == "the features.\(form)")
        #expect(answer.headers["Vary"] == "Accept")
    }

    @Test func `the segmentation comes by part`() throws {
        try finish()
        let texts = try ["", "?part=vertebra", "?part=body"].map {
            try service.send("GET", "/v1/jobs/\(job)/segmentation\($0)").text
        }
        #expect(texts == ["the segmentation.nii.gz", "the segmentation.nii.gz", "the bodies.nii.gz"])
        #expect(try service.send("GET", "/v1/jobs/\(job)/segmentation?part=disc").problem().subject == "part")
    }

    @Test func `the format parameter stands above Accept, and what cannot be had is not acceptable`() throws {
        try finish()
        let csv = try service.send(
            "GET", "/v1/jobs/\(job)/features?format=csv", headers: ["Accept": "application/json"])
        #expect(csv.headers["Content-Type"] == "text/csv")
        #expect(try service.send("GET", "/v1/jobs/\(job)/features?format=xml").problem().subject == "format")
        for name in ["features", "report", "segmentation"] {
            let answer = try service.send("GET", "/v1/jobs/\(job)/\(name)", headers: ["Accept": "image/png"])
            #expect(answer.status == 406)
            #expect(try answer.problem().code == .notAcceptable)
        }
    }
}
