// The worklist: workitems made, claimed, updated, ended (PS3.4 annex CC).
import Domain
import Foundation
import GRDB

/// The verbs of the worklist. A workitem whose analysis the service does by itself is in the state of its job: nobody else can
/// claim or update it.
package struct WorkitemStore: Sendable {
    let ledger: Ledger
    let jobs: JobQueue

    /// Makes a workitem, and the job where its input is there.
    /// - Throws: `StoreError.workitemExists`, `.queueFull`.
    package func create(_ order: WorkitemOrder) throws -> Workitem {
        let uid = order.uid ?? Self.newUID()
        let made = try ledger.write { db in
            guard try Workitem.fetchOne(db, sql: Self.byUID, arguments: [uid]) == nil else {
                throw StoreError.workitemExists(uid: uid)
            }
            let now = Timestamp.text(ledger.now)
            try db.execute(
                sql: """
                    INSERT INTO workitem (uid, owner, attributes, study_uid, series_uid, request, created_at, updated_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    uid, order.owner, try order.attributes.jsonText(), order.input?.study, order.input?.series,
                    try order.request?.jsonText(), now, now,
                ])
            if order.request != nil, let input = order.input,
                let study = try study(of: input, owner: order.owner, db)
            {
                try start(uid, on: study, db)
            }
            return try require(uid, db)
        }
        if made.jobID != nil { jobs.announceArrival() }
        return made
    }

    /// The study that an input became when it was complete, the newest; nil while it has not.
    package func study(of input: WorkitemOrder.Input, owner: String?) throws -> Study? {
        try ledger.read { try study(of: input, owner: owner, $0) }
    }

    /// The workitem, or nil.
    package func find(_ uid: String) throws -> Workitem? {
        try ledger.read { try Workitem.fetchOne($0, sql: Self.byUID, arguments: [uid]) }
    }

    /// Replaces attributes.
    /// - Parameter transaction: with which it was claimed; nil while it is SCHEDULED.
    /// - Throws: `StoreError.workitemNotFound`, `.workitemConflict`.
    package func update(_ uid: String, _ attributes: [String: JSONValue], transaction: String?) throws {
        try ledger.write { db in
            let item = try require(uid, db)
            switch item.state {
            case .scheduled: if transaction != nil { throw StoreError.workitemConflict(.stateInconsistent) }
            case .inProgress: try check(transaction, item)
            case .completed, .canceled: throw StoreError.workitemConflict(.stateInconsistent)
            }
            try merge(attributes, into: uid, db)
        }
    }

    /// Claims a workitem (IN PROGRESS) or ends one (COMPLETED, CANCELED).
    /// - Returns: false where it is in the state already.
    /// - Throws: `StoreError.workitemNotFound`, `.workitemConflict`.
    package func change(_ uid: String, to state: Workitem.State, transaction: String) throws -> Bool {
        try ledger.write { db in
            let item = try require(uid, db)
            switch (item.state, state) {
            case (.scheduled, .inProgress): break
            case (.inProgress, .completed), (.inProgress, .canceled):
                try check(transaction, item)
                if state == .completed, try !isPerformed(uid, db) { throw StoreError.workitemConflict(.resultsMissing) }
            case (.completed, .completed), (.canceled, .canceled): return false
            default: throw StoreError.workitemConflict(.stateInconsistent)
            }
            try db.execute(
                sql: "UPDATE workitem SET state = ?, transaction_uid = ?, updated_at = ? WHERE uid = ?",
                arguments: [state.rawValue, transaction, Timestamp.text(ledger.now), uid])
            return true
        }
    }

    /// Cancels what nobody has claimed, and stops the job of what the service works on.
    /// - Parameter reason: attributes that say why.
    /// - Returns: false where it is cancelled already.
    /// - Throws: `StoreError.workitemNotFound`, `.workitemConflict`.
    package func requestCancel(_ uid: String, _ reason: [String: JSONValue]) throws -> Bool {
        let item = try ledger.write { db in
            let item = try require(uid, db)
            guard item.state == .scheduled else { return item }
            try merge(reason, into: uid, db)
            try db.execute(sql: "UPDATE workitem SET state = 'CANCELED' WHERE uid = ?", arguments: [uid])
            return item
        }
        switch (item.state, item.jobID) {
        case (.scheduled, _): return true
        case (.inProgress, let job?):
            _ = try jobs.requestCancel(job)
            return true
        case (.inProgress, nil): throw StoreError.workitemConflict(.performerUnreachable)
        case (.completed, _): throw StoreError.workitemConflict(.alreadyCompleted)
        case (.canceled, _): return false
        }
    }

    // MARK: Inside transactions

    /// Starts what waits for a series that is complete now. - Returns: whether there was any.
    func start(on study: Study, of studyUID: String, series: String, _ db: Database) throws -> Bool {
        let waiting = try String.fetchAll(
            db,
            sql: """
                SELECT uid FROM workitem WHERE study_uid = ? AND (series_uid IS NULL OR series_uid = ?) AND owner IS ?
                AND state = 'SCHEDULED' AND job_id IS NULL AND request IS NOT NULL ORDER BY created_at, uid
                """, arguments: [studyUID, series, study.owner])
        for uid in waiting { try start(uid, on: study, db) }
        return !waiting.isEmpty
    }

    /// Queues the job of a workitem, which thereby is IN PROGRESS.
    private func start(_ uid: String, on study: Study, _ db: Database) throws {
        let text = try String.fetchOne(db, sql: "SELECT request FROM workitem WHERE uid = ?", arguments: [uid])
        guard let text else { return }
        let request = try JSONDecoder().decode(AnalysisRequest.self, from: Data(text.utf8))
        let job = try jobs.insert(JobOrder(request: request).on(study: study.id, mask: nil), db)
        try db.execute(sql: "UPDATE workitem SET job_id = ? WHERE uid = ?", arguments: [job.id, uid])
    }

    private static let byUID = "SELECT * FROM worklist WHERE uid = ?"

    private func require(_ uid: String, _ db: Database) throws -> Workitem {
        guard let item = try Workitem.fetchOne(db, sql: Self.byUID, arguments: [uid]) else {
            throw StoreError.workitemNotFound(uid: uid)
        }
        return item
    }

    private func study(of input: WorkitemOrder.Input, owner: String?, _ db: Database) throws -> Study? {
        try Study.fetchOne(
            db,
            sql: """
                SELECT s.* FROM completion c JOIN study s ON s.id = c.study_id
                WHERE c.study_uid = :study AND (:series IS NULL OR c.series_uid = :series) AND s.owner IS :owner
                ORDER BY c.completed_at DESC LIMIT 1
                """, arguments: ["study": input.study, "series": input.series, "owner": owner])
    }

    private func check(_ transaction: String?, _ item: Workitem) throws {
        guard let transaction else { throw StoreError.workitemConflict(.transactionMissing) }
        guard transaction == item.transactionUID else { throw StoreError.workitemConflict(.transactionIncorrect) }
    }

    private func merge(_ changes: [String: JSONValue], into uid: String, _ db: Database) throws {
        let text = try String.fetchOne(db, sql: "SELECT attributes FROM workitem WHERE uid = ?", arguments: [uid])
        let old = try JSONDecoder().decode([String: JSONValue].self, from: Data((text ?? "{}").utf8))
        try db.execute(
            sql: "UPDATE workitem SET attributes = ?, updated_at = ? WHERE uid = ?",
            arguments: [try old.merging(changes) { $1 }.jsonText(), Timestamp.text(ledger.now), uid])
    }

    /// Whether it says what was done, by whom, when, and what came of it: what COMPLETED needs.
    private func isPerformed(_ uid: String, _ db: Database) throws -> Bool {
        let tags = ["00404019", "00404028", "00404033", "00404050", "00404051"]
        let tests = tags.map { "json_type(attributes, '$.00741216.Value[0].\($0)') = 'object'" }
        return try Bool.fetchOne(
            db, sql: "SELECT \(tests.joined(separator: " AND ")) FROM workitem WHERE uid = ?", arguments: [uid])
            ?? false
    }

    /// A UID made of a random UUID (PS3.5 B.2).
    private static func newUID() -> String {
        let digits = UUID().uuidString.filter { $0 != "-" }
        return "2.25.\(UInt128(digits, radix: 16) ?? 0)"
    }
}
