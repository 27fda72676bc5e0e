// What the access trail says of requests.
import API
import Domain
import Foundation
import HTTP
import Store
import Testing

@Suite struct TrailRouteTests {
    let keyed: KeyedService

    init() throws { keyed = try KeyedService(["a": [.upload, .read], "b": [.read], "auditor": [.audit]]) }

    private func entries() throws -> [TrailEntry] {
        try keyed.service.store.trail.list(limit: 200).reversed().map { try $0.entry() }
    }

    @Test func `who did what, and what came of it, refused or not`() throws {
        let study = try #require(try keyed.send("a", "POST", "/v1/studies", body: "study").json["id"] as? String)
        _ = try keyed.send("a", "GET", "/v1/studies/" + study)
        _ = try keyed.send("b", "GET", "/v1/studies/" + study, ["X-Request-Id": "mine"])
        _ = try keyed.send("b", "DELETE", "/v1/studies/" + study)
        _ = try keyed.send("nobody", "GET", "/v1/jobs")
        _ = try keyed.push("a", ["instance 9 1 1.1"])
        _ = try keyed.send("a", "GET", "/dicom-web/studies?PatientName=Miller&limit=1")
        _ = try keyed.send("a", "GET", "/nowhere")
        let entries = try entries()
        #expect(
            entries.map { [$0.key ?? "-", $0.operation ?? "-", "\($0.status)", $0.fault ?? "-"] } == [
                ["a", "createStudy", "201", "-"], ["a", "getStudy", "200", "-"],
                ["b", "getStudy", "404", "study-not-found"], ["b", "deleteStudy", "403", "scope-missing"],
                ["-", "listJobs", "401", "not-authenticated"], ["a", "storeInstances", "200", "-"],
                ["a", "searchStudies", "200", "-"], ["a", "-", "404", "route-not-found"],
            ])
        #expect(entries[0].made == ["/v1/studies/" + study] && entries[5].made == ["/v1/arrivals/9"])
        #expect(entries[2].named == ["studyID": study] && entries[2].request == "mine")
        #expect(entries.allSatisfy { $0.from == "127.0.0.1" })
        var text = ""
        try keyed.service.store.trail.walk { text += $0.content }
        #expect(!text.contains("Miller"))
    }

    @Test func `probes are not written down, unless they are refused`() throws {
        for path in ["/healthz", "/readyz", "/openapi.yaml"] { _ = try keyed.service.send("GET", path) }
        _ = try keyed.send("b", "GET", "/metrics")
        #expect(try entries().isEmpty)
        _ = try keyed.service.send("GET", "/metrics")
        #expect(try entries().map(\.status) == [401])
    }

    @Test func `auditors read it as FHIR, page by page, and are written down themselves`() throws {
        for _ in 0..<3 { _ = try keyed.send("a", "GET", "/v1/jobs") }
        _ = try keyed.send("b", "GET", "/v1/studies/none")
        #expect(try keyed.send("a", "GET", "/v1/access-log").status == 403)
        let first = try keyed.send("auditor", "GET", "/v1/access-log?limit=2")
        #expect(first.headers["Content-Type"] == "application/fhir+json")
        #expect(first.json["resourceType"] as? String == "Bundle")
        let events = try #require(first.json["entry"] as? [[String: Any]]).compactMap {
            $0["resource"] as? [String: Any]
        }
        #expect(events.map { $0["id"] as? String } == ["5", "4"])
        #expect(events.map { $0["outcomeDesc"] as? String } == ["403 scope-missing", "404 study-not-found"])
        #expect(events.map { $0["outcome"] as? String } == ["4", "4"])
        let agent = (events[1]["agent"] as? [[String: Any]])?.first
        #expect(((agent?["who"] as? [String: Any])?["identifier"] as? [String: Any])?["value"] as? String == "b")
        let link = try #require(first.json["link"] as? [[String: String]]).first { $0["relation"] == "next" }
        let next = try keyed.send("auditor", "GET", try #require(link?["url"]))
        #expect(
            (next.json["entry"] as? [[String: Any]])?.map { $0["fullUrl"] as? String } == [
                "urn:osteon:trail:3", "urn:osteon:trail:2",
            ])
        let own = try keyed.send("auditor", "GET", "/v1/access-log?key=auditor")
        #expect((own.json["entry"] as? [Any])?.count == 2)
        for wrong in ["key=a%20b", "after=x", "after=9007199254740992", "from=soon"] {
            #expect(try keyed.send("auditor", "GET", "/v1/access-log?" + wrong).status == 400, "\(wrong)")
        }
    }

    @Test func `without a trail there is no answer`() throws {
        let study = try #require(try keyed.send("a", "POST", "/v1/studies", body: "study").json["id"] as? String)
        try keyed.service.blockTrail()
        let answer = try keyed.send("a", "GET", "/v1/studies/" + study)
        #expect(answer.status == 500)
        #expect(try answer.problem().code == .internalFault)
        #expect(try keyed.service.send("GET", "/healthz").status == 200)
    }
}
