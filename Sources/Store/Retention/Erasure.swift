// That something was deleted: noted with the deletion, told by the access trail once its files are gone.
import Domain
import Foundation
import GRDB
import Synchronization

/// What one deletion took away.
package struct Erasure: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Sendable {
        /// A study with its masks, jobs and results.
        case study
        /// A job that had ended, with its results.
        case results
        /// The objects of a study that a PACS pushed.
        case pushed
        /// Notices and deliveries that had ended.
        case notices
    }

    package let kind: Kind
    /// Id, or Study Instance UID (a pseudonym in the pseudonymised mode); nil for many things at once.
    package let subject: String?
    /// The setting that asked for it and its value, or `request`.
    package let cause: String
    /// How many rows there were, by what they held.
    package let counts: [String: Int]
    /// SHA-256 of the files that went with it: those that nothing else refers to.
    package internal(set) var files: [String] = []

    /// Deleted because somebody asked for that thing.
    package static let request = "request"

    init(_ kind: Kind, _ subject: String?, cause: String, counts: [String: Int]) {
        self.kind = kind
        self.subject = subject
        self.cause = cause
        self.counts = counts
    }
}

/// Tells the trail of deletions.
package struct ErasureStore: Sendable {
    let ledger: Ledger
    let trail: TrailStore

    /// Tells of every deletion that the trail does not tell of yet, after making sure that the files are gone from the folder, and
    /// that a power cut brings none back. Where the process ends in between, the row is written twice.
    /// - Throws: `StoreError.full`, `.system`, `.database`; what is not told yet is told the next time.
    package func tell() throws {
        try ledger.erasing.withLock { _ in
            while let (number, erasure) = try next() {
                try ledger.removeForGood(erasure.files)
                try trail.append(.erasure(erasure), isDurable: true)
                try ledger.write { try $0.execute(sql: "DELETE FROM erasure WHERE number = ?", arguments: [number]) }
            }
        }
    }

    private func next() throws -> (Int, Erasure)? {
        let row = try ledger.read { try Row.fetchOne($0, sql: "SELECT * FROM erasure ORDER BY number LIMIT 1") }
        guard let row else { return nil }
        let content: String = row["content"]
        return (row["number"], try JSONDecoder().decode(Erasure.self, from: Data(content.utf8)))
    }
}

extension TrailEntry {
    /// Where the service's own doings come from, in place of an address.
    package static let serviceOrigin = "service"

    static func erasure(_ erasure: Erasure) -> TrailEntry {
        var entry = TrailEntry(
            key: nil, from: serviceOrigin, request: nil, operation: "erase", method: "DELETE",
            named: erasure.subject.map { [erasure.kind.rawValue: $0] } ?? [:], status: 200)
        entry.erased = erasure
        return entry
    }
}
