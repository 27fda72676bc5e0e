// Jobs over their life, and requests that are refused before one exists.
import API
import Domain
import Foundation
import HTTP
import Store
import Testing

@Suite struct JobRouteTests {
    let service: TestService
    let study: String

    init() throws {
        service = try TestService()
        study = try service.addStudy()
    }

    private func post(_ json: String, headers: HTTPHeaders = ["Content-Type": "application/json"]) throws -> Answer {
        try service.send("POST", "/v1/jobs", headers: headers, body: json.replacing("STUDY", with: study))
    }

    private let seed = #"{"study":"STUDY","analysis":"digital-biopsy","targets":[{"level":"L1","seedLPSMM":[1,2,3]}]}"#

    @Test func `a request becomes a queued job that can be asked for`() throws {
        let answer = try post(seed)
        #expect(answer.status == 202)
        let place = try #require(answer.headers["Location"])
        let shown = try service.send("GET", place)
        #expect(shown.json["state"] as? String == "queued")
        #expect(shown.headers["Retry-After"] != nil)
        #expect(shown.headers["ETag"] != nil)
        #expect(shown.body == answer.body)
    }

    @Test func `the same key makes one job`() throws {
        let headers: HTTPHeaders = ["Content-Type": "application/json", "Idempotency-Key": "a-1"]
        let first = try post(seed, headers: headers)
        #expect(try post(seed, headers: headers).body == first.body)
        let other = try post(seed.replacing("[1,2,3]", with: "[1,2,4]"), headers: headers)
        #expect(try other.problem().code == .idempotencyConflict)
        #expect(other.status == 409)
        let odd = try post(seed, headers: ["Idempotency-Key": "two words"])
        #expect(try odd.problem().subject == "Idempotency-Key")
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}")])
    func `a body that nests without end is refused before it is read`(opening: String, closing: String) throws {
        for depth in [33, 200, 20_000] {
            let value = String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
            let problem = try post(value).problem()
            #expect(problem.code == .requestMalformed)
            #expect(problem.detail.contains("32"))
        }
        let shallow = #"{"study":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"{{{{"}"#
        #expect(try post(shallow).problem().subject == "analysis")
    }

