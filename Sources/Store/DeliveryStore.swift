// The outbox: results on their way to the PACS.
import Domain
import Foundation
import GRDB

/// The delivery of one job's DICOM results.
package struct Delivery: Decodable, Hashable, Sendable {
    package enum State: String, Codable, CaseIterable, Sendable {
        /// To be sent, or to be sent again.
        case waiting
        /// The PACS said that it keeps everything.
        case delivered
        /// Not accepted for so long that it is not tried any more.
        case abandoned
    }

    package let id: String
    package let jobID: String
    package let state: State
    /// URL that it was last sent to; nil before the first attempt.
    package let destination: String?
    package let attempts: Int
    /// Why the last attempt failed.
    package let fault: FaultRecord?
    package let nextAttemptAt: Date?
    package let createdAt: Date
    package let deliveredAt: Date?
}

extension Delivery: ReadRecord {
    package static let databaseTableName = "delivery"
}

/// A delivery whose time has come, with all that is sent.
package struct DueDelivery: Sendable {
    package let delivery: Delivery
    /// The DICOM files.
    package let files: [URL]
}

/// The verbs of whoever sends results.
package struct DeliveryStore: Sendable {
    let ledger: Ledger
    /// Which results are sent. A delivery that holds none of them waits until one is asked for.
    let names: Set<Artifact.Name>

    /// What can be sent.
    package static let deliverable: [Artifact.Name] = [
        .segmentationObject, .partsObject, .reportObject, .summaryObject, .riskMapObject,
    ]

    /// For a query whose deliveries or jobs give `:job`: the results that are sent.
    private static let chosen = "media_type = 'application/dicom' AND name IN (SELECT value FROM json_each(:names))"

    /// The names as a JSON list, for SQLite's `json_each`.
    private var nameList: String { "[" + names.map { "\"\($0.rawValue)\"" }.sorted().joined(separator: ",") + "]" }

    /// Raised when there is something to send.
    package var version: Int { ledger.deliveries.version }

    /// Sleeps until the version differs, at most `seconds`.
    package func wait(since version: Int, seconds: Double) { ledger.deliveries.wait(since: version, seconds: seconds) }

    /// Ends every `wait`.
    package func wakeWaiters() { ledger.deliveries.raise() }

    /// Seconds until the next attempt, 0 where one is due; nil when nothing waits.
    package func secondsToNext() throws -> Double? {
        let next = try ledger.read {
            try String.fetchOne(
                $0,
                sql: """
                    SELECT min(next_attempt_at) FROM delivery d WHERE next_attempt_at IS NOT NULL
                    AND EXISTS (SELECT 1 FROM artifact WHERE job_id = d.job_id AND \(Self.chosen))
                    """, arguments: ["names": nameList])
        }
        return next.flatMap(Timestamp.date).map {
            let seconds = $0.timeIntervalSince(ledger.now)
            return seconds > Self.longestWaitSeconds ? 0 : max(0, seconds)
        }
    }

    /// The delivery that has been due the longest.
    package func nextDue() throws -> DueDelivery? {
        try ledger.read { db in
            let due = try Delivery.fetchOne(
                db,
                sql: """
                    SELECT * FROM delivery d WHERE (next_attempt_at <= :now OR next_attempt_at > :later)
                    AND EXISTS (SELECT 1 FROM artifact WHERE job_id = d.job_id AND \(Self.chosen))
                    ORDER BY next_attempt_at, id LIMIT 1
                    """,
                arguments: [
                    "now": Timestamp.text(ledger.now),
                    "later": Timestamp.text(ledger.now.addingTimeInterval(Self.longestWaitSeconds)),
                    "names": nameList,
                ])
            return try due.map { delivery in
                let digests = try String.fetchAll(
                    db, sql: "SELECT sha256 FROM artifact WHERE job_id = :job AND \(Self.chosen) ORDER BY name",
                    arguments: ["job": delivery.jobID, "names": nameList])
                return DueDelivery(delivery: delivery, files: digests.map(ledger.folder.blob))
            }
        }
    }

    /// Notes that the PACS keeps everything.
    package func confirm(_ delivery: Delivery, at destination: String) throws {
        try ledger.write { db in
            try db.execute(
                sql: """
                    UPDATE delivery SET state = 'delivered', destination = ?, attempts = attempts + 1, fault = NULL,
                        next_attempt_at = NULL, delivered_at = ? WHERE id = ? AND state = 'waiting'
                    """, arguments: [destination, Timestamp.text(ledger.now), delivery.id])
        }
        ledger.changes.raise()
    }

    /// Notes that an attempt failed.
    /// - Parameter seconds: until the next; nil gives up.
    package func fail(
        _ delivery: Delivery, at destination: String, _ fault: any Fault, retryAfter seconds: Double?
    ) throws {
        try ledger.write { db in
            try db.execute(
                sql: """
                    UPDATE delivery SET state = CASE WHEN :next IS NULL THEN 'abandoned' ELSE 'waiting' END,
                        destination = :destination, attempts = attempts + 1, fault = :fault, next_attempt_at = :next
                    WHERE id = :id AND state = 'waiting'
                    """,
                arguments: [
                    "next": seconds.map { Timestamp.text(ledger.now.addingTimeInterval($0)) },
                    "destination": destination, "fault": try fault.record.jsonText(), "id": delivery.id,
                ])
        }
        ledger.changes.raise()
    }

    /// How long a delivery has been waiting.
    package func age(of delivery: Delivery) -> Double { ledger.now.timeIntervalSince(delivery.createdAt) }

    /// The delivery, or nil.
    package func find(_ id: String) throws -> Delivery? {
        try ledger.read { try Delivery.fetchOne($0, key: id) }
    }

    /// Deliveries, newest first.
    /// - Parameters:
    ///   - limit: the most to return.
    ///   - after: the id of the last delivery of the page before; nil starts with the newest.
    ///   - owner: only deliveries of jobs on this owner's studies.
    package func list(
        state: Delivery.State? = nil, limit: Int, after: String? = nil, owner: String? = nil
    ) throws -> [Delivery] {
        try ledger.read {
            try Delivery.fetchAll(
                $0,
                sql: """
                    SELECT * FROM delivery WHERE (:state IS NULL OR state = :state) AND (:after IS NULL OR id < :after)
                    AND (:owner IS NULL OR job_id IN (
                        SELECT j.id FROM job j JOIN study s ON s.id = j.study_id WHERE s.owner = :owner))
                    ORDER BY id DESC LIMIT :limit
                    """, arguments: ["state": state?.rawValue, "after": after, "limit": limit, "owner": owner])
        }
    }

    /// How many are stored, by state.
    package func counts() throws -> [Delivery.State: Int] {
        try ledger.read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT state, count(*) AS number FROM delivery GROUP BY state")
            return rows.reduce(into: [:]) { counts, row in
                if let state = Delivery.State(rawValue: row["state"] ?? "") { counts[state] = row["number"] }
            }
        }
    }

    /// No attempt is put off for longer: what waits longer by the clock does so because the clock was set back.
    package static let longestWaitSeconds = 300.0  // our choice

    /// Inside the transaction that ends a job: puts its DICOM results into the outbox, where a pushed series or a workitem started it.
    /// - Returns: whether there is something to send.
    func enqueue(job: String, _ db: Database) throws -> Bool {
        try db.execute(
            sql: """
                INSERT INTO delivery (id, job_id, state, next_attempt_at, created_at)
                SELECT :id, :job, 'waiting', :now, :now
                WHERE EXISTS (SELECT 1 FROM completion WHERE job_id = :job UNION ALL SELECT 1 FROM workitem WHERE job_id = :job)
                AND EXISTS (SELECT 1 FROM artifact WHERE job_id = :job AND \(Self.chosen))
                """,
            arguments: [
                "id": ledger.makeID(), "job": job, "now": Timestamp.text(ledger.now), "names": nameList,
            ])
        return db.changesCount > 0
    }
}
