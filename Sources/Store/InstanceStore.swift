// DICOM objects as a PACS sends them: kept one by one, found again by their UIDs.
import Domain
import Foundation
import GRDB

/// A DICOM object that was received and read, not yet anyone's.
package struct IncomingInstance {
    package let header: InstanceHeader
    package let blob: IncomingBlob

    package init(header: InstanceHeader, blob: IncomingBlob) {
        self.header = header
        self.blob = blob
    }
}

/// A DICOM object that is kept.
package struct StoredInstance: Decodable, Hashable, Sendable {
    package let studyUID: String
    package let seriesUID: String
    package let sopUID: String
    package let sopClassUID: String
    package let transferSyntaxUID: String
    package let sha256: String
    package let byteCount: Int
}

extension StoredInstance: ReadRecord {
    package static let databaseTableName = "dicom_instance"
}

/// The objects of a study, of one of its series, or one object.
package struct InstanceScope: Hashable, Sendable {
    package let study: String
    package let series: String?
    package let instance: String?

    package init(study: String, series: String? = nil, instance: String? = nil) {
        self.study = study
        self.series = series
        self.instance = instance
    }

    /// For a query whose instances have the table name or alias `i`.
    var condition: String {
        "i.study_uid = :study AND (:series IS NULL OR i.series_uid = :series) AND (:sop IS NULL OR i.sop_uid = :sop)"
    }

    var arguments: [String: (any DatabaseValueConvertible)?] { ["study": study, "series": series, "sop": instance] }
}

