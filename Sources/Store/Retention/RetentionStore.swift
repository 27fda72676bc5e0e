// Finding and deleting what has been kept for as long as it is to be.
import Domain
import Foundation
import GRDB

/// Deletion by age. What a job, a delivery or a series that is awaited still needs is never due, however old.
package struct RetentionStore: Sendable {
    let ledger: Ledger
    let erasures: ErasureStore

    init(ledger: Ledger, erasures: ErasureStore) {
        self.ledger = ledger
        self.erasures = erasures
    }

    /// Opens a data folder to look, without owning it.
    /// - Throws: `StoreError.schemaNewer`, `.full`, `.system`, `.database`.
    package init(folder: URL) throws {
        ledger = try Ledger(folder, isOwner: false, clock: { Date() })
        erasures = ErasureStore(ledger: ledger, trail: try TrailStore(folder: folder))
    }

    /// What is due now, oldest first by kind.
    package func expired(_ policy: RetentionPolicy) throws -> [Expired] {
        try ledger.read { db in
            try [Erasure.Kind.study, .results, .pushed, .notices].flatMap { try expired(policy, $0, nil, db) }
        }
    }

    /// Deletes everything that is due, each thing in a transaction of its own, and tells the trail.
    /// - Parameter isStopping: asked before each.
    /// - Returns: how many things went, by kind.
    package func sweep(_ policy: RetentionPolicy, isStopping: () -> Bool = { false }) throws -> [Erasure.Kind: Int] {
        var counts: [Erasure.Kind: Int] = [:]
        for thing in try expired(policy) {
            if isStopping() { break }
            if try erase(thing, policy) { counts[thing.kind, default: 0] += thing.count }
        }
        try erasures.tell()
        guard !counts.isEmpty else { return counts }
        try ledger.shedDeletedPages()
        ledger.changes.raise()
        ledger.completions.raise()
        return counts
    }

    /// - Returns: false where it is not due any more.
    private func erase(_ thing: Expired, _ policy: RetentionPolicy) throws -> Bool {
        let (name, seconds) = policy.rule(for: thing.kind)
        let cause = "\(name) \(Int(seconds ?? 0)) s"
        var isDue = false
        try ledger.erase { db in
            isDue = try !expired(policy, thing.kind, thing.subject, db).isEmpty
            guard isDue else { return nil }
            switch (thing.kind, thing.subject) {
            case (.study, let id?): return try StudyStore.erase(id, cause: cause, db)
            case (.results, let id?): return try Self.eraseResults(job: id, cause: cause, db)
            case (.pushed, let uid?): return try InstanceStore.erase(study: uid, cause: cause, db)
            default: return try eraseNotices(before: cutoff(seconds), cause: cause, db)
            }
        }
        return isDue
    }

    private func cutoff(_ seconds: Double?) -> String {
        Timestamp.text(ledger.now.addingTimeInterval(-(seconds ?? 0)))
    }

    /// - Parameter subject: nil looks for everything of the kind.
    private func expired(
        _ policy: RetentionPolicy, _ kind: Erasure.Kind, _ subject: String?, _ db: Database
    ) throws -> [Expired] {
        guard let seconds = policy.rule(for: kind).seconds else { return [] }
        let rows = try Row.fetchAll(
            db,
            sql:
                "SELECT * FROM (\(Self.query(kind))) WHERE since <= :cutoff AND (:subject IS NULL OR subject = :subject) ORDER BY since",
            arguments: ["cutoff": cutoff(seconds), "subject": subject])
        guard kind == .notices else {
            return rows.map { Expired(kind: kind, subject: $0["subject"], since: $0["since"], count: 1) }
        }
        return rows.first.map { [Expired(kind: kind, subject: nil, since: $0["since"], count: rows.count)] } ?? []
    }

    private static func query(_ kind: Erasure.Kind) -> String {
        switch kind {
        case .study:
            """
            SELECT id AS subject, max(created_at, coalesce((SELECT max(finished_at) FROM job WHERE study_id = s.id), ''))
                AS since
            FROM study s
            WHERE NOT EXISTS (SELECT 1 FROM job WHERE study_id = s.id AND state IN ('queued', 'running'))
            AND NOT EXISTS (
                SELECT 1 FROM delivery d JOIN job j ON j.id = d.job_id WHERE j.study_id = s.id AND d.state = 'waiting')
            """
        case .results:
            """
            SELECT id AS subject, finished_at AS since FROM job j
            WHERE finished_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM delivery WHERE job_id = j.id AND state = 'waiting')
            """
        case .pushed:
            """
            SELECT study_uid AS subject, coalesce(
                (SELECT max(received_at) FROM dicom_instance WHERE study_uid = s.study_uid), received_at) AS since
            FROM dicom_study s
            WHERE NOT EXISTS (SELECT 1 FROM dicom_series WHERE study_uid = s.study_uid AND complete_at IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM worklist WHERE study_uid = s.study_uid AND state IN ('SCHEDULED', 'IN PROGRESS'))
            """
        case .notices:
            """
            SELECT NULL AS subject, coalesce(delivered_at, created_at) AS since FROM notice WHERE state <> 'waiting'
            UNION ALL
            SELECT NULL, coalesce(delivered_at, created_at) FROM delivery WHERE state <> 'waiting'
            """
        }
    }

    private static func eraseResults(job: String, cause: String, _ db: Database) throws -> Ledger.Deletion {
        let digests = try String.fetchAll(
            db, sql: "SELECT sha256 FROM artifact WHERE job_id = ?", arguments: [job])
        try db.execute(sql: "DELETE FROM job WHERE id = ?", arguments: [job])
        return (Erasure(.results, job, cause: cause, counts: ["results": digests.count]), digests)
    }

    private func eraseNotices(before cutoff: String, cause: String, _ db: Database) throws -> Ledger.Deletion {
        var counts: [String: Int] = [:]
        for table in ["notice", "delivery"] {
            try db.execute(
                sql: "DELETE FROM \(table) WHERE state <> 'waiting' AND coalesce(delivered_at, created_at) <= ?",
                arguments: [cutoff])
            counts[table] = db.changesCount
        }
        return (Erasure(.notices, nil, cause: cause, counts: counts), [])
    }
}
