// What becomes of a job, whatever its computation does.
import Dispatch
import Domain
import Foundation
import Store
import Synchronization
import Testing
import Worker

@Suite struct WorkerPoolTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func `an idle pool runs a new job at once and stores its results`() throws {
        let done = try fixture.withPool(run: { claimed, _, _ in
            let bytes = try Data(contentsOf: fixture.store.blobs.url(sha256: claimed.study.sha256))
            return [Artifact(name: .report, mediaType: "text/plain", bytes: Array(bytes))]
        }) { try fixture.follow(fixture.addJob()) }
        #expect(done.state == .done)
        #expect(done.attempts == 1)
        let result = try #require(try fixture.store.reports.artifact(job: done.id, name: .report))
        #expect(try Data(contentsOf: result.file) == Data("scan".utf8))
    }

    @Test func `progress is seen while the job runs`() throws {
        let gate = Gate()
        try fixture.withPool(run: { _, _, progress in
            progress(StageProgress(stage: "segment", fraction: 0.25))
            progress(StageProgress(stage: "measure", fraction: 0.5))
            gate.pass()
            return []
        }) {
            defer { gate.open() }
            let running = try fixture.follow(fixture.addJob()) { $0.progress.stage == "measure" }
            #expect(running.state == .running)
            #expect(running.progress == StageProgress(stage: "measure", fraction: 0.5))
        }
    }

    @Test func `a cancelled job stops, and is cancelled`() throws {
        try fixture.withPool(run: endless) {
            let job = try fixture.follow(fixture.addJob()) { $0.state == .running }
            _ = try fixture.store.jobs.requestCancel(job.id)
            #expect(try fixture.follow(job).state == .cancelled)
        }
    }

    @Test func `a fault of the request fails the job at once, as it is`() throws {
        let fault = FaultRecord(
            code: .seedNotInBone, detail: "The seed of L1 is in air.", fix: "Move it.", subject: "L1")
        let failed = try fixture.withPool(run: { _, _, _ in throw fault }) { try fixture.follow(fixture.addJob()) }
        #expect(failed.state == .failed)
        #expect(failed.attempts == 1)
        #expect(failed.fault == fault)
    }

    @Test func `a fault of the server is tried again, and the next attempt knows the cause`() throws {
        let fault = FaultRecord(code: .internalFault, detail: "Out of memory.", fix: "Wait.")
        let causes = Mutex<[FaultRecord?]>([])
        let done = try fixture.withPool(run: { claimed, _, _ in
            causes.withLock { $0.append(claimed.job.fault) }
            if claimed.job.attempts < 3 { throw fault }
            return [report]
        }) { try fixture.follow(fixture.addJob()) }
        #expect(done.state == .done)
        #expect(done.fault == nil)
        #expect(causes.withLock { $0 } == [nil, fault, fault])
    }

    @Test func `an error that is no fault becomes one that does not repeat its text`() throws {
        struct Secret: Error, CustomStringConvertible { let description = "Jane Doe" }
        let failed = try fixture.withPool(run: { _, _, _ in throw Secret() }) { try fixture.follow(fixture.addJob()) }
        #expect(failed.attempts == 3)
        #expect(failed.fault?.code == .internalFault)
        #expect(failed.fault?.detail == "The analysis stopped with an unexpected error (Secret).")
    }

    @Test func `a job is failed at its deadline`() throws {
        var settings = WorkerSettings.quick
        settings.jobSeconds = 0.05
        let failed = try fixture.withPool(settings, run: endless) { try fixture.follow(fixture.addJob()) }
        #expect(failed.state == .failed)
        #expect(failed.attempts == 1)
        #expect(failed.fault?.code == .jobDeadline)
    }

    @Test func `a computation that does not heed its deadline holds up no one, and its result is refused`() throws {
        var settings = WorkerSettings.quick
        settings.jobSeconds = 0.05
        let gate = Gate()
        let job = try fixture.withPool(
            settings,
            run: { _, _, _ in
                gate.pass()
                return [report]
            }
        ) {
            defer { gate.open() }
            return try fixture.follow(fixture.addJob())
        }
        #expect(try fixture.store.jobs.find(job.id)?.fault?.code == .jobDeadline)
        #expect(try fixture.store.reports.artifacts(job: job.id).isEmpty)
    }

    @Test func `as many jobs run at once as the pool is wide, never more`() throws {
        let running = Mutex(0)
        let most = Mutex(0)
        let gate = Gate()
        try fixture.withPool(run: { _, _, _ in
            let now = running.withLock {
                $0 += 1; return $0
            }
            most.withLock { $0 = max($0, now) }
            gate.pass()
            running.withLock { $0 -= 1 }
            return []
        }) {
            let jobs = try fixture.addJobs(6)
            #expect(gate.awaitArrivals(2))
            gate.open()
            for job in jobs { #expect(try fixture.follow(job).state == .done) }
        }
        #expect(most.withLock { $0 } == 2)
    }

    @Test func `two pools on one store run each job once`() throws {
        let runs = Mutex<[String]>([])
        let run: WorkerPool.Run = { claimed, _, _ in
            runs.withLock { $0.append(claimed.job.id) }
            return [report]
        }
        let jobs = try fixture.withPool(run: run) {
            try fixture.withPool(run: run) {
                try fixture.addJobs(40).map { try fixture.follow($0) }
            }
        }
        #expect(jobs.allSatisfy { $0.state == .done && $0.attempts == 1 })
        #expect(runs.withLock { $0.sorted() } == jobs.map(\.id))
    }
}
