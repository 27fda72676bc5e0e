// Outcomes: told, corrected, shown, erased; and everything that is refused.
import API
import Domain
import Foundation
import HTTP
import Store
import Testing

@Suite struct OutcomeRouteTests {
    let service: TestService
    let job: String
    let place: String

    init() throws {
        service = try TestService()
        job = try service.addFinishedJob(anteriorHeightMM: 25)
        place = "/v1/jobs/\(job)/outcome"
    }

    private func tell(_ body: String, _ headers: HTTPHeaders = [:], at other: String? = nil) throws -> Answer {
        var fields = headers
        fields["Content-Type"] = "application/json"
        return try service.send("POST", other ?? place, headers: fields, body: body)
    }

    @Test func `an outcome is kept with what the report predicted, and found under its own tag`() throws {
        let answer = try tell(OutcomeBody.leak())
        #expect(answer.status == 201, "\(answer.text)")
        #expect(answer.headers["Location"] == place + "?level=L1&version=1")
        #expect(answer.json["version"] as? Int == 1 && answer.json["job"] as? String == job)
        let outcome = try #require(answer.json["outcome"] as? [String: Any])
        #expect(outcome["injectedVolumeML"] as? Double == 4.5 && outcome["leaked"] as? Bool == true)
        #expect(outcome["observedAt"] as? String == "2026-01-31T00:00:00.000Z")
        let prediction = try #require(answer.json["prediction"] as? [String: Any])
        let evidence = try #require(prediction["evidence"] as? [String: Any])
        #expect(evidence["any"] as? Double == 0.4)
        let report = try service.send("GET", "/v1/jobs/\(job)/report").headers["ETag"]
        #expect(report == (prediction["reportSHA256"] as? String).map { "\"\($0)\"" })

        for query in ["?level=L1", "?level=L1&version=1"] {
            let found = try service.send("GET", place + query)
            #expect(found.body == answer.body && found.headers["ETag"] == answer.headers["ETag"])
        }
        let list = try service.send("GET", place)
        #expect((list.json["items"] as? [[String: Any]])?.count == 1)
    }

