// Series that come instance by instance: when they are complete, and what became of them.
import Domain
import Foundation
import GRDB

/// A series as it stood when it was looked at.
package struct ArrivedSeries: Sendable {
    package let studyUID: String
    package let seriesUID: String
    /// Its attributes and the study's: a JSON text of the DICOM JSON model.
    package let attributes: String
    /// SHA-256 of its SOP Instance UIDs and of what stands for their data sets: the files that these first came in.
    package let digest: String
    package let source: StudySource
    package let byteCount: Int
    let files: [File]

    struct File: Sendable {
        let sop: String
        let sha256: String
        let content: String
    }
}

/// What followed when a series was complete in one state.
package struct Completion: Codable, Hashable, Sendable {
    package let seriesUID: String
    /// The rule that fitted; nil where none did.
    package let rule: String?
    /// The study that it became, while it is kept; nil where it cannot be analysed.
    package let studyID: String?
    /// The job that was started, while it is kept.
    package let jobID: String?
    /// Why nothing was started.
    package let fault: FaultRecord?
    package let completedAt: Date
}

extension Completion: ReadRecord {
    package static let databaseTableName = "completion"
}

/// A series that arrives, or has.
package struct Arrival: Decodable, Hashable, Sendable {
    package let seriesUID: String
    package let instanceCount: Int
    /// When it is taken as complete unless more comes; nil when it was, or when nothing is done with such objects.
    package let completeAt: Date?
}

extension Arrival: ReadRecord {
    package static let databaseTableName = "dicom_series"
}

