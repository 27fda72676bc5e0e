// Jobs as workers see them: claimed under a lease, kept alive, ended once.
import Domain
import Foundation
import GRDB

/// The right to write one job's state. It dies when the job ends or when another claim is made; the fence is the claim's number.
package struct Lease: Hashable, Sendable {
    package let job: String
    let fence: Int
}

/// A job with all that its worker needs.
package struct ClaimedJob: Sendable {
    package let job: Job
    package let lease: Lease
    package let study: Study
    package let source: StudySource
    package let mask: Mask?
    /// The mask's bytes.
    package let maskFile: URL?
}

/// What a worker hears when it says that it is alive.
package enum Instruction: Hashable, Sendable {
    case carryOn, cancel
}

extension JobQueue {
    /// Takes the oldest job that may run now; jobs whose lease ran out are put back first.
    /// - Parameter worker: who takes it, for the record.
    /// - Returns: nil when nothing can be claimed.
    package func claim(worker: String, leaseSeconds: Double) throws -> ClaimedJob? {
        let now = ledger.now
        var lost = false
        let claimed: ClaimedJob? = try ledger.write { db in
            lost = try putBack(where: "lease_expires_at <= :now", because: Self.leaseExpired, db)
            let row = try Row.fetchOne(
                db,
                sql: """
                    UPDATE job SET state = 'running', attempts = attempts + 1, fence = fence + 1, leased_to = :worker,
                        lease_expires_at = :expiry, not_before = NULL, started_at = coalesce(started_at, :now)
                    WHERE id = (SELECT id FROM job WHERE state = 'queued'
                        AND (not_before IS NULL OR not_before <= :now OR not_before > :latest) ORDER BY id LIMIT 1)
                    RETURNING *
                    """,
                arguments: [
                    "worker": worker, "now": Timestamp.text(now), "expiry": expiry(leaseSeconds, from: now),
                    "latest": expiry(JobLimits.longestWaitSeconds, from: now),
                ])
            return try row.map { try claimedJob($0, db) }
        }
        if lost || claimed != nil { ledger.changes.raise() }
        return claimed
    }

    /// Prolongs the lease and stores the progress.
    /// - Returns: whether the job shall go on.
    /// - Throws: `StoreError.leaseLost`: the worker shall stop, its result is not wanted.
    package func heartbeat(_ lease: Lease, progress: StageProgress, leaseSeconds: Double) throws -> Instruction {
        let cancel = try update(
            lease, "lease_expires_at = :expiry, progress = :progress",
            ["expiry": expiry(leaseSeconds, from: ledger.now), "progress": try progress.jsonText()])
        return cancel ? .cancel : .carryOn
    }

    /// Stores the results, ends the job as done and puts what the PACS shall have into the outbox, in one transaction.
    /// - Throws: `StoreError.leaseLost`, and then nothing is stored; `.full`, `.system`, `.database`.
    package func finish(_ lease: Lease, artifacts: [Artifact]) throws {
        let blobs = try artifacts.map { artifact in
            let blob = try BlobStore(ledger: ledger).receive()
            try blob.write(artifact.bytes)
            return blob
        }
        let isDelivered = try ledger.write(adopting: blobs) { db in
            _ = try set(
                lease, "\(Self.ended) state = 'done', fault = NULL, progress = :progress",
                [
                    "progress": try StageProgress(stage: "done", fraction: 1).jsonText(),
                    "now": Timestamp.text(ledger.now),
                ], db)
            for (artifact, blob) in zip(artifacts, blobs) {
                try StoredArtifact(
                    jobID: lease.job, name: artifact.name, mediaType: artifact.mediaType, sha256: try blob.seal(),
                    byteCount: blob.byteCount
                ).insert(db)
            }
            return try outbox?.enqueue(job: lease.job, db) ?? false
        }
        ledger.changes.raise()
        if isDelivered { ledger.deliveries.raise() }
    }

    /// Ends the job as failed or, where another try may help and tries are left, puts it back to wait a while, cause kept.
    /// - Throws: `StoreError.leaseLost`.
    package func fail(_ lease: Lease, _ fault: any Fault, retryable: Bool) throws {
        let now = ledger.now
        try ledger.write { db in
            guard let job = try Job.fetchOne(db, key: lease.job) else { throw StoreError.leaseLost(job: lease.job) }
            let isLast = !retryable || job.attempts >= limits.attempts
            let retryAt = now.addingTimeInterval(limits.backoffSeconds(afterAttempt: job.attempts))
            let change =
                isLast
                ? "\(Self.ended) state = 'failed', fault = :fault"
                : "\(Self.waiting) not_before = :retry, fault = :fault"
            var arguments: [String: (any DatabaseValueConvertible)?] = ["fault": try fault.record.jsonText()]
            arguments[isLast ? "now" : "retry"] = Timestamp.text(isLast ? now : retryAt)
            _ = try set(lease, change, arguments, db)
        }
        announceArrival()
    }

