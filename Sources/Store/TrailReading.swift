// The access trail looked at: page by page, or checked from end to end.
import Domain
import Foundation
import GRDB

/// Which rows a list shows; nil is any.
package struct TrailFilter: Sendable {
    /// The name of an API key.
    package var key: String?
    /// Written at this time or later.
    package var from: Date?
    /// Written before this time.
    package var to: Date?

    package init(key: String? = nil, from: Date? = nil, to: Date? = nil) {
        self.key = key
        self.from = from
        self.to = to
    }
}

/// Something in a trail that its writer did not do.
package enum TrailDamage: Hashable, Sendable {
    /// Rows from the first to the last are not there.
    case missing(ClosedRange<Int>)
    /// The row's hash does not follow from the row before and the content.
    case broken(Int)
    /// The row that was noted elsewhere is not there, or is another.
    case headDiffers(TrailHead)

    package var text: String {
        switch self {
        case .missing(let rows) where rows.count == 1: "Row \(rows.lowerBound) is missing."
        case .missing(let rows): "Rows \(rows.lowerBound) to \(rows.upperBound) are missing."
        case .broken(let number):
            "Row \(number) does not follow from row \(number - 1): it was changed or put in, or the one before was written anew."
        case .headDiffers(let head): "Row \(head.number) is not there as it was noted: the trail was cut or rewritten."
        }
    }
}

extension TrailStore {
    /// Rows, newest first.
    /// - Parameters:
    ///   - limit: the most to return.
    ///   - after: the number of the last row of the page before; nil starts with the newest.
    package func list(_ filter: TrailFilter = TrailFilter(), limit: Int, after: Int? = nil) throws -> [TrailRow] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM entry WHERE (:after IS NULL OR number < :after)
                    AND (:key IS NULL OR content ->> 'key' = :key)
                    AND (:from IS NULL OR content ->> 'at' >= :from) AND (:to IS NULL OR content ->> 'at' < :to)
                    ORDER BY number DESC LIMIT :limit
                    """,
                arguments: [
                    "after": after, "key": filter.key, "from": filter.from.map(Timestamp.text),
                    "to": filter.to.map(Timestamp.text), "limit": limit,
                ]
            ).map(TrailRow.init)
        }
    }

    /// Walks through every row, oldest first.
    package func walk(_ body: (TrailRow) throws -> Void) throws {
        try read { db in
            let rows = try Row.fetchCursor(db, sql: "SELECT * FROM entry ORDER BY number")
            while let row = try rows.next() { try body(TrailRow(row)) }
        }
    }

    /// Checks that every row follows from the one before. Rows cut off at the end, or a trail written anew from some row on, show only
    /// against a head that was noted elsewhere.
    /// - Returns: where the trail ends now, and what is wrong with it, in order.
    package func verify(noted: [TrailHead] = []) throws -> (head: TrailHead, damage: [TrailDamage]) {
        var head = TrailHead.beginning
        var damage: [TrailDamage] = []
        var found: [Int: String] = [:]
        let wanted = Set(noted.map(\.number))
        try walk { row in
            if row.number > head.number + 1 { damage.append(.missing(head.number + 1...row.number - 1)) }
            let expected = try TrailHead(number: row.number - 1, sha256: head.sha256).next(row.content)
            // After a gap nothing says what the row followed.
            if row.number == head.number + 1, expected.sha256 != row.sha256 { damage.append(.broken(row.number)) }
            head = TrailHead(number: row.number, sha256: row.sha256)
            if wanted.contains(row.number) { found[row.number] = row.sha256 }
        }
        damage += noted.filter { $0.number > 0 && found[$0.number] != $0.sha256 }.map(TrailDamage.headDiffers)
        return (head, damage)
    }
}
