// Whether a data folder names patients: decided when it is begun, and kept to.
import Domain
import GRDB

/// Holds a data folder to the mode in which it was begun: names that are in it once stay in it, and a study whose parts have pseudonyms
/// under two keys is two studies.
enum PseudonymMark {
    /// - Parameter key: fingerprint of the key of the pseudonymised mode; nil is the ordinary one.
    /// - Throws: `StoreError.pseudonymModeDiffers`.
    static func require(_ key: String?, in ledger: Ledger) throws {
        try ledger.write { db in
            let known = try String.fetchOne(db, sql: "SELECT key_fingerprint FROM pseudonymisation")
            guard known != key else { return }
            guard known == nil else { throw StoreError.pseudonymModeDiffers(key == nil ? .keyMissing : .keyDiffers) }
            let isUsed = try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM study UNION ALL SELECT 1 FROM dicom_study UNION ALL SELECT 1 FROM workitem
                        UNION ALL SELECT 1 FROM audit UNION ALL SELECT 1 FROM outcome)
                    """)
            guard isUsed == false else { throw StoreError.pseudonymModeDiffers(.namesKept) }
            try db.execute(
                sql: "INSERT INTO pseudonymisation (number, key_fingerprint) VALUES (1, ?)", arguments: [key])
        }
    }
}

/// Why a data folder cannot be served in the mode that was asked for.
package enum PseudonymMismatch: Hashable, Sendable {
    /// It was begun in the pseudonymised mode, and no key was given.
    case keyMissing
    /// It was begun under another key.
    case keyDiffers
    /// It holds what was kept as it came.
    case namesKept
}