/// Instances: put in, found, deleted. Searches are in `InstanceSearch.swift`.
package struct InstanceStore: Sendable {
    let ledger: Ledger

    /// Keeps objects, all or none, in one transaction: on return they are safe on disk. An object that is there with the
    /// same data set changes nothing; one with another takes the place of the old. A CT series that grew or changed
    /// is open again. What stands for a data set, in the column `content`, is the digest of the file that it first came in (of the data set alone
    /// in rows of earlier versions).
    /// - Parameters:
    ///   - quietSeconds: when nothing more of a series comes for so long, it is complete.
    ///   - owner: whose a study will be that was not there.
    ///   - mayAdd: whether objects of this owner's studies may come from the sender; nil is nobody's.
    ///   - isSame: whether two different files hold the same data set; asked of an object that is there, and so rarely.
    /// - Throws: `StoreError.ownerDiffers` where one may not; `.full`, `.system`, `.database`. On any error the blobs are gone.
    package func insert(
        _ instances: [IncomingInstance], quietSeconds: Double, owner: String? = nil,
        mayAdd: (_ owner: String?) -> Bool = { _ in true }, isSame: (URL, URL) throws -> Bool
    ) throws {
        defer { for instance in instances { instance.blob.discard() } }
        var replaced: [String] = []
        try ledger.write(adopting: instances.map(\.blob)) { db in
            for study in Set(instances.map(\.header.studyUID)) {
                try claim(study, for: owner, mayAdd, db)
            }
            for instance in instances {
                let digest = try instance.blob.seal()
                if let known = try knownDigest(instance.header, db) {
                    guard known != digest, try !isSame(ledger.folder.blob(known), instance.blob.url) else { continue }
                    replaced.append(known)
                }
                try put(instance.header, digest: digest, byteCount: instance.blob.byteCount, quietSeconds, db)
            }
        }
        if !replaced.isEmpty { try ledger.writeReleasing { _ in replaced } }
        ledger.completions.raise()
    }

    /// Makes a study the owner's unless it is there.
    private func claim(
        _ study: String, for owner: String?, _ mayAdd: (String?) -> Bool, _ db: Database
    ) throws {
        let sql = "SELECT owner FROM dicom_study WHERE study_uid = ?"
        if let row = try Row.fetchOne(db, sql: sql, arguments: [study]) {
            guard mayAdd(row["owner"]) else { throw StoreError.ownerDiffers }
        } else {
            try db.execute(
                sql: "INSERT INTO dicom_study (study_uid, attributes, received_at, owner) VALUES (?, '{}', ?, ?)",
                arguments: [study, Timestamp.text(ledger.now), owner])
        }
    }

    /// The file that an object of these UIDs is kept in.
    private func knownDigest(_ header: InstanceHeader, _ db: Database) throws -> String? {
        try String.fetchOne(
            db, sql: "SELECT sha256 FROM dicom_instance WHERE study_uid = ? AND series_uid = ? AND sop_uid = ?",
            arguments: [header.studyUID, header.seriesUID, header.sopUID])
    }

    private func put(
        _ header: InstanceHeader, digest: String, byteCount: Int, _ quietSeconds: Double, _ db: Database
    ) throws {
        let isRead = header.sopClassUID == InstanceHeader.ctImageStorage
        let now = ledger.now
        let completion = isRead ? Timestamp.text(now.addingTimeInterval(quietSeconds)) : nil
        let values: [String: (any DatabaseValueConvertible)?] = [
            "study": header.studyUID, "series": header.seriesUID, "sop": header.sopUID, "class": header.sopClassUID,
            "syntax": header.transferSyntaxUID, "digest": digest, "bytes": byteCount,
            "content": digest, "completion": completion,
            "studyAttributes": header.studyAttributes, "seriesAttributes": header.seriesAttributes,
            "metadata": header.metadata, "now": Timestamp.text(now),
        ]
        // The newest value counts, but none never takes the place of one: a report often leaves empty what images say.
        try run(
            """
            INSERT INTO dicom_study (study_uid, attributes, received_at) VALUES (:study, :studyAttributes, :now)
            ON CONFLICT DO UPDATE SET attributes = json_patch(attributes, excluded.attributes)
            """, values, db)
        try run(
            """
            INSERT INTO dicom_series (study_uid, series_uid, attributes, complete_at)
            VALUES (:study, :series, :seriesAttributes, :completion)
            ON CONFLICT DO UPDATE SET attributes = json_patch(attributes, excluded.attributes),
                complete_at = coalesce(excluded.complete_at, complete_at)
            """, values, db)
        try run(
            """
            INSERT INTO dicom_instance (study_uid, series_uid, sop_uid, sop_class_uid, transfer_syntax_uid, sha256,
                byte_count, content, metadata, received_at)
            VALUES (:study, :series, :sop, :class, :syntax, :digest, :bytes, :content, :metadata, :now)
            ON CONFLICT DO UPDATE SET sop_class_uid = excluded.sop_class_uid,
                transfer_syntax_uid = excluded.transfer_syntax_uid, sha256 = excluded.sha256,
                byte_count = excluded.byte_count, content = excluded.content, metadata = excluded.metadata, received_at = excluded.received_at
            """, values, db)
    }

    private func run(_ sql: String, _ values: [String: (any DatabaseValueConvertible)?], _ db: Database) throws {
        try db.cachedStatement(sql: sql).execute(arguments: StatementArguments(values))
    }

    /// The objects of a scope, by series and object UID.
    package func find(_ scope: InstanceScope) throws -> [StoredInstance] {
        try ledger.read {
            try StoredInstance.fetchAll(
                $0, sql: "SELECT * FROM dicom_instance i WHERE \(scope.condition) ORDER BY series_uid, sop_uid",
                arguments: StatementArguments(scope.arguments))
        }
    }

    /// All that each object of a scope has but bulk data: JSON texts, in the order of `find`.
    package func metadata(_ scope: InstanceScope) throws -> [String] {
        try ledger.read {
            try String.fetchAll(
                $0, sql: "SELECT metadata FROM dicom_instance i WHERE \(scope.condition) ORDER BY series_uid, sop_uid",
                arguments: StatementArguments(scope.arguments))
        }
    }

    /// Deletes every object of a study and what is known of its series. Studies that were made of completed series stay,
    /// with the files that they need. `ErasureStore.tell` then tells the trail.
    /// - Throws: `StoreError.studyNotFound`.
    package func delete(study uid: String) throws {
        try ledger.erase { try Self.erase(study: uid, cause: Erasure.request, $0) }
        ledger.completions.raise()
    }

    static func erase(study uid: String, cause: String, _ db: Database) throws -> Ledger.Deletion {
        let digests = try String.fetchAll(
            db, sql: "SELECT sha256 FROM dicom_instance WHERE study_uid = ?", arguments: [uid])
        try db.execute(sql: "DELETE FROM dicom_study WHERE study_uid = ?", arguments: [uid])
        guard db.changesCount == 1 else { throw StoreError.studyNotFound(id: uid) }
        return (Erasure(.pushed, uid, cause: cause, counts: ["objects": digests.count]), digests)
    }
}
