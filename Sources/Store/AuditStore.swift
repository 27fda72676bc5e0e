// Agreement audits: put in whole, found, listed, never changed.
import Domain
import Foundation
import GRDB

/// Audits and the blobs of their input, report and plot.
package struct AuditStore: Sendable {
    let ledger: Ledger

    /// The bytes that an audit is served as.
    package struct Rendering: Sendable {
        let report: [UInt8]
        let plot: [UInt8]

        /// - Parameters:
        ///   - report: JSON.
        ///   - plot: SVG.
        package init(report: [UInt8], plot: [UInt8]) {
            self.report = report
            self.plot = plot
        }
    }

    /// Keeps an audit with its input, report and plot, in one transaction. Where the same key and request made one
    /// before, that one is returned and nothing is stored.
    /// - Parameters:
    ///   - input: the table that was audited; sealed here if need be. On any error it is gone.
    ///   - render: writes report and plot, which may name the audit's id, time and input.
    /// - Throws: `StoreError.auditKeyReused`, `.auditNotFound` for the parent, `.full`, `.system`, `.database`.
    package func insert(
        _ draft: AuditDraft, input: IncomingBlob, render: (AuditIdentity) throws -> Rendering
    ) throws -> StoredAudit {
        defer { input.discard() }
        let identity = AuditIdentity(id: ledger.makeID(), createdAt: ledger.now, inputSHA256: try input.seal())
        let rendering = try render(identity)
        let report = try blob(rendering.report)
        let plot = try blob(rendering.plot)
        let audit = StoredAudit(
            id: identity.id, kind: draft.kind, title: draft.title, parentID: draft.parentID, settings: draft.settings,
            summary: draft.summary, softwareVersion: draft.softwareVersion, inputSHA256: identity.inputSHA256,
            inputByteCount: input.byteCount, inputMediaType: draft.inputMediaType, reportSHA256: try report.seal(),
            reportByteCount: report.byteCount, plotSHA256: try plot.seal(), plotByteCount: plot.byteCount,
            requestDigest: draft.requestDigest, idempotencyKey: draft.idempotencyKey, createdAt: identity.createdAt,
            owner: draft.owner)
        return try ledger.write(adopting: [input, report, plot]) { db in
            if let known = try existing(draft.idempotencyKey, digest: draft.requestDigest, db) { return known }
            if let parent = draft.parentID, try !StoredAudit.exists(db, key: parent) {
                throw StoreError.auditNotFound(id: parent)
            }
            try audit.insert(db)
            return audit
        }
    }

    /// The audit that the same key and request made before; nil where there is none.
    /// - Throws: `StoreError.auditKeyReused` when the key stands for another request.
    package func existing(idempotencyKey: String?, requestDigest: String) throws -> StoredAudit? {
        guard idempotencyKey != nil else { return nil }
        return try ledger.read { try existing(idempotencyKey, digest: requestDigest, $0) }
    }

    /// The audit, or nil.
    package func find(_ id: String) throws -> StoredAudit? {
        try ledger.read { try StoredAudit.fetchOne($0, key: id) }
    }

    /// Audits, newest first.
    /// - Parameters:
    ///   - limit: the most to return.
    ///   - after: the id of the last audit of the page before; nil starts with the newest.
    package func list(_ filter: AuditFilter = AuditFilter(), limit: Int, after: String? = nil) throws -> [StoredAudit] {
        try ledger.read {
            try StoredAudit.fetchAll(
                $0,
                sql: """
                    SELECT * FROM audit WHERE (:kind IS NULL OR kind = :kind)
                    AND (:title IS NULL OR instr(lower(title), lower(:title)) > 0)
                    AND (:from IS NULL OR created_at >= :from) AND (:to IS NULL OR created_at < :to)
                    AND (:input IS NULL OR input_sha256 = :input)
                    AND (:owner IS NULL OR owner = :owner)
                    AND (:after IS NULL OR id < :after) ORDER BY id DESC LIMIT :limit
                    """,
                arguments: [
                    "kind": filter.kind, "title": filter.title, "from": filter.from.map(Timestamp.text),
                    "to": filter.to.map(Timestamp.text), "input": filter.inputSHA256, "owner": filter.owner,
                    "after": after, "limit": limit,
                ])
        }
    }

    /// How many audits there are of each kind; kinds without any are left out.
    package func counts() throws -> [String: Int] {
        try ledger.read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT kind, count(*) AS number FROM audit GROUP BY kind")
            return Dictionary(uniqueKeysWithValues: rows.map { ($0["kind"], $0["number"]) })
        }
    }

    private func existing(_ key: String?, digest: String, _ db: Database) throws -> StoredAudit? {
        guard let key else { return nil }
        let known = try StoredAudit.fetchOne(
            db, sql: "SELECT * FROM audit WHERE idempotency_key = ?", arguments: [key])
        guard let known else { return nil }
        guard known.requestDigest == digest else { throw StoreError.auditKeyReused(audit: known.id) }
        return known
    }

    private func blob(_ bytes: [UInt8]) throws -> IncomingBlob {
        let blob = try BlobStore(ledger: ledger).receive()
        try blob.write(bytes)
        return blob
    }
}
