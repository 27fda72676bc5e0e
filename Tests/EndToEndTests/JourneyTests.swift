// The main job, from upload to results, as a client sees it.
import Domain
import Foundation
import Testing

@Suite(.serialized) struct JourneyTests {
    private let server: RunningServer
    private let patient: Patient

    init() throws {
        server = try RunningServer()
        patient = try Patient.shared.get()
    }

    @Test func `a study with seeds becomes a report and its artifacts`() throws {
        let accepted = try server.client.send(
            "POST", "/v1/studies" + patient.query(3, radiomics: "ge2025"), body: patient.study)
        #expect(accepted.status == 202, "\(accepted.text)")
        let place = try #require(accepted["location"])
        #expect(accepted["retry-after"] != nil)
        let job = try server.waitForJob(place, ["done", "failed"])
        #expect(job["state"] as? String == "done", "\(job)")
        #expect(job["attempts"] as? Int == 1)

        let report = try server.client.send("GET", place + "/report").json
        #expect(report["schema"] as? String == "osteon.report/3")
        let vertebrae = report["vertebrae"] as? [[String: Any]] ?? []
        #expect(vertebrae.compactMap { $0["level"] as? String } == patient.levels.map(\.rawValue))
        let types = [
            "report": "application/json", "risk": "application/json", "leakage-map": "application/json",
            "features": "application/json", "features?format=csv": "text/csv", "segmentation": "application/gzip",
            "segmentation?part=body": "application/gzip", "risk-volume": "application/gzip",
        ]
        for (name, type) in types {
            let result = try server.client.send("GET", "\(place)/\(name)")
            #expect(result.status == 200, "\(name): \(result.text.prefix(300))")
            #expect(result["content-type"]?.hasPrefix(type) == true, "\(name)")
            #expect(!result.body.isEmpty)
            let tag = try #require(result["etag"])
            let again = try server.client.send("GET", "\(place)/\(name)", headers: ["If-None-Match": tag])
            #expect(again.status == 304 && again.body.isEmpty, "\(name)")
        }
    }

    @Test func `an uploaded label map is measured as it is`() throws {
        let study = try server.client.send("POST", "/v1/studies", body: patient.study)
        let place = try #require(study["location"])
        let mask = try server.client.send("POST", place + "/masks", body: patient.labels)
        #expect(mask.status == 201, "\(mask.text)")
        #expect(mask.json["labelValues"] as? [Int] == patient.levels.map { Int($0.labelValue) })
        let body: [String: Any] = [
            "study": study.json["id"] ?? "", "analysis": "digital-biopsy", "mask": mask.json["id"] ?? "",
            "targets": [["level": "L2", "label": Int(VertebralLevel.L2.labelValue)]],
            "parameters": ["rehearsalRuns": 0],
        ]
        let accepted = try server.client.send(
            "POST", "/v1/jobs", headers: ["Content-Type": "application/json"],
            body: JSONSerialization.data(withJSONObject: body))
        #expect(accepted.status == 202, "\(accepted.text)")
        let job = try server.waitForJob(try #require(accepted["location"]), ["done", "failed"])
        #expect(job["state"] as? String == "done", "\(job)")
    }

    @Test func `a running job is cancelled when asked, and leaves no result`() throws {
        let accepted = try server.client.send("POST", "/v1/studies" + patient.query(3), body: patient.study)
        let place = try #require(accepted["location"])
        let running = try server.waitForJob(place, ["running", "done", "failed"])
        try #require(running["state"] as? String == "running")
        #expect(try server.client.send("DELETE", place).status == 202)
        try server.waitForJob(place, ["cancelled"])
        try expectProblem(
            server.client.send("GET", place + "/report"), 404, [.resultNotFound], names: "report.json")
    }

    @Test func `events follow a job to its end`() throws {
        let accepted = try server.client.send("POST", "/v1/studies" + patient.query(1), body: patient.study)
        let place = try #require(accepted["location"])
        let reply = try server.client.send("GET", place + "/events")
        #expect(reply["content-type"] == "text/event-stream")
        let events = reply.text.components(separatedBy: "\n\n").filter { $0.hasPrefix("event: ") }
        let states = events.filter { $0.hasPrefix("event: state\n") }
        #expect(states.last?.contains(#""state":"done""#) == true, "\(states)")
        #expect(events.contains { $0.hasPrefix("event: progress\n") })
    }

    @Test func `the uploaded bytes come back whole and in ranges`() throws {
        let study = try server.client.send("POST", "/v1/studies", body: patient.study)
        let place = try #require(study["location"]) + "/content"
        #expect(try server.client.send("GET", place).body == patient.study)
        let part = try server.client.send("GET", place, headers: ["Range": "bytes=10-29"])
        #expect(part.status == 206)
        #expect(part.body == patient.study[10..<30])
        let behind = try server.client.send("GET", place, headers: ["Range": "bytes=999999999-"])
        try expectProblem(behind, 416, [.rangeNotSatisfiable], names: String(patient.study.count))
    }
}
