// Everything that is kept: opened once per server.
import Domain
import Foundation
import GRDB
import Synchronization

/// The stored studies, DICOM instances, jobs, results, audits and blobs of one data folder, each behind its own small set of verbs.
///
/// All verbs are synchronous, may be called from any thread, and throw `StoreError`. Nothing outside this module knows
/// that there is SQLite behind it, or one process: a store for a fleet would offer the same verbs.
package struct Store: Sendable {
    package let blobs: BlobStore
    package let studies: StudyStore
    package let jobs: JobQueue
    package let reports: ReportStore
    package let audits: AuditStore
    package let outcomes: OutcomeStore
    package let instances: InstanceStore
    package let arrivals: ArrivalStore
    package let workitems: WorkitemStore
    package let keys: KeyStore
    package let ownership: OwnershipStore
    package let trail: TrailStore
    package let deliveries: DeliveryStore
    package let notices: NoticeStore
    package let erasures: ErasureStore
    package let retention: RetentionStore
    private let ledger: Ledger

    /// Opens the data folder, creating what is missing, and repairs what a crash left: cut uploads and blobs without a
    /// row are removed, jobs that were running go back to the queue with the cause kept.
    /// - Parameters:
    ///   - folder: the data folder; one server owns it at a time.
    ///   - delivers: which DICOM results of jobs that pushed series start are sent from the outbox; none keeps it empty.
    ///   - pseudonymKey: fingerprint of the key under which everything that names a patient is replaced before it comes here; nil
    ///     where it is kept as it came. A folder stays as it was begun.
    ///   - clock: the time; tests give their own.
    /// - Throws: `StoreError.folderInUse`, `.schemaNewer`, `.pseudonymModeDiffers`, `.full`, `.system`, `.database`.
    package init(
        folder: URL, limits: JobLimits = JobLimits(), delivers: Set<Artifact.Name> = [], pseudonymKey: String? = nil,
        clock: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        ledger = try Ledger(folder, clock: clock)
        try PseudonymMark.require(pseudonymKey, in: ledger)
        blobs = BlobStore(ledger: ledger)
        deliveries = DeliveryStore(ledger: ledger, names: delivers)
        notices = NoticeStore(ledger: ledger)
        jobs = JobQueue(ledger: ledger, limits: limits, outbox: delivers.isEmpty ? nil : deliveries)
        studies = StudyStore(ledger: ledger, jobs: jobs)
        reports = ReportStore(ledger: ledger)
        audits = AuditStore(ledger: ledger)
        outcomes = OutcomeStore(ledger: ledger)
        instances = InstanceStore(ledger: ledger)
        workitems = WorkitemStore(ledger: ledger, jobs: jobs)
        arrivals = ArrivalStore(ledger: ledger, jobs: jobs, workitems: workitems)
        keys = KeyStore(ledger: ledger)
        ownership = OwnershipStore(ledger: ledger)
        trail = try TrailStore(ledger.folder, clock: clock)
        erasures = ErasureStore(ledger: ledger, trail: trail)
        retention = RetentionStore(ledger: ledger, erasures: erasures)
        try jobs.releaseOrphans()
    }

    /// Rises with everything that this process writes to the database, but for the trail.
    package var version: Int { ledger.writes.load(ordering: .acquiring) }

    /// Answers whether requests can be served: the database reads, and an upload could be written.
    /// - Throws: `StoreError.full`, `.system` or `.database`.
    package func check() throws {
        _ = try ledger.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM (SELECT 1 FROM job LIMIT 1)") }
        let probe = try blobs.receive()
        defer { probe.discard() }
        try probe.write([0])
    }
}
