// Which columns hold the digests of blobs: the one list that keeps, sweeps and copies them.
import GRDB

/// A column whose values name blobs.
struct BlobReferences {
    private static let columns = [
        ("study", "sha256"), ("mask", "sha256"), ("artifact", "sha256"), ("dicom_instance", "sha256"),
        ("study_instance", "sha256"), ("audit", "input_sha256"), ("audit", "report_sha256"), ("audit", "plot_sha256"),
    ]

    private static let exists =
        "SELECT EXISTS ("
        + columns.map { "SELECT 1 FROM \($0.0) WHERE \($0.1) = :digest" }.joined(separator: " UNION ALL ") + ")"

    /// Whether a row refers to a blob.
    static func has(_ digest: String, _ db: Database) throws -> Bool? {
        try Bool.fetchOne(db.cachedStatement(sql: exists), arguments: ["digest": digest])
    }

    /// Every digest that a row refers to, once. A database of an older schema has fewer of the tables.
    ///
    /// The digest of a study that was pushed is of its state: its files are those of its instances.
    static func all(_ db: Database) throws -> [String] {
        let hasInstances = try db.tableExists("study_instance")
        let parts = try columns.filter { try db.tableExists($0.0) }.map { table, column in
            let ofPushed = table == "study" && hasInstances
            return "SELECT \(column) AS digest FROM \(table)"
                + (ofPushed ? " WHERE id NOT IN (SELECT study_id FROM study_instance)" : "")
        }
        guard !parts.isEmpty else { return [] }
        return try String.fetchAll(db, sql: parts.joined(separator: " UNION ") + " ORDER BY digest")
    }
}
