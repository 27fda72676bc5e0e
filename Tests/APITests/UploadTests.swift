// What comes in is kept whole or not at all.
import API
import Domain
import Foundation
import HTTP
import Store
import Testing

@Suite struct UploadTests {
    let service: TestService

    init() throws { service = try TestService() }

    @Test func `a study is kept under its hash and shown at its place`() throws {
        let answer = try service.send(
            "POST", "/v1/studies", headers: ["Content-Type": "application/x-www-form-urlencoded"], body: "study")
        #expect(answer.status == 201)
        let id = try #require(answer.json["id"] as? String)
        #expect(answer.headers["Location"] == "/v1/studies/\(id)")
        #expect(answer.json["byteCount"] as? Int == 5)
        let shown = try service.send("GET", "/v1/studies/\(id)")
        #expect(shown.body == answer.body)
        #expect(shown.headers["ETag"] != nil)
        let content = try service.send("GET", "/v1/studies/\(id)/content")
        #expect(content.text == "study")
        #expect(content.headers["Content-Type"] == "application/zip")
        #expect(content.headers["ETag"] == "\"\(answer.json["sha256"] as? String ?? "")\"")
    }

    @Test func `with an analysis the job is queued at once`() throws {
        let answer = try service.send("POST", "/v1/studies?" + wish, body: "study")
        #expect(answer.status == 202)
        let id = try #require(answer.json["id"] as? String)
        #expect(answer.headers["Location"] == "/v1/jobs/\(id)")
        #expect(answer.headers["Retry-After"] != nil)
        let job = try #require(try service.store.jobs.find(id))
        #expect(job.request.targets == [Target(level: .L1, seedLPSMM: [1, 2, 3])])
        #expect(try service.store.studies.find(job.request.study) != nil)
    }

