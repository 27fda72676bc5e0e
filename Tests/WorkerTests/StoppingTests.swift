// Servers stop and workers vanish; jobs do not.
import Dispatch
import Domain
import Foundation
import Store
import Synchronization
import Testing
import Worker

@Suite struct StoppingTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func `a job that ends within the grace period is finished, and no other is begun`() throws {
        let gate = Gate()
        var settings = WorkerSettings.quick
        settings.width = 1
        let pool = WorkerPool(jobs: fixture.store.jobs, settings: settings) { _, _, _ in
            gate.pass()
            return [report]
        }
        pool.start()
        let jobs = try fixture.addJobs(2)
        #expect(gate.awaitArrivals(1))
        let version = fixture.store.jobs.arrivalVersion
        let opener = Thread { [store = fixture.store] in
            // Stopping wakes the idle workers: from here on it has begun.
            store.jobs.waitForArrival(since: version, seconds: 30)
            gate.open()
        }
        opener.start()
        #expect(pool.stop(graceSeconds: 30))
        #expect(try jobs.map { try fixture.store.jobs.find($0.id)?.state } == [.done, .queued])
    }

    @Test func `a pool that stops says that it takes no more jobs`() throws {
        let pool = WorkerPool(jobs: fixture.store.jobs, settings: .quick) { _, _, _ in [report] }
        pool.start()
        #expect(pool.fault == nil)
        #expect(pool.stop(graceSeconds: 30))
        #expect(pool.fault == "the workers are stopping")
    }

    @Test func `a job that does not end within the grace period goes back untried, and the next life finishes it`()
        throws
    {
        let job = try fixture.addJob()
        let pool = WorkerPool(jobs: fixture.store.jobs, settings: .quick, run: endless)
        pool.start()
        _ = try fixture.follow(job) { $0.state == .running }
        #expect(pool.stop(graceSeconds: 0))
        let waiting = try #require(try fixture.store.jobs.find(job.id))
        #expect(waiting.state == .queued)
        #expect(waiting.attempts == 0)
        #expect(waiting.fault == nil)
        let done = try fixture.withPool(run: { _, _, _ in [report] }) { try fixture.follow(job) }
        #expect(done.state == .done)
        #expect(done.attempts == 1)
    }

    @Test func `a computation that does not stop is left behind, its job goes back and its result is refused`() throws {
        let gate = Gate()
        let job = try fixture.addJob()
        let pool = WorkerPool(jobs: fixture.store.jobs, settings: .quick) { _, _, _ in
            gate.pass()
            return [report]
        }
        pool.start()
        #expect(gate.awaitArrivals(1))
        #expect(!pool.stop(graceSeconds: 0, stopSeconds: 0))
        #expect(try fixture.store.jobs.find(job.id)?.state == .queued)
        gate.open()
        #expect(pool.stop(graceSeconds: 30))
        #expect(try fixture.store.jobs.find(job.id)?.state == .queued)
        #expect(try fixture.store.reports.artifacts(job: job.id).isEmpty)
    }

    @Test func `a job whose worker falls silent is finished by another, once`() throws {
        let gate = Gate()
        let job = try fixture.addJob()
        // No heartbeat within the test: a worker that hangs in a system call, or a machine that sleeps.
        let silent = WorkerSettings(
            width: 1, leaseSeconds: 10, heartbeatSeconds: 1e6, progressSeconds: 1e6, pollSeconds: 60)
        try fixture.withPool(
            silent,
            run: { _, _, _ in
                gate.pass()
                return [report]
            }
        ) {
            defer { gate.open() }
            #expect(gate.awaitArrivals(1))
            fixture.advance(seconds: 11)
            let done = try fixture.withPool(run: { _, _, _ in [report, report2] }) { try fixture.follow(job) }
            #expect(done.state == .done)
            #expect(done.attempts == 2)
        }
        #expect(try fixture.store.reports.artifacts(job: job.id).count == 2)
    }

    @Test func `heartbeats keep the lease of a long job`() throws {
        let job = try fixture.addJob()
        var settings = WorkerSettings.quick
        settings.leaseSeconds = 10
        let steps = Mutex(0.0)
        let run: WorkerPool.Run = { _, cancellation, progress in
            let pause = DispatchSemaphore(value: 0)
            while true {
                try cancellation.check()
                progress(StageProgress(stage: "work", fraction: steps.withLock { $0 }))
                _ = pause.wait(timeout: .now() + 0.001)
            }
        }
        try fixture.withPool(settings, run: run) {
            var current = try fixture.follow(job) { $0.state == .running }
            for step in 1...3 {
                fixture.advance(seconds: 9)
                #expect(try fixture.store.jobs.claim(worker: "other", leaseSeconds: 10) == nil)
                steps.withLock { $0 = Double(step) }
                // Once the new progress is stored, a heartbeat came after the clock moved.
                current = try fixture.follow(current) { $0.progress.fraction == Double(step) }
            }
            _ = try fixture.store.jobs.requestCancel(job.id)
            #expect(try fixture.follow(job).attempts == 1)
        }
    }
}

private let report2 = Artifact(name: .risk, mediaType: "application/json", bytes: Array("[]".utf8))