/// The verbs of whoever waits for series to be complete.
package struct ArrivalStore: Sendable {
    let ledger: Ledger
    let jobs: JobQueue
    let workitems: WorkitemStore

    /// Raised when instances came or a series is to be complete at once.
    package var version: Int { ledger.completions.version }

    /// Sleeps until the version differs, at most `seconds`.
    package func wait(since version: Int, seconds: Double) {
        ledger.completions.wait(since: version, seconds: seconds)
    }

    /// Ends every `wait`.
    package func wakeWaiters() { ledger.completions.raise() }

    /// Seconds until the next series is complete, 0 where one is; nil when none is awaited.
    package func secondsToNext() throws -> Double? {
        let next = try ledger.read {
            try String.fetchOne($0, sql: "SELECT min(complete_at) FROM dicom_series WHERE complete_at IS NOT NULL")
        }
        return next.flatMap(Timestamp.date).map { max(0, $0.timeIntervalSince(ledger.now)) }
    }

    /// The series that has been complete the longest and was not looked at yet.
    package func nextComplete() throws -> ArrivedSeries? {
        try ledger.read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT e.study_uid, e.series_uid, json_patch(s.attributes, e.attributes) AS attributes
                    FROM dicom_series e JOIN dicom_study s USING (study_uid)
                    WHERE complete_at <= ? ORDER BY complete_at LIMIT 1
                    """, arguments: [Timestamp.text(ledger.now)])
            guard let row else { return nil }
            let (study, series): (String, String) = (row["study_uid"], row["series_uid"])
            let files = try Self.files(study, series, db)
            return ArrivedSeries(
                studyUID: study, seriesUID: series, attributes: row["attributes"],
                digest: try Self.digest(of: files),
                source: .instances(files.map { .init(name: $0.sop, file: ledger.folder.blob($0.sha256)) }),
                byteCount: try Int.fetchOne(
                    db, sql: "SELECT sum(byte_count) FROM dicom_instance WHERE study_uid = ? AND series_uid = ?",
                    arguments: [study, series]) ?? 0,
                files: files)
        }
    }

    /// Whether the series was complete in this state before; then it is closed and nothing follows.
    package func isKnown(_ series: ArrivedSeries) throws -> Bool {
        try ledger.write { db in
            let isKnown =
                try Bool.fetchOne(
                    db,
                    sql: """
                        SELECT EXISTS (SELECT 1 FROM completion WHERE study_uid = ? AND series_uid = ? AND digest = ?)
                        """, arguments: [series.studyUID, series.seriesUID, series.digest]) ?? false
            if isKnown { _ = try close(series, db) }
            return isKnown
        }
    }

    /// Closes the series: keeps it as a study, queues the job, notes what followed, all in one transaction. Where it has
    /// changed meanwhile, nothing happens and it stays open.
    /// - Parameters:
    ///   - contents: nil where the series cannot be analysed; `fault` then says why.
    ///   - request: its `study` is set to the new study.
    /// - Throws: `StoreError.queueFull`, and then the series stays open; `.full`, `.database`.
    package func complete(
        _ series: ArrivedSeries, contents: StudyContents?, rule: String?, request: AnalysisRequest?,
        fault: FaultRecord?
    ) throws {
        let queued = try ledger.write { db in
            guard try close(series, db) else { return false }
            let owner = try String.fetchOne(
                db, sql: "SELECT owner FROM dicom_study WHERE study_uid = ?", arguments: [series.studyUID])
            let study = contents.map {
                Study(
                    id: ledger.makeID(), sha256: series.digest, byteCount: series.byteCount, contents: $0,
                    createdAt: ledger.now, owner: owner)
            }
            try study?.insert(db)
            var job: Job?
            if let study {
                for file in series.files {
                    try db.execute(
                        sql: "INSERT INTO study_instance (study_id, sop_uid, sha256) VALUES (?, ?, ?)",
                        arguments: [study.id, file.sop, file.sha256])
                }
                job = try request.map { try jobs.insert(JobOrder(request: $0).on(study: study.id, mask: nil), db) }
                if let job { try supersede(by: job, series, db) }
            }
            try db.execute(
                sql: """
                    INSERT INTO completion (study_uid, series_uid, digest, rule, study_id, job_id, fault, completed_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    series.studyUID, series.seriesUID, series.digest, rule, study?.id, job?.id, try fault?.jsonText(),
                    Timestamp.text(ledger.now),
                ])
            let isAwaited =
                try study.map { try workitems.start(on: $0, of: series.studyUID, series: series.seriesUID, db) }
                ?? false
            return job != nil || isAwaited
        }
        if queued { jobs.announceArrival() }
    }

    /// Cancels jobs that still wait to do the same with an earlier state of the series: the new one reads all that they would have read.
    private func supersede(by job: Job, _ series: ArrivedSeries, _ db: Database) throws {
        let fault = FaultRecord(
            code: .jobCancelled, detail: "More of the series came before this job began: job \(job.id) does its work.",
            fix: "Follow that job.")
        try db.execute(
            sql: """
                UPDATE job SET state = 'cancelled', cancel_requested = 1, finished_at = :now, fault = :fault
                WHERE state = 'queued' AND id IN (
                    SELECT job_id FROM completion WHERE study_uid = :study AND series_uid = :series)
                AND json_remove(request, '$.study') = (SELECT json_remove(request, '$.study') FROM job WHERE id = :new)
                """,
            arguments: [
                "now": Timestamp.text(ledger.now), "fault": try fault.jsonText(), "study": series.studyUID,
                "series": series.seriesUID, "new": job.id,
            ])
    }

    /// Looks at the series again in a while: it could not be dealt with now.
    package func postpone(_ series: ArrivedSeries, seconds: Double) throws {
        try ledger.write { db in
            try db.execute(
                sql: "UPDATE dicom_series SET complete_at = ? WHERE study_uid = ? AND series_uid = ?",
                arguments: [
                    Timestamp.text(ledger.now.addingTimeInterval(seconds)), series.studyUID, series.seriesUID,
                ])
        }
    }

    /// Takes every series of a study that still arrives as complete now.
    /// - Throws: `StoreError.studyNotFound`.
    package func completeNow(study uid: String) throws {
        try ledger.write { db in
            try requireStudy(uid, db)
            try db.execute(
                sql: "UPDATE dicom_series SET complete_at = ? WHERE study_uid = ? AND complete_at IS NOT NULL",
                arguments: [Timestamp.text(ledger.now), uid])
        }
        ledger.completions.raise()
    }

    /// The series of a study, and what followed from each state in which one was complete, oldest first.
    /// - Throws: `StoreError.studyNotFound`.
    package func find(study uid: String) throws -> (series: [Arrival], completions: [Completion]) {
        try ledger.read { db in
            try requireStudy(uid, db)
            let series = try Arrival.fetchAll(
                db,
                sql: """
                    SELECT series_uid, complete_at, (SELECT count(*) FROM dicom_instance i
                        WHERE i.study_uid = e.study_uid AND i.series_uid = e.series_uid) AS instance_count
                    FROM dicom_series e WHERE study_uid = ? ORDER BY series_uid
                    """, arguments: [uid])
            let completions = try Completion.fetchAll(
                db, sql: "SELECT * FROM completion WHERE study_uid = ? ORDER BY completed_at, series_uid",
                arguments: [uid])
            return (series, completions)
        }
    }

    /// The jobs that a study's series have started, oldest first.
    package func jobs(study uid: String) throws -> [String] {
        try ledger.read {
            try String.fetchAll(
                $0, sql: "SELECT job_id FROM completion WHERE study_uid = ? AND job_id IS NOT NULL ORDER BY job_id",
                arguments: [uid])
        }
    }

    private func requireStudy(_ uid: String, _ db: Database) throws {
        let isThere = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM dicom_study WHERE study_uid = ?)", arguments: [uid])
        guard isThere == true else { throw StoreError.studyNotFound(id: uid) }
    }

    /// - Returns: false where the series is another than it was.
    private func close(_ series: ArrivedSeries, _ db: Database) throws -> Bool {
        guard try Self.digest(of: Self.files(series.studyUID, series.seriesUID, db)) == series.digest else {
            return false
        }
        try db.execute(
            sql: "UPDATE dicom_series SET complete_at = NULL WHERE study_uid = ? AND series_uid = ?",
            arguments: [series.studyUID, series.seriesUID])
        return true
    }

    /// Only what analyses read: a series may hold other objects too.
    private static func files(_ study: String, _ series: String, _ db: Database) throws -> [ArrivedSeries.File] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT sop_uid, sha256, content FROM dicom_instance
                WHERE study_uid = ? AND series_uid = ? AND sop_class_uid = ? ORDER BY sop_uid
                """, arguments: [study, series, InstanceHeader.ctImageStorage]
        ).map { ArrivedSeries.File(sop: $0["sop_uid"], sha256: $0["sha256"], content: $0["content"]) }
    }

    private static func digest(of files: [ArrivedSeries.File]) throws -> String {
        try SHA256.digest(of: files.flatMap { Array("\($0.sop) \($0.content)\n".utf8) })
    }
}