    @Test func `settings come with the upload as words`() throws {
        let answer = try service.send(
            "POST", "/v1/studies?\(wish)&set=denoise=false&set=plannedVolumeML=4.5&set=cement=high-viscosity",
            body: "study")
        let job = try #require(try service.store.jobs.find(answer.json["id"] as? String ?? ""), "\(answer.text)")
        #expect(
            job.request.parameters == [
                "denoise": .flag(false), "plannedVolumeML": .number(4.5), "cement": .text("high-viscosity"),
            ])
    }

    @Test func `a form brings the study and its label map`() throws {
        let answer = try service.send(
            "POST", "/v1/studies?analysis=digital-biopsy&label=20:L1&label=21:L2", headers: form,
            body: parts(["file": "study", "mask": "labels"]))
        #expect(answer.status == 202)
        let job = try #require(try service.store.jobs.find(answer.json["id"] as? String ?? ""))
        let mask = try #require(try service.store.studies.findMask(job.request.mask ?? ""))
        #expect(mask.labelValues == [20, 21])
        #expect(mask.studyID == job.request.study)
        #expect(job.request.targets.map(\.label) == [20, 21])
    }

    @Test func `the same key and upload make one job, another upload with it is refused`() throws {
        let headers: HTTPHeaders = ["Idempotency-Key": "k1"]
        let first = try service.send("POST", "/v1/studies?" + wish, headers: headers, body: "study")
        let again = try service.send("POST", "/v1/studies?" + wish, headers: headers, body: "study")
        #expect(again.json["id"] as? String == first.json["id"] as? String)
        #expect(try service.store.studies.list(limit: 9).count == 1)
        let other = try service.send(
            "POST", "/v1/studies?analysis=digital-biopsy&seed=1,2,4:L1", headers: headers, body: "study")
        #expect(try other.problem().code == .idempotencyConflict)
    }

    private static let refused: [(target: String, parts: [String: String], code: FaultCode, subject: String?)] = [
        ("?", ["file": ""], .emptyBody, "file"),
        ("?", ["mask": "labels"], .requestMalformed, "file"),
        ("?", ["file": "study", "notes": "x"], .requestMalformed, "notes"),
        ("?", ["file": "study", "mask": "other grid"], .maskGridMismatch, nil),
        ("?", ["file": "hello"], .unrecognisedFormat, nil),
        ("?", ["file": "empty zip"], .archiveEmpty, nil),
        ("?analysis=digital-biopsy", ["file": "study"], .targetMissing, "targets"),
        ("?analysis=biopsy&seed=1,2,3:L1", ["file": "study"], .analysisUnknown, "analysis"),
        ("?analysis=digital-biopsy&seed=1,2,3:L9", ["file": "study"], .levelUnknown, "seed"),
        ("?analysis=digital-biopsy&seed=1,2:L1", ["file": "study"], .requestMalformed, "seed"),
        ("?analysis=digital-biopsy&seed=1,2,nan:L1", ["file": "study"], .requestMalformed, "seed"),
        ("?analysis=digital-biopsy&seed=0,0,0:L1", ["file": "study"], .seedOutsideImage, "seed"),
        ("?analysis=digital-biopsy&label=20:L1", ["file": "study"], .maskLabelAbsent, "label"),
        ("?analysis=digital-biopsy&label=22:L1", ["file": "study", "mask": "labels"], .maskLabelAbsent, nil),
        ("?\(wish)&seed=4,5,6:L1", ["file": "study"], .targetDuplicated, "seed"),
        ("?\(wish)&series=9.9", ["file": "study"], .seriesUnknown, "series"),
        ("?\(wish)&series=1.2.4", ["file": "study"], .modalityNotCT, nil),
        ("?\(wish)&set=denoise", ["file": "study"], .requestMalformed, "set"),
        ("?\(wish)&set=denoise=true&set=denoise=false", ["file": "study"], .requestMalformed, "set"),
        ("?\(wish)&colour=red", ["file": "study"], .requestMalformed, "colour"),
        ("?seed=1,2,3:L1", ["file": "study"], .analysisUnknown, "seed"),
    ]

    @Test(arguments: refused.indices)
    func `a refused upload names what is wrong and leaves nothing`(index: Int) throws {
        let (target, given, code, subject) = Self.refused[index]
        let answer = try service.send("POST", "/v1/studies" + target, headers: form, body: parts(given))
        let problem = try answer.problem()
        #expect(problem.code == code)
        #expect(problem.subject == subject)
        #expect(answer.status == ErrorTable[code].status)
        #expect(!problem.detail.isEmpty && !problem.fix.isEmpty)
        #expect(service.keptFiles() == [])
        #expect(try service.store.studies.list(limit: 1).isEmpty)
        #expect(try service.store.jobs.list(limit: 1).isEmpty)
    }

    @Test func `an empty body and a body without an end are refused`() throws {
        #expect(try service.send("POST", "/v1/studies").problem().code == .emptyBody)
        let cut = try service.send("POST", "/v1/studies", headers: form, body: "--b\r\n\r\nstu")
        #expect(try cut.problem().code == .requestMalformed)
        #expect(service.keptFiles() == [])
    }

    @Test func `a full queue refuses the upload before it is read`() throws {
        let full = try TestService(limits: JobLimits(queued: 0))
        let answer = try full.send("POST", "/v1/studies?" + wish, body: "study")
        #expect(answer.status == 503)
        #expect(answer.headers["Retry-After"] != nil)
        #expect(try answer.problem().retryable)
        #expect(full.keptFiles() == [])
    }

    @Test func `a label map is kept with its study`() throws {
        let study = try service.addStudy()
        let answer = try service.send("POST", "/v1/studies/\(study)/masks", body: "labels")
        #expect(answer.status == 201)
        let place = try #require(answer.headers["Location"])
        #expect(try service.send("GET", place).body == answer.body)
        #expect(answer.json["labelValues"] as? [Int] == [20, 21])
        let other = try service.addStudy()
        let foreign = place.replacing(study, with: other)
        #expect(try service.send("GET", foreign).problem().code == .maskNotFound)
        let refused = try service.send("POST", "/v1/studies/\(study)/masks", body: "other grid")
        #expect(try refused.problem().code == .maskGridMismatch)
        #expect(try service.send("POST", "/v1/studies/none/masks", body: "labels").status == 404)
    }

    private let form: HTTPHeaders = ["Content-Type": "multipart/form-data; boundary=b"]

    private func parts(_ parts: [String: String]) -> String {
        parts.sorted { $0.key < $1.key }.map {
            "--b\r\nContent-Disposition: form-data; name=\"\($0.key)\"; filename=\"x\"\r\n\r\n\($0.value)\r\n"
        }.joined() + "--b--\r\n"
    }
}
