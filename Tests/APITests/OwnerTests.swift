// Whose things are whose.
import API
import Domain
import Foundation
import GRDB
import HTTP
import Store
import Testing

@Suite struct OwnerTests {
    let keyed: KeyedService

    init() throws { keyed = try KeyedService() }

    private func addStudy(_ key: String) throws -> String {
        try #require(try keyed.send(key, "POST", "/v1/studies", body: "study").json["id"] as? String)
    }

    private func addJob(_ key: String) throws -> String {
        try #require(try keyed.send(key, "POST", "/v1/studies?" + wish, body: "study").json["id"] as? String)
    }

    private static let csv: HTTPHeaders = ["Content-Type": "text/csv"]
    private static let table = "first,second\n1,2\n2,3\n3,5\n4,4\n"

    private func addAudit(_ key: String) throws -> String {
        let answer = try keyed.send(key, "POST", "/v1/audits/bland-altman", Self.csv, body: Self.table)
        return try #require(answer.json["id"] as? String, "\(answer.text)")
    }

    @Test func `another owner's thing is answered as one that is not there, on every route that names one`() throws {
        let job = try addJob("a")
        let study = try #require(
            (try keyed.send("a", "GET", "/v1/jobs/\(job)").json["request"] as? [String: Any])?["study"] as? String)
        let audit = try addAudit("a")
        #expect(try keyed.push("a", ["instance 9 1 1.1"]).status == 200)
        let (ids, absent) = (
            ["studyID": study, "jobID": job, "auditID": audit, "studyUID": "9", "seriesUID": "1", "sopUID": "1.1"],
            "0199d3a0-8f00-7000-9a3b-5c2d1e0f4a6b"
        )
        let gone = ids.mapValues { $0.contains("-") ? absent : "8" }
        let filtered: [RouteName] = [.searchStudySeries, .searchStudyInstances, .searchSeriesInstances]
        func target(_ route: RouteName, _ ids: [String: String]) -> String {
            route.path.replacing(/\{(\w+)\}/) { ids[String($0.1)] ?? absent }
        }
        for route in RouteName.allCases where route.path.contains("{") && route != .storeStudyInstances {
            let foreign = try keyed.send("b", route.method, target(route, ids))
            let none = try keyed.send("b", route.method, target(route, gone))
            #expect(foreign.status == (filtered.contains(route) ? 200 : 404), "\(route): \(foreign.text)")
            #expect(foreign.status == none.status, "\(route)")
            if filtered.contains(route) {
                #expect(foreign.text == "[]", "\(route)")
            } else {
                #expect(try foreign.problem().code == none.problem().code, "\(route)")
            }
        }
        // Nothing of it was done.
        for place in ["studies/\(study)", "jobs/\(job)", "audits/\(audit)", "arrivals/9"] {
            for key in ["a", "boss"] { #expect(try keyed.send(key, "GET", "/v1/" + place).status == 200, "\(place)") }
        }
    }

    @Test func `lists and searches hold the caller's own, an admin's everything`() throws {
        let (one, other) = (try addJob("a"), try addJob("b"))
        let (first, second) = (try addAudit("a"), try addAudit("b"))
        _ = try keyed.push("a", ["instance 1 1 1"])
        _ = try keyed.push("b", ["instance 2 1 1"])
        #expect(try keyed.send("a", "GET", "/v1/jobs").ids == [one])
        #expect(try keyed.send("b", "GET", "/v1/jobs").ids == [other])
        #expect(try Set(keyed.send("boss", "GET", "/v1/jobs").ids) == [one, other])
        #expect(try keyed.send("a", "GET", "/v1/studies").ids.count == 1)
        #expect(try keyed.send("boss", "GET", "/v1/studies").ids.count == 2)
        #expect(try keyed.send("a", "GET", "/v1/audits").ids == [first])
        #expect(try keyed.send("b", "GET", "/v1/audits").ids == [second])
        for (path, count) in [("studies", 1), ("series", 1), ("instances", 1)] {
            let found = try JSONSerialization.jsonObject(
                with: Data(keyed.send("a", "GET", "/dicom-web/" + path).body))
            #expect((found as? [Any])?.count == count, "\(path)")
            let all = try JSONSerialization.jsonObject(
                with: Data(keyed.send("boss", "GET", "/dicom-web/" + path).body))
            #expect((all as? [Any])?.count == 2, "\(path)")
        }
    }

    @Test func `a job on another owner's study is refused as one on none`() throws {
        let study = try addStudy("a")
        let body = #"{"study":"\#(study)","analysis":"digital-biopsy","targets":[{"level":"L1","seedLPSMM":[1,2,3]}]}"#
        let refused = try keyed.send("b", "POST", "/v1/jobs", body: body)
        #expect(try refused.problem().code == .studyNotFound)
        #expect(try keyed.send("a", "POST", "/v1/jobs", body: body).status == 202)
        // An admin's job on it belongs with it.
        let job = try #require(try keyed.send("boss", "POST", "/v1/jobs", body: body).json["id"] as? String)
        #expect(try keyed.send("a", "GET", "/v1/jobs/" + job).status == 200)
    }

    @Test func `objects cannot be added to another owner's study`() throws {
        #expect(try keyed.push("a", ["instance 9 1 1.1"]).status == 200)
        for path in ["/dicom-web/studies", "/dicom-web/studies/9"] {
            let refused = try keyed.push("b", ["instance 9 1 1.2"], at: path)
            #expect(refused.status == 403)
            #expect(try refused.problem().code == .ownerDiffers)
        }
        #expect(keyed.service.keptFiles().count == 1)
        #expect(try keyed.push("boss", ["instance 9 1 1.3"]).status == 200)
        #expect(try keyed.send("a", "GET", "/v1/arrivals/9").status == 200)
    }

    @Test func `two owners may choose the same idempotency key`() throws {
        let key: HTTPHeaders = ["Idempotency-Key": "one"]
        func post(_ caller: String) throws -> String? {
            try keyed.send(caller, "POST", "/v1/studies?" + wish, key, body: "study").json["id"] as? String
        }
        let (first, second) = (try post("a"), try post("b"))
        #expect(first != nil && second != nil && first != second)
        #expect(try post("a") == first)
    }

    @Test func `what was made before there were keys is the admins' alone`() throws {
        let service = try TestService()
        let study = try service.store.studies.insert(.fake, blob: service.upload("study")).study.id
        var fields: [String: HTTPHeaders] = [:]
        for (name, scope) in [("a", AccessScope.read), ("boss", .admin)] {
            let secret = try service.store.keys.add(KeyDraft(name: name, scopes: [scope]))
            fields[name] = ["Authorization": "Bearer \(secret.text)"]
        }
        #expect(try service.send("GET", "/v1/studies/" + study, headers: fields["a"] ?? [:]).status == 404)
        #expect(try service.send("GET", "/v1/studies/" + study, headers: fields["boss"] ?? [:]).status == 200)
    }
}

extension TestService {
    /// Leaves the access trail without its table, as a disk that fails would.
    func blockTrail() throws {
        let queue = try DatabaseQueue(path: folder.appendingPathComponent("trail.sqlite").path)
        try queue.write { try $0.execute(sql: "DROP TABLE entry") }
    }

    /// Bytes as if they had been uploaded.
    func upload(_ text: String) throws -> IncomingBlob {
        let blob = try store.blobs.receive()
        try blob.write(Array(text.utf8))
        return blob
    }
}
