// The outbox: filled with a job's end, emptied by an acknowledgement.
import Domain
import Foundation
import GRDB
import Store
import Testing

@Suite struct DeliveryTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func open(delivers: Set<Artifact.Name> = Set(DeliveryStore.deliverable)) throws -> Store {
        try fixture.open(delivers: delivers)
    }

    private func artifact(_ name: Artifact.Name, _ type: String) -> Artifact {
        Artifact(name: name, mediaType: type, bytes: Array(name.rawValue.utf8))
    }

    /// A job that a pushed series started, done.
    private func finishArrival(_ store: Store, results: [Artifact]? = nil) throws -> Job {
        let job = try store.addJob("pushed")
        try DatabaseQueue(path: fixture.database).write { db in
            try db.execute(
                sql: "INSERT INTO dicom_study (study_uid, attributes, received_at) VALUES ('1.2', '{}', 'now')")
            try db.execute(sql: "INSERT INTO dicom_series VALUES ('1.2', '1.3', '{}', NULL)")
            try db.execute(
                sql: """
                    INSERT INTO completion (study_uid, series_uid, digest, job_id, completed_at) VALUES ('1.2', '1.3', ?, ?, 'now')
                    """, arguments: [String(repeating: "0", count: 64), job.id])
        }
        let results =
            results ?? [
                artifact(.report, "application/json"), artifact(.segmentationObject, "application/dicom"),
                artifact(.reportObject, "application/dicom"),
            ]
        try store.jobs.finish(try #require(try store.claim()).lease, artifacts: results)
        return job
    }

    @Test func `the end of a job that a push started puts its DICOM results into the outbox, and a restart finds them`()
        throws
    {
        var store: Store? = try open()
        let job = try finishArrival(try #require(store))
        store = nil
        let again = try open()
        let due = try #require(try again.deliveries.nextDue())
        #expect(due.delivery.jobID == job.id && due.delivery.state == .waiting && due.delivery.attempts == 0)
        #expect(
            try due.files.map { try String(contentsOf: $0, encoding: .utf8) } == ["report.dcm", "segmentation.dcm"])
        #expect(try again.deliveries.secondsToNext() == 0)
    }

    @Test func `nothing is delivered of other jobs, of jobs without DICOM results, or where nobody asked for it`()
        throws
    {
        let store = try open()
        _ = try store.addJob()
        try store.jobs.finish(
            try #require(try store.claim()).lease, artifacts: [artifact(.segmentationObject, "application/dicom")])
        _ = try finishArrival(store, results: [artifact(.report, "application/json")])
        #expect(try store.deliveries.list(limit: 10).isEmpty)
    }

    @Test func `only the chosen results are sent, and a delivery that holds none of them waits for another choice`()
        throws
    {
        var store: Store? = try open(delivers: [.reportObject])
        _ = try finishArrival(try #require(store))
        let sent = { (due: DueDelivery?) in
            try due?.files.map { try String(contentsOf: $0, encoding: .utf8) }
        }
        #expect(try sent(store?.deliveries.nextDue()) == ["report.dcm"])
        store = nil
        store = try open(delivers: [.riskMapObject])
        #expect(try store?.deliveries.nextDue() == nil && store?.deliveries.secondsToNext() == nil)
        #expect(try store?.deliveries.list(limit: 10).map(\.state) == [.waiting])
        store = nil
        #expect(try sent(open(delivers: [.segmentationObject]).deliveries.nextDue()) == ["segmentation.dcm"])
    }

    @Test func `without a destination the outbox stays empty`() throws {
        let store = try open(delivers: [])
        _ = try finishArrival(store)
        #expect(try store.deliveries.nextDue() == nil)
    }

    @Test func `a failed attempt waits, the next may succeed, and then it is over`() throws {
        let store = try open()
        _ = try finishArrival(store)
        let due = try #require(try store.deliveries.nextDue()).delivery
        let fault = FaultRecord(code: .deliveryFailed, detail: "no connection", fix: "wait")
        try store.deliveries.fail(due, at: "http://pacs/", fault, retryAfter: 30)
        #expect(try store.deliveries.nextDue() == nil)
        #expect(try store.deliveries.secondsToNext() == 30)
        fixture.advance(seconds: 30)
        let again = try #require(try store.deliveries.nextDue()).delivery
        #expect(again.fault == fault && again.attempts == 1 && again.destination == "http://pacs/")
        #expect(store.deliveries.age(of: again) == 30)
        try store.deliveries.confirm(again, at: "http://pacs/")
        let over = try #require(try store.deliveries.find(due.id))
        #expect(over.state == .delivered && over.fault == nil && over.attempts == 2 && over.deliveredAt != nil)
        #expect(try store.deliveries.nextDue() == nil)
        // Whatever comes late changes nothing.
        try store.deliveries.fail(again, at: "http://pacs/", fault, retryAfter: 1)
        #expect(try store.deliveries.find(due.id) == over)
        #expect(throws: DatabaseError.self) {
            try DatabaseQueue(path: fixture.database).write {
                try $0.execute(
                    sql: "UPDATE delivery SET state = 'waiting', next_attempt_at = 'now', delivered_at = NULL")
            }
        }
    }

    @Test func `one that is given up is not tried any more`() throws {
        let store = try open()
        _ = try finishArrival(store)
        let due = try #require(try store.deliveries.nextDue()).delivery
        try store.deliveries.fail(
            due, at: "http://pacs/", FaultRecord(code: .deliveryFailed, detail: "no", fix: "no"), retryAfter: nil)
        #expect(try store.deliveries.find(due.id)?.state == .abandoned)
        #expect(try store.deliveries.list(state: .abandoned, limit: 10).count == 1)
        #expect(try store.deliveries.secondsToNext() == nil)
    }
}
