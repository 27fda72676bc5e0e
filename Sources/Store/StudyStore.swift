// Stored scans and the label maps that belong to them.
import Domain
import Foundation
import GRDB

/// Studies and masks: put in, found, listed, deleted.
package struct StudyStore: Sendable {
    let ledger: Ledger
    let jobs: JobQueue

    /// What an insertion came to.
    package struct Insertion: Sendable {
        /// The new study; where `job` is `.existing`, the study of that job, and nothing was stored.
        package let study: Study
        /// The label map that came with it.
        package let mask: Mask?
        /// The job that was asked for with it.
        package let job: Enqueued?
    }

    /// A label map that comes with its study.
    package struct MaskUpload {
        let blob: IncomingBlob
        let labelValues: [Int]

        /// - Parameter labelValues: the values that occur, ascending, without 0.
        package init(blob: IncomingBlob, labelValues: [Int]) {
            self.blob = blob
            self.labelValues = labelValues
        }
    }

    /// Keeps an upload as a study and, where asked, its label map and a job on it, all in the same transaction.
    /// - Parameters:
    ///   - blob: the uploaded bytes; sealed here if need be. On any error it is gone.
    ///   - upload: the label map; the same holds for its bytes.
    ///   - owner: whose it will be.
    ///   - order: the job; its request's `study` is set to the new id, and so is its `mask` where it names one.
    /// - Throws: `StoreError.queueFull`, `.idempotencyConflict`, `.full`, `.system`, `.database`.
    package func insert(
        _ contents: StudyContents, blob: IncomingBlob, mask upload: MaskUpload? = nil, owner: String? = nil,
        queueing order: JobOrder? = nil
    ) throws -> Insertion {
        let blobs = [blob] + (upload.map { [$0.blob] } ?? [])
        defer { for blob in blobs { blob.discard() } }
        let study = Study(
            id: ledger.makeID(), sha256: try blob.seal(), byteCount: blob.byteCount, contents: contents,
            createdAt: ledger.now, owner: owner)
        let mask = try upload.map { try newMask(study: study.id, labelValues: $0.labelValues, blob: $0.blob) }
        let insertion = try ledger.write(adopting: blobs) { db in
            if let order, let job = try jobs.existing(order, db),
                let known = try Study.fetchOne(db, key: job.request.study)
            {
                let knownMask = try job.request.mask.flatMap { try Mask.fetchOne(db, key: $0) }
                return Insertion(study: known, mask: knownMask, job: .existing(job))
            }
            try study.insert(db)
            try mask?.insert(db)
            let job = try order.map { try jobs.insert($0.on(study: study.id, mask: mask?.id), db) }
            return Insertion(study: study, mask: mask, job: job.map(Enqueued.created))
        }
        if insertion.job != nil { jobs.announceArrival() }
        return insertion
    }

    /// The study, or nil.
    package func find(_ id: String) throws -> Study? {
        try ledger.read { try Study.fetchOne($0, key: id) }
    }

    /// Where the bytes of a study lie. Read only.
    package func source(of study: Study) throws -> StudySource {
        try ledger.read { try Self.source(of: study, in: ledger.folder, $0) }
    }

    static func source(of study: Study, in folder: DataFolder, _ db: Database) throws -> StudySource {
        guard study.contents.format == .dicomInstances else { return .file(folder.blob(study.sha256)) }
        let rows = try Row.fetchAll(
            db, sql: "SELECT sop_uid, sha256 FROM study_instance WHERE study_id = ? ORDER BY sop_uid",
            arguments: [study.id])
        return .instances(rows.map { .init(name: $0["sop_uid"], file: folder.blob($0["sha256"])) })
    }

    /// Studies, newest first.
    /// - Parameters:
    ///   - limit: the most to return.
    ///   - after: the id of the last study of the page before; nil starts with the newest.
    ///   - owner: whose; nil is everybody's.
    package func list(limit: Int, after: String? = nil, owner: String? = nil) throws -> [Study] {
        try ledger.read {
            try Study.fetchAll(
                $0,
                sql: """
                    SELECT * FROM study WHERE (:owner IS NULL OR owner = :owner) AND (:after IS NULL OR id < :after)
                    ORDER BY id DESC LIMIT :limit
                    """, arguments: ["owner": owner, "after": after, "limit": limit])
        }
    }

    /// Deletes a study with its masks, jobs and results, and every blob that no other row refers to. `ErasureStore.tell` then tells
    /// the trail.
    /// - Throws: `StoreError.studyNotFound`; `.studyInUse` while a job on it runs.
    package func delete(_ id: String) throws {
        try ledger.erase { try Self.erase(id, cause: Erasure.request, $0) }
        ledger.changes.raise()
    }

    static func erase(_ id: String, cause: String, _ db: Database) throws -> Ledger.Deletion {
        if let job = try String.fetchOne(
            db, sql: "SELECT id FROM job WHERE study_id = ? AND state = 'running' LIMIT 1", arguments: [id])
        {
            throw StoreError.studyInUse(id: id, job: job)
        }
        let digests = try String.fetchAll(
            db,
            sql: """
                SELECT sha256 FROM study WHERE id = :id AND id NOT IN (SELECT study_id FROM study_instance)
                UNION SELECT sha256 FROM mask WHERE study_id = :id
                UNION SELECT sha256 FROM study_instance WHERE study_id = :id
                UNION SELECT sha256 FROM artifact WHERE job_id IN (SELECT id FROM job WHERE study_id = :id)
                """, arguments: ["id": id])
        let counted = try Row.fetchOne(
            db,
            sql: """
                SELECT (SELECT count(*) FROM mask WHERE study_id = :id) AS masks,
                    (SELECT count(*) FROM job WHERE study_id = :id) AS jobs,
                    (SELECT count(*) FROM artifact WHERE job_id IN (SELECT id FROM job WHERE study_id = :id)) AS results
                """, arguments: ["id": id])
        try db.execute(sql: "DELETE FROM study WHERE id = ?", arguments: [id])
        guard db.changesCount == 1 else { throw StoreError.studyNotFound(id: id) }
        let counts: [(String, Int)] = ["masks", "jobs", "results"].map { ($0, counted?[$0] ?? 0) }
        return (Erasure(.study, id, cause: cause, counts: Dictionary(uniqueKeysWithValues: counts)), digests)
    }

    /// Keeps an uploaded label map with its study.
    /// - Parameter labelValues: the values that occur, ascending, without 0.
    /// - Throws: `StoreError.studyNotFound`, `.full`, `.system`, `.database`. On any error the blob is gone.
    package func insertMask(study: String, labelValues: [Int], blob: IncomingBlob) throws -> Mask {
        defer { blob.discard() }
        let mask = try newMask(study: study, labelValues: labelValues, blob: blob)
        try ledger.write(adopting: [blob]) { db in
            guard try Study.exists(db, key: study) else { throw StoreError.studyNotFound(id: study) }
            try mask.insert(db)
        }
        return mask
    }

    /// The mask, or nil.
    package func findMask(_ id: String) throws -> Mask? {
        try ledger.read { try Mask.fetchOne($0, key: id) }
    }

    /// The masks of a study, oldest first.
    package func masks(study: String) throws -> [Mask] {
        try ledger.read {
            try Mask.fetchAll($0, sql: "SELECT * FROM mask WHERE study_id = ? ORDER BY id", arguments: [study])
        }
    }

    private func newMask(study: String, labelValues: [Int], blob: IncomingBlob) throws -> Mask {
        Mask(
            id: ledger.makeID(), studyID: study, sha256: try blob.seal(), byteCount: blob.byteCount,
            labelValues: labelValues, createdAt: ledger.now)
    }
}
