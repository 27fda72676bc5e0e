// Outcomes come back as they went in, grow by versions, and outlive their study.
import Domain
import Foundation
import GRDB
import Store
import Testing

@Suite struct OutcomeTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func `an outcome comes back as it went in, also from a reopened folder`() throws {
        let (job, told) = try { () -> (Job, StoredOutcome) in
            let store = try fixture.open()
            let job = try store.addJob()
            return (job, try store.outcomes.add(.leak(job.id)))
        }()
        #expect(told.version == 1 && told.reason == nil && told.prediction == somePrediction)
        #expect(told.outcome == someOutcome)
        let store = try fixture.open()
        #expect(try store.outcomes.versions(job: job.id) == [told])
        #expect(try store.outcomes.versions(job: job.id, level: .L2).isEmpty)
        #expect(try store.outcomes.versions(job: "unknown").isEmpty)
    }

    @Test func `a correction is the next version, needs a reason, and keeps what was predicted at first`() throws {
        let store = try fixture.open()
        let job = try store.addJob()
        let first = try store.outcomes.add(.leak(job.id))
        #expect(throws: StoreError.outcomeExists(level: .L1, version: 1)) {
            try store.outcomes.add(.leak(job.id))
        }
        fixture.advance(seconds: 60)
        var draft = OutcomeDraft.leak(job.id)
        draft.outcome.leaks = []
        draft.reason = "read again"
        draft.prediction.evidence.any = 0.99
        let second = try store.outcomes.add(draft)
        #expect(second.version == 2 && second.reason == "read again" && second.prediction == first.prediction)
        #expect(second.recordedAt == first.recordedAt + 60)
        #expect(try store.outcomes.versions(job: job.id, level: .L1) == [second, first])
        #expect(try store.outcomes.current(limit: 9) == [second])
    }

    @Test func `a correction of a version that is no longer current is refused`() throws {
        let store = try fixture.open()
        let job = try store.addJob()
        var draft = OutcomeDraft.leak(job.id)
        draft.expectedVersion = 1
        #expect(throws: StoreError.outcomeChanged(level: .L1, version: nil)) { try store.outcomes.add(draft) }
        draft.expectedVersion = nil
        _ = try store.outcomes.add(draft)
        draft.expectedVersion = 1
        draft.reason = "corrected"
        #expect(try store.outcomes.add(draft).version == 2)
        #expect(throws: StoreError.outcomeChanged(level: .L1, version: 2)) { try store.outcomes.add(draft) }
        #expect(try store.outcomes.versions(job: job.id).map(\.version) == [2, 1])
    }

    @Test func `the same key and request is the same version, another request with it is refused`() throws {
        let store = try fixture.open()
        let job = try store.addJob()
        var draft = OutcomeDraft.leak(job.id)
        (draft.idempotencyKey, draft.requestDigest) = ("k", "d")
        let first = try store.outcomes.add(draft)
        #expect(try store.outcomes.add(draft) == first)
        #expect(try store.outcomes.existing(idempotencyKey: "k", requestDigest: "d") == first)
        #expect(try store.outcomes.existing(idempotencyKey: nil, requestDigest: "d") == nil)
        draft.requestDigest = "e"
        #expect(throws: StoreError.outcomeKeyReused(job: job.id, level: .L1, version: 1)) {
            try store.outcomes.add(draft)
        }
    }

    @Test func `only a job that is there, or was when it was told first, has outcomes`() throws {
        let store = try fixture.open()
        #expect(throws: StoreError.jobNotFound(id: "none")) { try store.outcomes.add(.leak("none")) }
        let job = try store.addJob()
        let first = try store.outcomes.add(.leak(job.id))
        try store.studies.delete(job.request.study)
        #expect(try store.jobs.find(job.id) == nil)
        #expect(try store.outcomes.versions(job: job.id) == [first])
        var draft = OutcomeDraft.leak(job.id)
        draft.reason = "late sequel"
        #expect(try store.outcomes.add(draft).version == 2)
        draft.outcome.level = .L2
        #expect(throws: StoreError.jobNotFound(id: job.id)) { try store.outcomes.add(draft) }
    }

    @Test func `erased outcomes are gone in every version, those of other jobs are not`() throws {
        let store = try fixture.open()
        let jobs = try [store.addJob("a"), store.addJob("b")]
        for job in jobs {
            _ = try store.outcomes.add(.leak(job.id))
            var draft = OutcomeDraft.leak(job.id)
            draft.reason = "corrected"
            _ = try store.outcomes.add(draft)
        }
        try store.outcomes.erase(job: jobs[0].id)
        #expect(try store.outcomes.versions(job: jobs[0].id).isEmpty)
        #expect(try store.outcomes.versions(job: jobs[1].id).count == 2)
        #expect(throws: StoreError.outcomeNotFound(job: jobs[0].id)) { try store.outcomes.erase(job: jobs[0].id) }
    }

    @Test func `the database itself refuses to change an outcome or to leave a version out`() throws {
        let store = try fixture.open()
        let told = try store.outcomes.add(.leak(store.addJob().id))
        let queue = try DatabaseQueue(path: fixture.database)
        let copy = """
            INSERT INTO outcome SELECT job_id, level, version + 2, outcome, prediction, 'why', '', NULL, recorded_at, owner
            FROM outcome
            """
        let again = "INSERT OR REPLACE INTO outcome SELECT * FROM outcome"
        for verb in ["UPDATE outcome SET reason = 'other'", copy, again] {
            #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: verb) } }
        }
        try queue.close()
        #expect(try store.outcomes.versions(job: told.jobID) == [told])
    }

    @Test func `a transaction that does not end leaves nothing`() throws {
        let job = try fixture.open().addJob()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(path: fixture.database, configuration: configuration)
        let halted = """
            INSERT INTO outcome VALUES ('\(job.id)', 'L1', 1, '{}', '{}', NULL, '', NULL, '2026-01-01T00:00:00.000Z', NULL)
            """
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "BEGIN IMMEDIATE; " + halted)
        }
        try queue.close()
        let store = try fixture.open()
        #expect(try store.outcomes.versions(job: job.id).isEmpty)
        #expect(try store.outcomes.add(.leak(job.id)).version == 1)
    }

    @Test func `current versions are walked page by page, and the names in predictions are listed`() throws {
        let store = try fixture.open()
        for name in ["a", "b", "c"] {
            let job = try store.addJob(name)
            for level in [VertebralLevel.T12, .L1] {
                var draft = OutcomeDraft.leak(job.id)
                draft.outcome.level = level
                _ = try store.outcomes.add(draft)
                draft.reason = "again"
                _ = try store.outcomes.add(draft)
            }
        }
        var walked: [StoredOutcome] = []
        while case let page = try store.outcomes.current(limit: 4, after: walked.last), !page.isEmpty { walked += page }
        #expect(walked.count == 6 && walked.allSatisfy { $0.version == 2 })
        #expect(Set(walked.map { $0.jobID + $0.level.rawValue }).count == 6)
        let names = try store.outcomes.predictionNames()
        #expect(names.measured.map(\.name) == ["bodyVolume", "wedgeAngle"])
        #expect(names.measured.map(\.unit) == ["mL", "degrees"])
        #expect(names.contributions == ["intercept", "intravertebral cleft"])
    }
}

