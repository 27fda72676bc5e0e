// API keys: made, listed, rotated, revoked; never deleted.
import Domain
import Foundation
import GRDB

/// Every key at one moment.
package struct KeySnapshot: Sendable {
    /// By name; those that were revoked or have expired included.
    package let keys: [String: ServiceKey]
    /// By id.
    package let secrets: [String: StoredSecret]

    /// Nobody ever made a key.
    package var isEmpty: Bool { keys.isEmpty }
}

/// The keys of a data folder. Commands use them beside a running server, which looks again within a second.
package struct KeyStore: Sendable {
    let ledger: Ledger

    init(ledger: Ledger) { self.ledger = ledger }

    /// Opens the keys of a data folder without owning it; folder and database are made if they are not there.
    /// - Throws: `StoreError.schemaNewer`, `.full`, `.system`, `.database`.
    package init(folder: URL) throws {
        ledger = try Ledger(folder, isOwner: false, clock: { Date() })
    }

    /// The time as the database keeps it: what keys expire by.
    package var now: Date { ledger.now }

    /// - Returns: the key's only secret, which cannot be had again.
    /// - Throws: `StoreError.keyExists` for a name that is or was taken.
    package func add(_ draft: KeyDraft) throws -> ServiceSecret {
        let key = ServiceKey(
            name: draft.name, owner: draft.owner, scopes: draft.scopes, requestsPerSecond: draft.requestsPerSecond,
            requestsAtOnce: draft.requestsAtOnce, createdAt: ledger.now,
            expiresAt: draft.expiresAt.map(Timestamp.rounded), revokedAt: nil)
        return try ledger.write { db in
            guard try !ServiceKey.exists(db, key: draft.name) else { throw StoreError.keyExists(name: draft.name) }
            try key.insert(db)
            return try newSecret(of: draft.name, db)
        }
    }

    /// Gives a key another secret; the earlier ones stay valid for a while, so that clients can be set up anew.
    /// - Throws: `StoreError.keyNotFound`, `.keyRevoked`.
    package func rotate(_ name: String, overlapSeconds: Double) throws -> ServiceSecret {
        try ledger.write { db in
            guard let key = try ServiceKey.fetchOne(db, key: name) else { throw StoreError.keyNotFound(name: name) }
            guard key.revokedAt == nil else { throw StoreError.keyRevoked(name: name) }
            try db.execute(
                sql: """
                    UPDATE service_secret SET valid_until = :end
                    WHERE key_name = :name AND (valid_until IS NULL OR valid_until > :end)
                    """,
                arguments: ["name": name, "end": Timestamp.text(ledger.now.addingTimeInterval(overlapSeconds))])
            return try newSecret(of: name, db)
        }
    }

    /// Ends a key and all its secrets at once and for good.
    /// - Throws: `StoreError.keyNotFound`.
    package func revoke(_ name: String) throws {
        try ledger.write { db in
            guard try ServiceKey.exists(db, key: name) else { throw StoreError.keyNotFound(name: name) }
            try db.execute(
                sql: "UPDATE service_key SET revoked_at = coalesce(revoked_at, ?) WHERE name = ?",
                arguments: [Timestamp.text(ledger.now), name])
        }
    }

    /// Gives the studies that were made before there were keys to an owner, with their jobs and results. Audits and outcomes of that
    /// time never change, so they stay the admins'. - Returns: how many studies, uploaded and pushed, there were.
    package func adopt(owner: String) throws -> Int {
        try ledger.write { db in
            var count = 0
            for table in ["study", "dicom_study"] {
                try db.execute(sql: "UPDATE \(table) SET owner = ? WHERE owner IS NULL", arguments: [owner])
                count += db.changesCount
            }
            return count
        }
    }

    /// Every key and what is kept of its secrets.
    package func snapshot() throws -> KeySnapshot {
        try ledger.read { db in
            KeySnapshot(
                keys: Dictionary(uniqueKeysWithValues: try ServiceKey.fetchAll(db).map { ($0.name, $0) }),
                secrets: Dictionary(uniqueKeysWithValues: try StoredSecret.fetchAll(db).map { ($0.id, $0) }))
        }
    }

    private func newSecret(of name: String, _ db: Database) throws -> ServiceSecret {
        let secret = ServiceSecret()
        let stored = StoredSecret(
            id: secret.id, keyName: name, sha256: try secret.digest(), createdAt: ledger.now, validUntil: nil)
        try stored.insert(db)
        return secret
    }
}
