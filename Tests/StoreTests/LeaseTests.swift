// Jobs as workers see them: whatever happens, a job ends once.
import Domain
import Foundation
import Store
import Testing

@Suite struct LeaseTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func `the oldest job is claimed first, with its study`() throws {
        let store = try fixture.open()
        let (first, second) = (try store.addJob("first"), try store.addJob("second"))
        let claimed = try #require(try store.claim())
        #expect(claimed.job.id == first.id)
        #expect(claimed.job.state == .running)
        #expect(claimed.job.attempts == 1)
        #expect(claimed.study.id == first.request.study)
        #expect(claimed.source == .file(store.blobs.url(sha256: claimed.study.sha256)))
        #expect(claimed.mask == nil && claimed.maskFile == nil)
        #expect(try store.claim()?.job.id == second.id)
        #expect(try store.claim() == nil)
    }

    @Test func `results and the end of the job are stored together`() throws {
        let store = try fixture.open()
        let job = try store.addJob()
        let table = Artifact(name: .featuresTable, mediaType: "text/csv", bytes: Array("a,b".utf8))
        try store.jobs.finish(#require(try store.claim()).lease, artifacts: [report, table])
        let done = try #require(try store.jobs.find(job.id))
        #expect(done.state == .done)
        #expect(done.progress == StageProgress(stage: "done", fraction: 1))
        #expect(done.finishedAt != nil)
        #expect(try store.reports.artifacts(job: job.id).map(\.name) == [.featuresTable, .report])
        let found = try #require(try store.reports.artifact(job: job.id, name: .report))
        #expect(found.artifact.mediaType == "application/json")
        #expect(found.artifact.byteCount == 2)
        // sha256 of "{}", as coreutils' sha256sum gives it.
        #expect(found.artifact.sha256 == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")
        #expect(try Data(contentsOf: found.file) == Data("{}".utf8))
        #expect(try store.reports.artifact(job: job.id, name: .risk) == nil)
    }

    @Test func `a worker whose lease ran out can write nothing once another has the job`() throws {
        let store = try fixture.open()
        let job = try store.addJob()
        let slow = try #require(try store.claim(leaseSeconds: 10))
        fixture.advance(seconds: 10)
        let quick = try #require(try store.claim(leaseSeconds: 10))
        #expect(quick.job.id == job.id)
        #expect(quick.job.attempts == 2)
        #expect(quick.job.fault?.code == .jobAbandoned)

        let lost = StoreError.leaseLost(job: job.id)
        #expect(throws: lost) { try store.jobs.heartbeat(slow.lease, progress: working, leaseSeconds: 10) }
        #expect(throws: lost) { try store.jobs.finish(slow.lease, artifacts: [report]) }
        #expect(throws: lost) { try store.jobs.fail(slow.lease, outOfMemory, retryable: false) }
        #expect(throws: lost) { try store.jobs.release(slow.lease) }
        #expect(fixture.files(in: "blobs").count == 1)

        try store.jobs.finish(quick.lease, artifacts: [report])
        #expect(throws: lost) { try store.jobs.finish(quick.lease, artifacts: []) }
        #expect(try store.jobs.find(job.id)?.fault == nil)
        #expect(try store.reports.artifacts(job: job.id).count == 1)
    }

    @Test func `a heartbeat keeps the lease and stores the progress`() throws {
        let store = try fixture.open()
        let job = try store.addJob()
        let claimed = try #require(try store.claim(leaseSeconds: 10))
        for _ in 0..<3 {
            fixture.advance(seconds: 9)
            _ = try store.jobs.heartbeat(claimed.lease, progress: working, leaseSeconds: 10)
            #expect(try store.claim() == nil)
        }
        #expect(try store.jobs.find(job.id)?.progress == working)
    }

    @Test func `a failure that may pass is tried again after a while, with its cause, until no try is left`() throws {
        let store = try fixture.open(JobLimits(attempts: 2, backoffSeconds: 4))
        let job = try store.addJob()
        try store.jobs.fail(#require(try store.claim()).lease, outOfMemory, retryable: true)
        let waiting = try #require(try store.jobs.find(job.id))
        #expect(waiting.state == .queued)
        #expect(waiting.fault == outOfMemory)
        fixture.advance(seconds: 3.999)
        #expect(try store.claim() == nil)
        fixture.advance(seconds: 0.001)
        try store.jobs.fail(#require(try store.claim()).lease, outOfMemory, retryable: true)
        let failed = try #require(try store.jobs.find(job.id))
        #expect(failed.state == .failed)
        #expect(failed.attempts == 2)
        #expect(failed.fault == outOfMemory)
    }

    @Test func `a failure that will not pass fails at once`() throws {
        let store = try fixture.open()
        let job = try store.addJob()
        try store.jobs.fail(#require(try store.claim()).lease, outOfMemory, retryable: false)
        #expect(try store.state(of: job) == .failed)
    }

    @Test func `a job that keeps losing its worker is given up as abandoned`() throws {
        let store = try fixture.open(JobLimits(attempts: 2))
        let job = try store.addJob()
        for _ in 0..<2 {
            _ = try #require(try store.claim(leaseSeconds: 1))
            fixture.advance(seconds: 1)
        }
        #expect(try store.claim() == nil)
        let failed = try #require(try store.jobs.find(job.id))
        #expect(failed.state == .failed)
        #expect(failed.fault?.code == .jobAbandoned)
    }

    @Test func `a released job waits again and its attempt does not count`() throws {
        let store = try fixture.open()
        let job = try store.addJob()
        try store.jobs.release(#require(try store.claim()).lease)
        #expect(try store.jobs.find(job.id)?.attempts == 0)
        #expect(try store.claim()?.job.attempts == 1)
    }

    @Test func `a lost job whose cancellation was asked for is cancelled, not tried again`() throws {
        let store = try fixture.open()
        let job = try store.addJob()
        _ = try store.claim(leaseSeconds: 1)
        _ = try store.jobs.requestCancel(job.id)
        fixture.advance(seconds: 1)
        #expect(try store.claim() == nil)
        #expect(try store.state(of: job) == .cancelled)
    }

    @Test func `many threads claiming at once get each job once`() throws {
        let store = try fixture.open()
        let study = try store.addStudy()
        let ids = try (0..<40).map { _ in try store.jobs.enqueue(JobOrder(request: request(study: study.id))).job.id }
        let claimed = Collected()
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            while let job = try? store.claim() { claimed.append(job.job.id) }
        }
        #expect(claimed.values.sorted() == ids)
    }
}

/// Texts gathered from several threads.
final class Collected: @unchecked Sendable {
    // Unchecked: `list` is only touched while `lock` is held.
    private let lock = NSLock()
    private var list: [String] = []

    func append(_ text: String) { lock.withLock { list.append(text) } }
    var values: [String] { lock.withLock { list } }
}
