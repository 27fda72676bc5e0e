// Notices: made with the end of a job or a delivery, for each address, and kept until they are taken.
import Domain
import Foundation
import Store
import Testing

@Suite struct NoticeTests {
    let fixture: Fixture
    private let first = "http://first/"
    private let second = "http://second/"
    private let refusal = FaultRecord(code: .deliveryFailed, detail: "500", fix: "wait")

    init() throws { fixture = try Fixture() }

    private func events(_ store: Store) throws -> [String] { try store.notices.list(limit: 10).map(\.type) }

    @Test func `every way in which a job ends is told to every address, once`() throws {
        let store = try fixture.open(JobLimits(attempts: 1))
        try store.notices.tell([first, second, first])
        let done = try store.addJob("a")
        try store.jobs.finish(try #require(try store.claim()).lease, artifacts: [])
        _ = try store.addJob("b")
        try store.jobs.fail(try #require(try store.claim()).lease, outOfMemory, retryable: true)
        _ = try store.jobs.requestCancel(store.addJob("c").id)
        let running = try store.addJob("d")
        let lease = try #require(try store.claim()).lease
        #expect(try events(store).count == 6)
        _ = try store.jobs.requestCancel(running.id)
        try store.jobs.confirmCancelled(lease)
        _ = try store.jobs.requestCancel(running.id)
        #expect(
            try events(store) == ["job.cancelled", "job.cancelled", "job.failed", "job.done"].flatMap { [$0, $0] })
        let notice = try #require(try store.notices.nextDue(at: second))
        #expect(notice.event == done.id + "-done" && notice.subjectID == done.id && notice.attempts == 0)
        #expect(notice.createdAt == Date(timeIntervalSince1970: 1_750_000_000))
    }

    @Test func `a job that is tried again has not ended`() throws {
        let store = try fixture.open()
        try store.notices.tell([first])
        _ = try store.addJob()
        try store.jobs.fail(try #require(try store.claim()).lease, outOfMemory, retryable: true)
        fixture.advance(seconds: 10)
        try store.jobs.release(try #require(try store.claim()).lease)
        #expect(try events(store).isEmpty)
    }

    @Test func `a notice survives a restart, its study's deletion and failed attempts, and is told once`() throws {
        var store: Store? = try fixture.open()
        try store?.notices.tell([first])
        let job = try #require(try store?.addJob())
        _ = try store?.jobs.requestCancel(job.id)
        store = nil
        let again = try fixture.open()
        try again.notices.tell([first])
        try again.studies.delete(job.request.study)
        let due = try #require(try again.notices.nextDue(at: first))
        try again.notices.fail(due, refusal, retryAfter: 30)
        #expect(try again.notices.nextDue(at: first) == nil)
        #expect(try again.notices.secondsToNext(at: first) == 30)
        fixture.advance(seconds: 30)
        let later = try #require(try again.notices.nextDue(at: first))
        #expect(later.event == due.event && later.attempts == 1 && later.fault == refusal)
        #expect(again.notices.age(of: later) == 30)
        try again.notices.confirm(later)
        try again.notices.fail(later, refusal, retryAfter: 1)
        let over = try #require(try again.notices.find(later.id))
        #expect(over.state == .delivered && over.attempts == 2 && over.fault == nil)
        #expect(try again.notices.secondsToNext(at: first) == nil)
    }

    @Test func `what waits for an address that is no webhook any more is given up, and says so`() throws {
        let store = try fixture.open()
        try store.notices.tell([first, second])
        _ = try store.jobs.requestCancel(store.addJob().id)
        try store.notices.tell([second])
        let given = try store.notices.list(state: .abandoned, limit: 10)
        #expect(given.map(\.url) == [first] && given[0].fault?.code == .deliveryFailed)
        #expect(try store.notices.list(state: .waiting, limit: 10).map(\.url) == [second])
        #expect(try store.notices.nextDue(at: first) == nil)
    }

    @Test func `without webhooks nothing is noted`() throws {
        let store = try fixture.open()
        _ = try store.jobs.requestCancel(store.addJob().id)
        #expect(try store.notices.list(limit: 10).isEmpty)
    }
}
