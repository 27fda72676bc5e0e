// A clock that jumps, and a database that another program holds.
import Domain
import Foundation
import GRDB
import Store
import Testing

@Suite struct ClockAndLockTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private static let day = 86_400.0

    @Test func `after the clock was set back ids keep their order, and what waited is tried at once`() throws {
        let store = try fixture.open()
        let first = try store.addJob("first")
        let claimed = try #require(try store.claim())
        try store.jobs.fail(claimed.lease, outOfMemory, retryable: true)
        #expect(try store.claim() == nil)
        fixture.advance(seconds: -Self.day)
        let second = try store.addJob("second")
        #expect(try store.jobs.list(limit: 2).map(\.id) == [second.id, first.id])
        // By the clock its retry is a day away; no retry is put off that long.
        #expect(try store.claim()?.job.id == first.id)
        #expect(try store.claim()?.job.id == second.id)
        #expect(try store.claim() == nil)
    }

    @Test func `a clock that leaps ahead takes the lease of a job that runs, which is then done once all the same`()
        throws
    {
        let store = try fixture.open()
        let job = try store.addJob()
        let early = try #require(try store.claim())
        fixture.advance(seconds: 365 * Self.day)
        let late = try #require(try store.claim())
        #expect(late.job.id == job.id)
        try store.jobs.finish(late.lease, artifacts: [report])
        #expect(throws: StoreError.leaseLost(job: job.id)) { try store.jobs.finish(early.lease, artifacts: [report]) }
        #expect(try store.state(of: job) == .done)
        #expect(try store.claim() == nil)
    }

    /// Waits for the five seconds that the store waits for a lock.
    @Test func `while another program holds the database reading goes on, writing says so, and nothing is lost`() throws
    {
        let store = try fixture.open()
        let job = try store.addJob()
        let other = try DatabaseQueue(path: fixture.database)
        try other.writeWithoutTransaction { db in
            try db.execute(sql: "BEGIN IMMEDIATE")
            #expect(try store.state(of: job) == .queued)
            let error = storeError { _ = try store.addStudy("late") }
            #expect(error == .busy && error?.code == .serviceBusy)
            try db.execute(sql: "ROLLBACK")
        }
        #expect(try store.claim()?.job.id == job.id)
        _ = try store.addStudy("late")
        #expect(fixture.files(in: "incoming").isEmpty)
    }
}
