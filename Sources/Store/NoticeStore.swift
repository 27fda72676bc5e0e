// What is told to other programs by webhooks: filled by the database itself when a job or a delivery ends.
import Domain
import Foundation
import GRDB

/// That a thing has ended, on its way to one address.
package struct Notice: Decodable, Hashable, Sendable {
    package enum Kind: String, Codable, Sendable {
        case job, delivery
    }

    package let number: Int
    /// The same for every address and every attempt: who knows it has heard it already.
    package let event: String
    package let kind: Kind
    /// Of the job or the delivery.
    package let subjectID: String
    /// The state in which it ended.
    package let outcome: String
    package let url: String
    package let state: Delivery.State
    package let attempts: Int
    /// Why the last attempt failed.
    package let fault: FaultRecord?
    package let nextAttemptAt: Date?
    /// When the job or the delivery ended.
    package let createdAt: Date
    package let deliveredAt: Date?

    package var id: String { String(number) }
    /// What ended and how, e.g. `job.done`.
    package var type: String { "\(kind.rawValue).\(outcome)" }
}

extension Notice: ReadRecord {
    package static let databaseTableName = "notice"
}

/// The verbs of whoever tells.
package struct NoticeStore: Sendable {
    let ledger: Ledger

    /// Raised when there may be something to tell.
    package var version: Int { ledger.changes.version }

    /// Sleeps until the version differs, at most `seconds`.
    package func wait(since version: Int, seconds: Double) { ledger.changes.wait(since: version, seconds: seconds) }

    /// Ends every `wait`.
    package func wakeWaiters() { ledger.changes.raise() }

    /// From now on these addresses, and no others, are told of every end. What another still waits for is given up, and says so.
    package func tell(_ urls: [String]) throws {
        let fault = FaultRecord(
            code: .deliveryFailed, detail: "The address is no webhook of the service any more.",
            fix: "Start the service with --webhook for each address.")
        try ledger.write { db in
            try db.execute(sql: "DELETE FROM webhook")
            for url in urls { try db.execute(sql: "INSERT OR IGNORE INTO webhook (url) VALUES (?)", arguments: [url]) }
            try db.execute(
                sql: """
                    UPDATE notice SET state = 'abandoned', next_attempt_at = NULL, fault = ?
                    WHERE state = 'waiting' AND url NOT IN (SELECT url FROM webhook)
                    """, arguments: [try fault.jsonText()])
        }
    }

    /// Seconds until the next attempt at an address, 0 where one is due; nil when nothing waits.
    package func secondsToNext(at url: String) throws -> Double? {
        let next = try ledger.read {
            try String.fetchOne(
                $0, sql: "SELECT min(next_attempt_at) FROM notice WHERE url = ? AND next_attempt_at IS NOT NULL",
                arguments: [url])
        }
        return next.flatMap(Timestamp.date).map { max(0, $0.timeIntervalSince(ledger.now)) }
    }

    /// The notice that has been due the longest at an address.
    package func nextDue(at url: String) throws -> Notice? {
        try ledger.read {
            try Notice.fetchOne(
                $0,
                sql: """
                    SELECT * FROM notice WHERE url = ? AND next_attempt_at <= ? ORDER BY next_attempt_at, number LIMIT 1
                    """, arguments: [url, Timestamp.text(ledger.now)])
        }
    }

    /// Notes that the receiver has taken it.
    package func confirm(_ notice: Notice) throws {
        try ledger.write { db in
            try db.execute(
                sql: """
                    UPDATE notice SET state = 'delivered', attempts = attempts + 1, fault = NULL, next_attempt_at = NULL,
                        delivered_at = ? WHERE number = ? AND state = 'waiting'
                    """, arguments: [Timestamp.text(ledger.now), notice.number])
        }
    }

    /// Notes that an attempt failed.
    /// - Parameter seconds: until the next; nil gives up.
    package func fail(_ notice: Notice, _ fault: any Fault, retryAfter seconds: Double?) throws {
        try ledger.write { db in
            try db.execute(
                sql: """
                    UPDATE notice SET state = CASE WHEN :next IS NULL THEN 'abandoned' ELSE 'waiting' END,
                        attempts = attempts + 1, fault = :fault, next_attempt_at = :next
                    WHERE number = :number AND state = 'waiting'
                    """,
                arguments: [
                    "next": seconds.map { Timestamp.text(ledger.now.addingTimeInterval($0)) },
                    "fault": try fault.record.jsonText(), "number": notice.number,
                ])
        }
    }

    /// How long a notice has been waiting.
    package func age(of notice: Notice) -> Double { ledger.now.timeIntervalSince(notice.createdAt) }

    /// The notice, or nil.
    package func find(_ id: String) throws -> Notice? {
        guard let number = Int(id) else { return nil }
        return try ledger.read { try Notice.fetchOne($0, key: number) }
    }

    /// Notices, newest first.
    /// - Parameters:
    ///   - limit: the most to return.
    ///   - after: the id of the last notice of the page before; nil starts with the newest.
    ///   - owner: only notices of this owner's things.
    package func list(
        state: Delivery.State? = nil, limit: Int, after: String? = nil, owner: String? = nil
    ) throws -> [Notice] {
        try ledger.read {
            try Notice.fetchAll(
                $0,
                sql: """
                    SELECT * FROM notice WHERE (:state IS NULL OR state = :state) AND (:after IS NULL OR number < :after)
                    AND (:owner IS NULL OR owner = :owner) ORDER BY number DESC LIMIT :limit
                    """,
                arguments: [
                    "state": state?.rawValue, "after": after.map { Int($0) ?? 0 }, "limit": limit, "owner": owner,
                ])
        }
    }
}