private let someOutcome = Outcome(
    level: .L1, leaked: true,
    leaks: [CementLeak(type: .disc, exit: .superiorEndplate, quadrant: .anteriorLeft, volumeML: 0.3)],
    injectedVolumeML: 4.5, procedure: .vertebroplasty, approach: .bilateral, cement: "Simplex P", ascertainment: .ct,
    clinicalConsequence: Outcome.Consequence.none, observedAt: Date(timeIntervalSince1970: 1_749_000_000.125),
    reportedBy: "reader-2", note: "seen on axial slices")

private let somePrediction = {
    var prediction = Prediction(
        reportSchema: "osteon.report/3", reportSHA256: String(repeating: "a", count: 64),
        analysis: AnalysisName(name: "digital-biopsy", version: "2.0"), softwareVersion: "0.1.0")
    prediction.evidence = LeakageProbabilities(any: 0.4, types: ["I": 0.1, "III": 0.2])
    prediction.quadrants = [RankedPlace(place: "AL", rank: 1, score: 0.5, probability: nil)]
    prediction.measured = [
        MeasuredValue(name: "wedgeAngle", value: 7.25, unit: "degrees"),
        MeasuredValue(name: "bodyVolume", value: 31, unit: "mL"),
    ]
    prediction.contributions = ["intravertebral cleft": 0.2, "intercept": -0.4]
    return prediction
}()

extension OutcomeDraft {
    fileprivate static func leak(_ job: String) -> OutcomeDraft {
        OutcomeDraft(jobID: job, outcome: someOutcome, prediction: somePrediction)
    }
}