    /// Ends the job as cancelled, when its worker has stopped.
    /// - Throws: `StoreError.leaseLost`.
    package func confirmCancelled(_ lease: Lease) throws {
        _ = try update(lease, "\(Self.ended) state = 'cancelled'", ["now": Timestamp.text(ledger.now)])
    }

    /// Puts the job back as if this claim had not been made: the server is stopping.
    /// - Throws: `StoreError.leaseLost`.
    package func release(_ lease: Lease) throws {
        _ = try update(lease, "\(Self.waiting) attempts = attempts - 1", [:])
        ledger.arrivals.raise()
    }

    /// Sleeps until a job may have become claimable, at most `seconds`.
    /// - Parameter version: `arrivalVersion` as it was before the claim that found nothing.
    package func waitForArrival(since version: Int, seconds: Double) {
        ledger.arrivals.wait(since: version, seconds: seconds)
    }

    package var arrivalVersion: Int { ledger.arrivals.version }

    /// Wakes all who wait for arrivals, so that they can see that they shall stop.
    package func wakeWaiters() { ledger.arrivals.raise() }

    /// Puts back what an earlier life of this server was running: the lock on the folder proves that nobody runs it now.
    func releaseOrphans() throws {
        _ = try ledger.write { try putBack(where: "true", because: Self.processEnded, $0) }
    }
}

// MARK: - Inside transactions

extension JobQueue {
    private static let ended = "lease_expires_at = NULL, leased_to = NULL, finished_at = :now,"
    private static let waiting =
        "state = 'queued', lease_expires_at = NULL, leased_to = NULL,"

    private static let leaseExpired = FaultRecord(
        code: .jobAbandoned, detail: "The worker of the last attempt was not heard of any more.",
        fix: "Post the job again; if it happens again, look at the server's log and memory.")
    private static let processEnded = FaultRecord(
        code: .jobAbandoned, detail: "The server ended while the last attempt ran.",
        fix: "Post the job again; if it happens again, look at the server's log and memory.")

    /// Running jobs for which `condition` holds lose their worker: cancelled if that was asked for, failed if no try is
    /// left, else queued. - Returns: whether there were any.
    private func putBack(where condition: String, because fault: FaultRecord, _ db: Database) throws -> Bool {
        try db.execute(
            sql: """
                UPDATE job SET lease_expires_at = NULL, leased_to = NULL,
                    fault = CASE WHEN cancel_requested THEN fault ELSE :fault END,
                    finished_at = CASE WHEN cancel_requested OR attempts >= :attempts THEN :now END,
                    state = CASE WHEN cancel_requested THEN 'cancelled' WHEN attempts >= :attempts THEN 'failed' ELSE 'queued' END
                WHERE state = 'running' AND \(condition)
                """,
            arguments: [
                "fault": try fault.jsonText(), "attempts": limits.attempts, "now": Timestamp.text(ledger.now),
            ])
        return db.changesCount > 0
    }

    private func update(
        _ lease: Lease, _ change: String, _ arguments: [String: (any DatabaseValueConvertible)?]
    ) throws -> Bool {
        let cancel = try ledger.write { try set(lease, change, arguments, $0) }
        ledger.changes.raise()
        return cancel
    }

    /// Changes the job if the lease still holds. - Returns: whether its cancellation was asked for.
    private func set(
        _ lease: Lease, _ change: String, _ arguments: [String: (any DatabaseValueConvertible)?], _ db: Database
    ) throws -> Bool {
        var all = arguments
        all["job"] = lease.job
        all["fence"] = lease.fence
        let cancel = try Bool.fetchOne(
            db,
            sql: """
                UPDATE job SET \(change) WHERE id = :job AND fence = :fence AND state = 'running'
                RETURNING cancel_requested
                """, arguments: StatementArguments(all))
        guard let cancel else { throw StoreError.leaseLost(job: lease.job) }
        return cancel
    }

    private func claimedJob(_ row: Row, _ db: Database) throws -> ClaimedJob {
        let job = try Job(row: row)
        guard let study = try Study.fetchOne(db, key: job.request.study) else {
            throw StoreError.studyNotFound(id: job.request.study)
        }
        let mask = try job.request.mask.flatMap { try Mask.fetchOne(db, key: $0) }
        return ClaimedJob(
            job: job, lease: Lease(job: job.id, fence: row["fence"]), study: study,
            source: try StudyStore.source(of: study, in: ledger.folder, db), mask: mask,
            maskFile: mask.map { ledger.folder.blob($0.sha256) })
    }

    private func expiry(_ leaseSeconds: Double, from now: Date) -> String {
        Timestamp.text(now.addingTimeInterval(leaseSeconds))
    }
}
