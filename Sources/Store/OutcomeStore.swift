// Outcomes: added version by version, found, walked through, erased; never changed.
import Domain
import Foundation
import GRDB

/// What was told of treated vertebrae. Outcomes stay when their study is deleted.
package struct OutcomeStore: Sendable {
    let ledger: Ledger

    /// Keeps the next version of a vertebra's outcome, in one transaction. Where the same key and request made one before, that one is
    /// returned and nothing is stored.
    /// - Throws: `StoreError.jobNotFound` where there is neither the job nor an earlier version; `.outcomeExists` for a second version
    ///   without a reason; `.outcomeChanged` when `expectedVersion` is not the current one; `.outcomeKeyReused`, `.full`, `.database`.
    package func add(_ draft: OutcomeDraft) throws -> StoredOutcome {
        try ledger.write { db in
            if let known = try existing(draft.idempotencyKey, digest: draft.requestDigest, db) { return known }
            let level = draft.outcome.level
            let current = try Self.current(draft.jobID, level, db)
            if current == nil, try !Job.exists(db, key: draft.jobID) { throw StoreError.jobNotFound(id: draft.jobID) }
            if let expected = draft.expectedVersion, expected != current?.version {
                throw StoreError.outcomeChanged(level: level, version: current?.version)
            }
            if let current, draft.reason == nil {
                throw StoreError.outcomeExists(level: level, version: current.version)
            }
            let outcome = StoredOutcome(
                jobID: draft.jobID, level: level, version: (current?.version ?? 0) + 1, outcome: draft.outcome,
                prediction: current?.prediction ?? draft.prediction, reason: draft.reason,
                requestDigest: draft.requestDigest, idempotencyKey: draft.idempotencyKey, recordedAt: ledger.now,
                owner: try current.map(\.owner) ?? studyOwner(job: draft.jobID, db))
            try outcome.insert(db)
            return outcome
        }
    }

    /// The outcome that the same key and request made before; nil where there is none.
    /// - Throws: `StoreError.outcomeKeyReused` when the key stands for another request.
    package func existing(idempotencyKey: String?, requestDigest: String) throws -> StoredOutcome? {
        guard idempotencyKey != nil else { return nil }
        return try ledger.read { try existing(idempotencyKey, digest: requestDigest, $0) }
    }

    /// Every version of every vertebra of a job: levels in the order of their names, newest version first.
    package func versions(job: String, level: VertebralLevel? = nil) throws -> [StoredOutcome] {
        try ledger.read {
            try StoredOutcome.fetchAll(
                $0,
                sql: """
                    SELECT * FROM outcome WHERE job_id = :job AND (:level IS NULL OR level = :level)
                    ORDER BY level, version DESC
                    """, arguments: ["job": job, "level": level?.rawValue])
        }
    }

    /// The current version of each vertebra's outcome, by job and level.
    /// - Parameters:
    ///   - limit: the most to return.
    ///   - after: the last one of the page before; nil starts at the first.
    ///   - owner: whose; nil is everybody's.
    package func current(limit: Int, after: StoredOutcome? = nil, owner: String? = nil) throws -> [StoredOutcome] {
        try ledger.read {
            try StoredOutcome.fetchAll(
                $0,
                sql: """
                    SELECT * FROM outcome AS newest WHERE (:job IS NULL OR (job_id, level) > (:job, :level))
                    AND (:owner IS NULL OR owner = :owner)
                    AND NOT EXISTS (
                        SELECT 1 FROM outcome WHERE job_id = newest.job_id AND level = newest.level
                        AND version > newest.version)
                    ORDER BY job_id, level LIMIT :limit
                    """,
                arguments: [
                    "job": after?.jobID, "level": after?.level.rawValue, "owner": owner, "limit": limit,
                ])
        }
    }

    /// The names that occur in predictions: what was measured, by name with its unit, and what contributed. Both sorted.
    /// - Parameter owner: of whose outcomes; nil is everybody's.
    package func predictionNames(owner: String? = nil) throws -> (measured: [MeasuredName], contributions: [String]) {
        try ledger.read { db in
            let measured = try Row.fetchAll(
                db,
                sql: """
                    SELECT value ->> 'name' AS name, min(value ->> 'unit') AS unit
                    FROM outcome, json_each(prediction, '$.measured')
                    WHERE version = 1 AND (:owner IS NULL OR owner = :owner) GROUP BY name ORDER BY name
                    """, arguments: ["owner": owner])
            let contributions = try String.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT key FROM outcome, json_each(prediction, '$.contributions')
                    WHERE version = 1 AND (:owner IS NULL OR owner = :owner) ORDER BY key
                    """, arguments: ["owner": owner])
            return (measured.map { MeasuredName(name: $0["name"], unit: $0["unit"]) }, contributions)
        }
    }

    /// Erases every version of a job's outcomes, as when consent is withdrawn. Audits that were made from them stay.
    /// - Throws: `StoreError.outcomeNotFound`.
    package func erase(job: String) throws {
        try ledger.write { db in
            try db.execute(sql: "DELETE FROM outcome WHERE job_id = ?", arguments: [job])
            guard db.changesCount > 0 else { throw StoreError.outcomeNotFound(job: job) }
        }
    }

    private func existing(_ key: String?, digest: String, _ db: Database) throws -> StoredOutcome? {
        guard let key else { return nil }
        let known = try StoredOutcome.fetchOne(
            db, sql: "SELECT * FROM outcome WHERE idempotency_key = ?", arguments: [key])
        guard let known else { return nil }
        guard known.requestDigest == digest else {
            throw StoreError.outcomeKeyReused(job: known.jobID, level: known.level, version: known.version)
        }
        return known
    }

    private func studyOwner(job: String, _ db: Database) throws -> String? {
        try String.fetchOne(
            db, sql: "SELECT s.owner FROM job j JOIN study s ON s.id = j.study_id WHERE j.id = ?", arguments: [job])
    }

    private static func current(_ job: String, _ level: VertebralLevel, _ db: Database) throws -> StoredOutcome? {
        try StoredOutcome.fetchOne(
            db, sql: "SELECT * FROM outcome WHERE job_id = ? AND level = ? ORDER BY version DESC LIMIT 1",
            arguments: [job, level.rawValue])
    }
}

/// The name and unit of something that predictions were made with.
package struct MeasuredName: Hashable, Sendable {
    package let name: String
    package let unit: String
}
