// Whose a stored thing is.
import Domain
import Foundation
import GRDB

/// A thing that belongs to somebody.
package enum OwnedThing: Hashable, Sendable {
    case study(String)
    /// Also its outcomes, which stay when it is deleted.
    case job(String)
    case audit(String)
    case delivery(String)
    case notice(String)
    case workitem(String)
    /// A study that a PACS pushed, by its UID.
    case arrival(String)
}

/// Answers whose things are.
package struct OwnershipStore: Sendable {
    let ledger: Ledger

    /// Whether a thing is there and belongs to the owner.
    package func isOwn(_ thing: OwnedThing, of owner: String) throws -> Bool {
        let (sql, id) =
            switch thing {
            case .study(let id): ("SELECT owner IS ? FROM study WHERE id = ?", id)
            case .audit(let id): ("SELECT owner IS ? FROM audit WHERE id = ?", id)
            case .delivery(let id):
                (
                    """
                    SELECT s.owner IS ? FROM delivery d JOIN job j ON j.id = d.job_id JOIN study s ON s.id = j.study_id
                    WHERE d.id = ?
                    """, id
                )
            case .notice(let id): ("SELECT owner IS ? FROM notice WHERE number = ?", id)
            case .workitem(let uid): ("SELECT owner IS ? FROM workitem WHERE uid = ?", uid)
            case .arrival(let uid): ("SELECT owner IS ? FROM dicom_study WHERE study_uid = ?", uid)
            case .job(let id):
                ("SELECT s.owner IS ? FROM job j JOIN study s ON s.id = j.study_id WHERE j.id = ?", id)
            }
        return try ledger.read { db in
            let statement = try db.cachedStatement(sql: sql)
            if let isOwn = try Bool.fetchOne(statement, arguments: [owner, id]) { return isOwn }
            guard case .job = thing else { return false }
            return try Bool.fetchOne(
                db, sql: "SELECT owner IS ? FROM outcome WHERE job_id = ? LIMIT 1", arguments: [owner, id]) ?? false
        }
    }
}
