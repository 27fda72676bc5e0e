// Jobs as clients see them: ordered, watched, listed, cancelled.
import Domain
import Foundation
import GRDB

/// The jobs. Clients' verbs are here; the verbs of workers are in `JobLeases.swift`.
package struct JobQueue: Sendable {
    let ledger: Ledger
    let limits: JobLimits
    /// Where DICOM results go; nil where nobody wants them.
    let outbox: DeliveryStore?

    /// Queues a job, or finds the one that the same key and request made before.
    /// - Throws: `StoreError.studyNotFound`, `.maskNotFound`, `.queueFull`, `.idempotencyConflict`, `.full`, `.database`.
    package func enqueue(_ order: JobOrder) throws -> Enqueued {
        let result: Enqueued = try ledger.write { db in
            if let job = try existing(order, db) { return .existing(job) }
            return .created(try insert(order, db))
        }
        announceArrival()
        return result
    }

    /// The job, or nil.
    package func find(_ id: String) throws -> Job? {
        try ledger.read { try Job.fetchOne($0, key: id) }
    }

    /// Jobs, newest first.
    /// - Parameters:
    ///   - state: only jobs in this state.
    ///   - study: only jobs on this study.
    ///   - limit: the most to return.
    ///   - after: the id of the last job of the page before; nil starts with the newest.
    ///   - owner: only jobs on this owner's studies.
    package func list(
        state: JobState? = nil, study: String? = nil, limit: Int, after: String? = nil, owner: String? = nil
    ) throws -> [Job] {
        try ledger.read {
            try Job.fetchAll(
                $0,
                sql: """
                    SELECT * FROM job WHERE (:state IS NULL OR state = :state) AND (:study IS NULL OR study_id = :study)
                    AND (:owner IS NULL OR study_id IN (SELECT id FROM study WHERE owner = :owner))
                    AND (:after IS NULL OR id < :after) ORDER BY id DESC LIMIT :limit
                    """,
                arguments: [
                    "state": state?.rawValue, "study": study, "owner": owner, "after": after, "limit": limit,
                ])
        }
    }

    /// Sleeps until the stored job differs from `job`, at most `seconds`; then returns it as it is stored, nil if it is gone.
    /// Changes by this process wake it at once, those by others are seen within a second.
    package func waitForChange(of job: Job, seconds: Double) throws -> Job? {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while true {
            let version = ledger.changes.version
            let current = try find(job.id)
            let rest = deadline.timeIntervalSinceNow
            if current != job || rest <= 0 { return current }
            ledger.changes.wait(since: version, seconds: min(rest, 1))
        }
    }

    /// Cancels a waiting job at once, and asks the worker of a running one to stop. Cancelling twice does no harm.
    /// - Returns: the job, which stays `running` until its worker has stopped.
    /// - Throws: `StoreError.jobNotFound`; `.jobFinished` when it is done or has failed.
    package func requestCancel(_ id: String) throws -> Job {
        let job = try ledger.write { db in
            try db.execute(
                sql: """
                    UPDATE job SET cancel_requested = 1,
                        finished_at = CASE state WHEN 'queued' THEN :now ELSE finished_at END,
                        state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END
                    WHERE id = :id AND state IN ('queued', 'running')
                    """, arguments: ["id": id, "now": Timestamp.text(ledger.now)])
            guard let job = try Job.fetchOne(db, key: id) else { throw StoreError.jobNotFound(id: id) }
            if job.state == .done || job.state == .failed { throw StoreError.jobFinished(id: id, state: job.state) }
            return job
        }
        ledger.changes.raise()
        return job
    }

    /// How many jobs are in each state, and how long the oldest has waited.
    package func statistics() throws -> QueueStatistics {
        try ledger.read { db in
            var counts = Dictionary(uniqueKeysWithValues: JobState.allCases.map { ($0, 0) })
            for row in try Row.fetchAll(db, sql: "SELECT state, count(*) AS number FROM job GROUP BY state") {
                if let state = JobState(rawValue: row["state"]) { counts[state] = row["number"] }
            }
            let oldest = try String.fetchOne(
                db, sql: "SELECT created_at FROM job WHERE state = 'queued' ORDER BY id LIMIT 1")
            return QueueStatistics(
                counts: counts,
                oldestQueuedAgeSeconds: oldest.flatMap(Timestamp.date).map { ledger.now.timeIntervalSince($0) },
                queueLimit: limits.queued)
        }
    }

    /// Failed jobs that are stored, by the code of their fault.
    package func failures() throws -> [FaultCode: Int] {
        try ledger.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: "SELECT fault ->> 'code' AS code, count(*) AS number FROM job WHERE state = 'failed' GROUP BY 1")
            return rows.reduce(into: [:]) { counts, row in
                if let code = FaultCode(rawValue: row["code"] ?? "") { counts[code] = row["number"] }
            }
        }
    }

    // MARK: Inside transactions

    /// The job that an earlier order with the same key made. - Throws: `StoreError.idempotencyConflict`.
    func existing(_ order: JobOrder, _ db: Database) throws -> Job? {
        guard let key = order.idempotencyKey else { return nil }
        let row = try Row.fetchOne(db, sql: "SELECT * FROM job WHERE idempotency_key = ?", arguments: [key])
        guard let row else { return nil }
        let job = try Job(row: row)
        guard row["request_digest"] == order.requestDigest else { throw StoreError.idempotencyConflict(job: job.id) }
        return job
    }

    func insert(_ order: JobOrder, _ db: Database) throws -> Job {
        try checkRoom(db)
        let request = order.request
        guard try Study.exists(db, key: request.study) else { throw StoreError.studyNotFound(id: request.study) }
        if let mask = request.mask, try Mask.fetchOne(db, key: mask)?.studyID != request.study {
            throw StoreError.maskNotFound(id: mask)
        }
        let job = Job(
            id: ledger.makeID(), request: request, state: .queued,
            progress: StageProgress(stage: "queued", fraction: 0),
            attempts: 0, fault: nil, createdAt: ledger.now, startedAt: nil, finishedAt: nil)
        try db.execute(
            sql: """
                INSERT INTO job (id, study_id, mask_id, request, request_digest, idempotency_key, state, progress, created_at)
                VALUES (:id, :study, :mask, :request, :digest, :key, 'queued', :progress, :now)
                """,
            arguments: [
                "id": job.id, "study": request.study, "mask": request.mask, "request": try request.jsonText(),
                "digest": order.requestDigest, "key": order.idempotencyKey, "progress": try job.progress.jsonText(),
                "now": Timestamp.text(job.createdAt),
            ])
        return job
    }

    func announceArrival() {
        ledger.arrivals.raise()
        ledger.changes.raise()
    }

    private func checkRoom(_ db: Database) throws {
        let queued = try Int.fetchOne(db, sql: "SELECT count(*) FROM job WHERE state = 'queued'") ?? 0
        guard queued < limits.queued else { throw StoreError.queueFull(limit: limits.queued) }
    }
}