    @Test func `a correction is a new version with its reason, and the old one stays`() throws {
        let first = try tell(OutcomeBody.leak())
        let bare = try tell(OutcomeBody.none())
        #expect(bare.status == 409)
        #expect(try bare.problem().code == .outcomeExists)
        let second = try tell(OutcomeBody.none(more: #","reason":"artefact","reportedBy":"reader-3""#))
        #expect(second.status == 201, "\(second.text)")
        #expect(second.json["version"] as? Int == 2 && second.json["reason"] as? String == "artefact")
        #expect(second.headers["Location"] == place + "?level=L1&version=2")
        let history = try #require(second.json["history"] as? [[String: Any]])
        #expect(history.map { $0["version"] as? Int } == [2, 1])
        #expect(history.map { $0["reportedBy"] as? String } == ["reader-3", "reader-2"])
        let old = try service.send("GET", place + "?level=L1&version=1")
        #expect((old.json["outcome"] as? [String: Any])?["leaked"] as? Bool == true)
        #expect((old.json["prediction"] as? NSDictionary) == (first.json["prediction"] as? NSDictionary))
        #expect(try service.send("GET", place + "?level=L1&version=3").problem().code == .outcomeNotFound)
    }

    @Test func `a job that is not there is not found, whatever If-Match says`() throws {
        for tag in ["*", "\"1\"", "1"] {
            let answer = try service.send(
                "POST", "/v1/jobs/nothing/outcome", headers: ["If-Match": tag], body: OutcomeBody.leak())
            #expect(try answer.problem().code == .jobNotFound, "\(tag)")
        }
    }

    @Test func `If-Match keeps a correction from overwriting another`() throws {
        #expect(try tell(OutcomeBody.leak(), ["If-Match": "2"]).problem().subject == "If-Match")
        let early = try tell(OutcomeBody.leak(), ["If-Match": "*"])
        #expect(early.status == 412)
        let tag = try #require(try tell(OutcomeBody.leak()).headers["ETag"])
        let body = OutcomeBody.none(more: #","reason":"read again""#)
        let second = try tell(body, ["If-Match": "\"feed\", \(tag)", "Idempotency-Key": "k"])
        #expect(second.status == 201, "\(second.text)")
        let late = try tell(OutcomeBody.leak(more: #","reason":"no, it did leak""#), ["If-Match": tag])
        #expect(late.status == 412)
        let problem = try late.problem()
        #expect(problem.code == .preconditionFailed && problem.detail.contains("version 2"))
        // The answer to the correction was lost: sent again, it is the same version.
        let repeated = try tell(body, ["If-Match": tag, "Idempotency-Key": "k"])
        #expect(repeated.status == 201 && repeated.body == second.body)
        #expect(try tell(OutcomeBody.leak(more: #","reason":"x""#), ["If-Match": "*"]).json["version"] as? Int == 3)
    }

    @Test func `the same key and request is one version, another request with it is refused`() throws {
        let first = try tell(OutcomeBody.leak(), ["Idempotency-Key": "k"])
        #expect(try tell(OutcomeBody.leak(), ["Idempotency-Key": "k"]).body == first.body)
        let other = try tell(OutcomeBody.none(), ["Idempotency-Key": "k"])
        #expect(other.status == 409)
        #expect(try other.problem().code == .idempotencyConflict)
    }

    @Test func `outcomes stay when their study is deleted, and can be corrected and erased`() throws {
        let first = try tell(OutcomeBody.leak())
        let study = try #require(try service.store.jobs.find(job)).request.study
        #expect(try service.send("DELETE", "/v1/studies/\(study)").status == 204)
        #expect(try service.send("GET", "/v1/jobs/\(job)").status == 404)
        #expect(try service.send("GET", place + "?level=L1").body == first.body)
        let late = try tell(OutcomeBody.leak(more: #","clinicalConsequence":"pain","reason":"three months on""#))
        #expect(late.status == 201, "\(late.text)")
        #expect(try tell(OutcomeBody.leak(level: "L2")).problem().code == .jobNotFound)
        #expect(try service.send("DELETE", place).status == 204)
        #expect(try service.send("GET", place).problem().code == .jobNotFound)
        #expect(try service.send("DELETE", place).problem().code == .outcomeNotFound)
    }

    @Test func `a job that is not done, failed or never was has no outcome`() throws {
        let waiting = try service.addJob()
        let early = try tell(OutcomeBody.leak(), at: "/v1/jobs/\(waiting)/outcome")
        #expect(early.status == 409)
        #expect(try early.problem().code == .resultNotReady)
        let claimed = try #require(try service.store.jobs.claim(worker: "w", leaseSeconds: 60))
        let fault = FaultRecord(code: .segmentationFailed, detail: "No body at L1.", fix: "Move the seed.")
        try service.store.jobs.fail(claimed.lease, fault, retryable: false)
        #expect(try tell(OutcomeBody.leak(), at: "/v1/jobs/\(waiting)/outcome").problem().code == .resultNotFound)
        #expect(try tell(OutcomeBody.leak(), at: "/v1/jobs/none/outcome").problem().code == .jobNotFound)
        #expect(try service.send("GET", place).problem().code == .outcomeNotFound)
        #expect(try service.send("GET", "/v1/jobs/none/outcome?level=L1").problem().code == .jobNotFound)
        #expect(try service.send("GET", place + "?version=1").problem().subject == "level")
        #expect(try service.send("GET", place + "?level=L1&version=0").problem().subject == "version")
    }

    private static let wrong: [(body: String, code: FaultCode, subject: String)] = [
        (OutcomeBody.leak(level: "L7"), .levelUnknown, "level"),
        (OutcomeBody.leak(level: "T5"), .outcomeInvalid, "level"),
        (OutcomeBody.none(more: #","leaks":[{"type":"II"}]"#), .outcomeInvalid, "leaks"),
        (OutcomeBody.none(volume: "-1"), .outcomeInvalid, "injectedVolumeML"),
        (OutcomeBody.none(volume: "0"), .outcomeInvalid, "injectedVolumeML"),
        (OutcomeBody.none(volume: "300"), .outcomeInvalid, "injectedVolumeML"),
        (OutcomeBody.none(volume: "\"4\""), .requestMalformed, "injectedVolumeML"),
        (OutcomeBody.none(date: "2999-01-01"), .outcomeInvalid, "observedAt"),
        (OutcomeBody.none(date: "1970-01-01"), .outcomeInvalid, "observedAt"),
        (OutcomeBody.none(date: "last week"), .requestMalformed, "observedAt"),
        (OutcomeBody.none(more: #","approach":"top""#), .requestMalformed, "approach"),
        (OutcomeBody.none(more: #","colour":"red""#), .requestMalformed, "colour"),
        (OutcomeBody.none(more: #","reportedBy":"Jane Doe""#), .outcomeInvalid, "reportedBy"),
        (OutcomeBody.none(more: #","note":"born 12.03.1950""#), .outcomeInvalid, "note"),
        (OutcomeBody.none(more: #","note":"patient 12345678""#), .outcomeInvalid, "note"),
        (OutcomeBody.none(more: #","note":"DOE^JANE""#), .outcomeInvalid, "note"),
        (OutcomeBody.none(more: #","reason":"mail a@b.org""#), .outcomeInvalid, "reason"),
        (OutcomeBody.leaks(#"{"type":"V"}"#), .requestMalformed, "leaks[0].type"),
        (OutcomeBody.leaks(#"{"exit":"anterior"}"#), .requestMalformed, "leaks[0].type"),
        (OutcomeBody.leaks(#"{"type":"III","exit":"posterior"}"#), .outcomeInvalid, "leaks[0].exit"),
        (
            OutcomeBody.leaks(#"{"type":"II","exit":"leftLateral","quadrant":"AR"}"#), .outcomeInvalid,
            "leaks[0].quadrant"
        ),
        (OutcomeBody.leaks(#"{"type":"II","quadrant":"XL"}"#), .requestMalformed, "leaks[0].quadrant"),
        (OutcomeBody.leaks(#"{"type":"II","volumeML":-0.1}"#), .outcomeInvalid, "leaks[0].volumeML"),
        (OutcomeBody.leaks(#"{"type":"II","volumeML":3},{"type":"I","volumeML":3}"#), .outcomeInvalid, "leaks"),
        (OutcomeBody.leaks((0..<25).map { _ in #"{"type":"II"}"# }.joined(separator: ",")), .outcomeInvalid, "leaks"),
    ]

    @Test(arguments: wrong)
    func `what cannot be so is refused by its field, and nothing is kept`(
        body: String, code: FaultCode, subject: String
    ) throws {
        let problem = try tell(body).problem()
        #expect(problem.code == code && problem.subject == subject, "\(problem)")
        for word in ["DOE", "Jane", "1950", "12345678", "a@b.org"] { #expect(!problem.detail.contains(word)) }
        #expect(try service.store.outcomes.versions(job: job).isEmpty)
    }

    @Test(arguments: ["level", "leaked", "injectedVolumeML", "procedure", "ascertainment", "observedAt"])
    func `a field that is needed and missing is named`(field: String) throws {
        var members = try #require(
            try JSONSerialization.jsonObject(with: Data(OutcomeBody.none().utf8)) as? [String: Any])
        members[field] = nil
        let body = String(decoding: try JSONSerialization.data(withJSONObject: members), as: UTF8.self)
        #expect(try tell(body).problem().subject == field)
    }

    @Test func `the examples of openapi.yaml are taken as they stand`() throws {
        let specification = try Specification()
        let body = String(decoding: try specification.example("OutcomeWithLeak"), as: UTF8.self)
        let answer = try tell(body)
        #expect(answer.status == 201, "\(answer.text)")
        let none = String(decoding: try specification.example("OutcomeWithoutLeak"), as: UTF8.self)
        // Well formed; the job has no L2.
        #expect(try tell(none).problem().subject == "level")
    }
}

/// Bodies of `POST …/outcome`.
enum OutcomeBody {
    static func leak(level: String = "L1", more: String = "") -> String {
        #"""
        {"level":"\#(level)","leaked":true,"leaks":[{"type":"III","exit":"superiorEndplate","quadrant":"AL",\#
        "volumeML":0.3}],"injectedVolumeML":4.5,"procedure":"PVP","approach":"bilateral","cement":"Simplex P",\#
        "ascertainment":"CT","observedAt":"2026-01-31","reportedBy":"reader-2"\#(more)}
        """#
    }

    static func none(volume: String = "4.5", date: String = "2026-01-31", more: String = "") -> String {
        #"""
        {"level":"L1","leaked":false,"injectedVolumeML":\#(volume),"procedure":"PVP","ascertainment":"CT",\#
        "observedAt":"\#(date)"\#(more)}
        """#
    }

    static func leaks(_ entries: String) -> String {
        #"""
        {"level":"L1","leaked":true,"leaks":[\#(entries)],"injectedVolumeML":4.5,"procedure":"PVP",\#
        "ascertainment":"CT","observedAt":"2026-01-31"}
        """#
    }
}
