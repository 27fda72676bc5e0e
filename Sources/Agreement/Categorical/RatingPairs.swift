// Two raters' categories of the same subjects, counted.

/// A square table of how often the first rater said a category (row) where the second said another (column).
package struct RatingPairs: Sendable, Hashable, Codable {
    /// In their order: weighted kappa counts steps between them.
    package let categories: [String]
    /// counts[first][second], each 0 or more.
    package let counts: [[Int]]

    /// - Parameter categories: every category in its order.
    /// - Throws: `lengthsDiffer`, `tooFew` for no subjects or fewer than two categories, `categoryUnknown`
    ///   (rows count from 1), `categoryRepeated`.
    package init(first: [String], second: [String], categories: [String]) throws(AgreementError) {
        guard first.count == second.count else {
            throw .lengthsDiffer(
                first: "first rater", firstCount: first.count, second: "second rater", secondCount: second.count)
        }
        var places: [String: Int] = [:]
        for (place, category) in categories.enumerated() {
            guard places.updateValue(place, forKey: category) == nil else { throw .categoryRepeated(name: category) }
        }
        var counts = [[Int]](repeating: [Int](repeating: 0, count: categories.count), count: categories.count)
        for row in first.indices {
            guard let from = places[first[row]] else { throw .categoryUnknown(row: row + 1, column: "first rater") }
            guard let to = places[second[row]] else { throw .categoryUnknown(row: row + 1, column: "second rater") }
            counts[from][to] += 1
        }
        try self.init(categories: categories, counts: counts)
    }

    /// - Throws: `lengthsDiffer` for a table that is not square, `parameterInvalid` for a negative count, `tooFew`.
    package init(categories: [String], counts: [[Int]]) throws(AgreementError) {
        guard categories.count >= 2 else { throw .tooFew(what: "categories", count: categories.count, required: 2) }
        for row in [counts.count] + counts.map(\.count) where row != categories.count {
            throw .lengthsDiffer(first: "table", firstCount: row, second: "categories", secondCount: categories.count)
        }
        if let count = counts.joined().first(where: { $0 < 0 }) {
            throw .parameterInvalid(name: "count", value: Double(count), allowed: "0 or more")
        }
        self.categories = categories
        self.counts = counts
        guard subjects > 0 else { throw .tooFew(what: "subjects", count: 0, required: 1) }
    }

    /// Subjects rated by both.
    package var subjects: Int { counts.joined().reduce(0, +) }
}
