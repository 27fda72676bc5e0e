// Two measurements of each of a list of things.
import Foundation

/// The readings of two methods on the same rows, checked once: equal in number, at least three, all finite.
package struct Pairs: Sendable, Hashable {
    package let first: [Double]
    package let second: [Double]
    package let firstName: String
    package let secondName: String

    /// - Throws: `AgreementError` when columns differ in length, hold fewer than three rows or a value that is not finite.
    package init(
        _ first: [Double], _ second: [Double], firstName: String = "first", secondName: String = "second"
    ) throws(AgreementError) {
        guard first.count == second.count else {
            throw .lengthsDiffer(
                first: firstName, firstCount: first.count, second: secondName, secondCount: second.count)
        }
        try Sample.check(first, column: firstName, what: "pairs", required: 3)
        try Sample.check(second, column: secondName, what: "pairs", required: 3)
        self.first = first
        self.second = second
        self.firstName = firstName
        self.secondName = secondName
    }

    /// First minus second, row by row.
    package var differences: [Double] { zip(first, second).map { $0 - $1 } }

    /// The mean of the two, row by row: the abscissa of the Bland–Altman plot.
    package var means: [Double] { zip(first, second).map { ($0 + $1) / 2 } }

    /// The natural logarithms of both.
    /// - Throws: `AgreementError.notPositive` with the row and column of the first value that has none.
    package func logarithms() throws(AgreementError) -> Pairs {
        for (column, values) in [(firstName, first), (secondName, second)] {
            if let row = values.firstIndex(where: { $0 <= 0 }) {
                throw .notPositive(row: row + 1, column: column, value: values[row])
            }
        }
        return try Pairs(first.map { log($0) }, second.map { log($0) }, firstName: firstName, secondName: secondName)
    }

    /// 100 · (first − second) / mean of both, row by row.
    /// - Throws: `AgreementError.notPositive` where a mean is not above 0.
    package func percentDifferences() throws(AgreementError) -> [Double] {
        let means = self.means
        if let row = means.firstIndex(where: { $0 <= 0 }) {
            throw .notPositive(row: row + 1, column: "mean of \(firstName) and \(secondName)", value: means[row])
        }
        return zip(differences, means).map { 100 * $0 / $1 }
    }
}
