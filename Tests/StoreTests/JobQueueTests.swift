// Jobs as clients see them.
import Domain
import Foundation
import Store
import Testing

@Suite struct JobQueueTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func `the same key and request is the same job, another request under that key is refused`() throws {
        let store = try fixture.open()
        let order = JobOrder(request: request(study: try store.addStudy().id), idempotencyKey: "k", requestDigest: "a")
        let first = try store.jobs.enqueue(order).job
        guard case .existing(first) = try store.jobs.enqueue(order) else {
            Issue.record("the second order made a new job")
            return
        }
        #expect(throws: StoreError.idempotencyConflict(job: first.id)) {
            try store.jobs.enqueue(JobOrder(request: order.request, idempotencyKey: "k", requestDigest: "b"))
        }
        #expect(try store.jobs.list(limit: 10).count == 1)
    }

    @Test func `without a key every order is a new job`() throws {
        let store = try fixture.open()
        let order = JobOrder(request: request(study: try store.addStudy().id))
        #expect(try store.jobs.enqueue(order).job.id != store.jobs.enqueue(order).job.id)
    }

    @Test func `a job on an unknown study, or with another study's mask, is refused`() throws {
        let store = try fixture.open()
        let (one, other) = (try store.addStudy("one"), try store.addStudy("other"))
        let mask = try store.studies.insertMask(study: other.id, labelValues: [1], blob: store.upload("mask"))
        #expect(throws: StoreError.studyNotFound(id: "x")) {
            try store.jobs.enqueue(JobOrder(request: request(study: "x")))
        }
        #expect(throws: StoreError.maskNotFound(id: mask.id)) {
            try store.jobs.enqueue(JobOrder(request: request(study: one.id, mask: mask.id)))
        }
        _ = try store.jobs.enqueue(JobOrder(request: request(study: other.id, mask: mask.id)))
        #expect(try store.claim()?.maskFile == store.blobs.url(sha256: mask.sha256))
    }

    @Test func `a full queue refuses, and has room again once a job was taken`() throws {
        let store = try fixture.open(JobLimits(queued: 2))
        let order = JobOrder(request: request(study: try store.addStudy().id))
        for _ in 0..<2 { _ = try store.jobs.enqueue(order) }
        #expect(try store.jobs.statistics().isFull)
        #expect(throws: StoreError.queueFull(limit: 2)) { try store.jobs.enqueue(order) }
        _ = try store.claim()
        _ = try store.jobs.enqueue(order)
    }

    @Test func `a waiting job is cancelled at once and never claimed`() throws {
        let store = try fixture.open()
        let job = try store.jobs.requestCancel(store.addJob().id)
        #expect(job.state == .cancelled)
        #expect(job.finishedAt != nil)
        #expect(try store.claim() == nil)
        #expect(try store.jobs.requestCancel(job.id) == job)
    }

    @Test func `a running job hears of its cancellation with the next heartbeat`() throws {
        let store = try fixture.open()
        let job = try store.addJob()
        let claimed = try #require(try store.claim())
        #expect(try store.jobs.heartbeat(claimed.lease, progress: working, leaseSeconds: 60) == .carryOn)
        #expect(try store.jobs.requestCancel(job.id).state == .running)
        #expect(try store.jobs.heartbeat(claimed.lease, progress: working, leaseSeconds: 60) == .cancel)
        try store.jobs.confirmCancelled(claimed.lease)
        #expect(try store.state(of: job) == .cancelled)
    }

    @Test func `a finished or unknown job cannot be cancelled`() throws {
        let store = try fixture.open()
        let job = try store.addJob()
        try store.jobs.finish(#require(try store.claim()).lease, artifacts: [])
        #expect(throws: StoreError.jobFinished(id: job.id, state: .done)) { try store.jobs.requestCancel(job.id) }
        #expect(throws: StoreError.jobNotFound(id: "x")) { try store.jobs.requestCancel("x") }
    }

    @Test func `jobs are listed by state and study, newest first, in pages`() throws {
        let store = try fixture.open()
        let study = try store.addStudy()
        let ids = try (0..<3).map { _ in try store.jobs.enqueue(JobOrder(request: request(study: study.id))).job.id }
        let other = try store.addJob("other")
        _ = try store.jobs.requestCancel(ids[1])
        #expect(try store.jobs.list(limit: 2).map(\.id) == [other.id, ids[2]])
        #expect(try store.jobs.list(limit: 9, after: ids[2]).map(\.id) == [ids[1], ids[0]])
        #expect(try store.jobs.list(state: .queued, study: study.id, limit: 9).map(\.id) == [ids[2], ids[0]])
        #expect(try store.jobs.list(state: .cancelled, limit: 9).map(\.id) == [ids[1]])
    }

    @Test func `statistics count every state and tell how long the oldest has waited`() throws {
        let store = try fixture.open()
        #expect(try store.jobs.statistics().oldestQueuedAgeSeconds == nil)
        _ = try store.addJob("running")
        _ = try store.claim()
        _ = try store.addJob("oldest")
        fixture.advance(seconds: 90)
        _ = try store.addJob("newer")
        let statistics = try store.jobs.statistics()
        #expect(statistics.counts == [.queued: 2, .running: 1, .done: 0, .failed: 0, .cancelled: 0])
        #expect(statistics.oldestQueuedAgeSeconds == 90)
        #expect(!statistics.isFull)
    }

    @Test func `who waits for a change is woken by it, and by the deadline without one`() throws {
        let store = try fixture.open()
        let job = try store.addJob()
        #expect(try store.jobs.waitForChange(of: job, seconds: 0) == job)
        let claimer = Thread { _ = try? store.claim() }
        claimer.start()
        let changed = try store.jobs.waitForChange(of: job, seconds: 30)
        #expect(changed?.state == .running)
    }
}