    private static let refused: [(json: String, code: FaultCode, subject: String?)] = [
        ("", .requestMalformed, nil),
        ("{", .requestMalformed, nil),
        ("[]", .requestMalformed, nil),
        (#"{"study":"STUDY"}"#, .requestMalformed, "analysis"),
        (#"{"study":1,"analysis":"a","targets":[]}"#, .requestMalformed, "study"),
        (#"{"study":"STUDY","analysis":"a","targets":[],"tragets":1}"#, .requestMalformed, "tragets"),
        (#"{"study":"STUDY","analysis":"a","targets":[]}"#, .analysisUnknown, "analysis"),
        (#"{"study":"STUDY","analysis":"digital-biopsy","targets":[]}"#, .targetMissing, "targets"),
        (#"{"study":"STUDY","analysis":"digital-biopsy"}"#, .targetMissing, "targets"),
        (
            #"{"study":"STUDY","analysis":"segment","targets":[{"level":"L1","seedLPSMM":[1,2,3]}]}"#,
            .requestMalformed, "targets"
        ),
        (#"{"study":"STUDY","analysis":"a","targets":[{"level":"L1"}]}"#, .requestMalformed, "targets[0]"),
        (#"{"study":"STUDY","analysis":"a","targets":[{"level":"L7","label":1}]}"#, .levelUnknown, "targets[0].level"),
        (
            #"{"study":"STUDY","analysis":"a","targets":[{"level":"L1","seedLPSMM":[1,"2",3]}]}"#, .requestMalformed,
            "targets[0].seedLPSMM[1]"
        ),
        (
            #"{"study":"STUDY","analysis":"a","targets":[{"level":"L1","seedLPSMM":[1,2]}]}"#, .requestMalformed,
            "targets[0].seedLPSMM"
        ),
        (
            #"{"study":"STUDY","analysis":"a","targets":[{"level":"L1","label":1.5}]}"#, .requestMalformed,
            "targets[0].label"
        ),
        (#"{"study":"STUDY","analysis":"a","targets":[{"level":"L1","label":1}]}"#, .maskLabelAbsent, "targets[0]"),
        (
            #"{"study":"STUDY","analysis":"a","targets":[{"level":"L1","seedLPSMM":[1,2,3]}]}"#, .analysisUnknown,
            "analysis"
        ),
        (
            #"{"study":"none","analysis":"digital-biopsy","targets":[{"level":"L1","seedLPSMM":[1,2,3]}]}"#,
            .studyNotFound, "study"
        ),
        (
            #"{"study":"STUDY","analysis":"digital-biopsy","mask":"x","targets":[{"level":"L1","label":20}]}"#,
            .maskNotFound, "mask"
        ),
        (
            #"{"study":"STUDY","analysis":"digital-biopsy","targets":[{"level":"L1","seedLPSMM":[1,2,3]},{"level":"L1","seedLPSMM":[4,5,6]}]}"#,
            .targetDuplicated, "targets[1]"
        ),
        (
            #"{"study":"STUDY","analysis":"digital-biopsy","targets":[{"level":"L1","seedLPSMM":[1,2,3]}],"parameters":{"speed":1}}"#,
            .parameterInvalid, "speed"
        ),
        (
            #"{"study":"STUDY","analysis":"digital-biopsy","targets":[{"level":"L1","seedLPSMM":[1,2,3]}],"parameters":{"radiomics":{"setting":{"binWidth":[1,null]}}}}"#,
            .parameterInvalid, "radiomics"
        ),
        (
            #"{"study":"STUDY","analysis":"digital-biopsy","targets":[{"level":"L1","seedLPSMM":[1,2,3]}],"parameters":[1]}"#,
            .requestMalformed, "parameters"
        ),
    ]

    @Test(arguments: refused.indices)
    func `a refused request names the field at fault`(index: Int) throws {
        let (json, code, subject) = Self.refused[index]
        let problem = try post(json).problem()
        #expect(problem.code == code)
        #expect(problem.subject == subject)
        #expect(try service.store.jobs.list(limit: 1).isEmpty)
    }

    @Test func `an unknown level is answered with the levels that there are`() throws {
        let fix = try post(seed.replacing("L1", with: "L7")).problem().fix
        for level in VertebralLevel.allCases { #expect(fix.contains(level.rawValue)) }
    }

    @Test func `another media type is refused`() throws {
        let answer = try post(seed, headers: ["Content-Type": "application/x-www-form-urlencoded"])
        #expect(answer.status == 415)
        #expect(try answer.problem().fix.contains("application/json"))
        #expect(try post(seed, headers: ["Content-Type": "application/json; charset=utf-8"]).status == 202)
    }

    @Test func `a list comes in pages, newest first, and by state`() throws {
        let jobs = try (0..<5).map { _ in try service.addJob() }.reversed()
        let first = try service.send("GET", "/v1/jobs?limit=2&state=queued")
        let next = try #require(first.json["next"] as? String)
        #expect(first.headers["Link"] == "</v1/jobs?limit=2&state=queued&after=\(next)>; rel=\"next\"")
        let second = try service.send("GET", "/v1/jobs?limit=2&after=\(next)")
        let last = try service.send("GET", "/v1/jobs?limit=2&after=\(second.json["next"] as? String ?? "")")
        #expect(first.ids + second.ids + last.ids == Array(jobs))
        #expect(last.json["next"] == nil)
        #expect(try service.send("GET", "/v1/jobs?state=done").ids == [])
        #expect(try service.send("GET", "/v1/jobs?state=asleep").problem().subject == "state")
        #expect(try service.send("GET", "/v1/jobs?limit=0").problem().subject == "limit")
        #expect(try service.send("GET", "/v1/jobs?after=0.5").problem().subject == "after")
        #expect(try service.send("GET", "/v1/jobs?limit=2&limit=3").problem().subject == "limit")
    }

    @Test func `cancelling ends a queued job, asks a running one, and refuses a finished one`() throws {
        let queued = try service.addJob()
        #expect(try service.send("DELETE", "/v1/jobs/\(queued)").status == 204)
        #expect(try service.send("GET", "/v1/jobs/\(queued)").json["state"] as? String == "cancelled")

        let running = try service.addJob()
        let claimed = try #require(try service.store.jobs.claim(worker: "w", leaseSeconds: 60))
        let asked = try service.send("DELETE", "/v1/jobs/\(running)")
        #expect(asked.status == 202)
        #expect(asked.json["state"] as? String == "running")
        try service.store.jobs.finish(claimed.lease, artifacts: [])
        #expect(try service.send("DELETE", "/v1/jobs/\(running)").problem().code == .jobFinished)
        #expect(try service.send("DELETE", "/v1/jobs/none").problem().code == .jobNotFound)
    }

    @Test func `a study is not deleted under a running job, and takes its jobs with it`() throws {
        let job = try service.addJob()
        let place = "/v1/studies/\(try #require(try service.store.jobs.find(job)).request.study)"
        let claimed = try #require(try service.store.jobs.claim(worker: "w", leaseSeconds: 60))
        #expect(try service.send("DELETE", place).problem().code == .studyInUse)
        try service.store.jobs.finish(claimed.lease, artifacts: [])
        #expect(try service.send("DELETE", place).status == 204)
        #expect(try service.send("GET", place).problem().code == .studyNotFound)
        #expect(try service.send("GET", "/v1/jobs/\(job)").problem().code == .jobNotFound)
    }
}
