// Why a statistic could not be computed from the numbers given.
import Domain

/// What is wrong with a table of numbers or with a parameter. Rows are counted from 1, as people count them.
package enum AgreementError: Fault, Equatable {
    /// Fewer rows, pairs, subjects or cases than the statistic needs.
    case tooFew(what: String, count: Int, required: Int)
    case tooManyRows(count: Int, limit: Int)
    /// Two columns that belong together differ in length.
    case lengthsDiffer(first: String, firstCount: Int, second: String, secondCount: Int)
    case notFinite(row: Int, column: String)
    /// A logarithm or a ratio needs values above 0.
    case notPositive(row: Int, column: String, value: Double)
    /// A value outside the range that its column allows.
    case outOfRange(row: Int, column: String, value: Double, allowed: String)
    /// All values of the column are equal, so that the statistic divides by zero.
    case constantColumn(column: String)
    /// The method needs the same number of readings everywhere.
    case unbalanced(row: Int, column: String, count: Int, expected: Int)
    /// A two-class outcome of which one class never occurs.
    case classMissing(column: String, missing: String)
    /// A row's category is not among those that the audit names.
    case categoryUnknown(row: Int, column: String)
    case categoryRepeated(name: String)
    /// The standard error that a test divides by is 0.
    case varianceVanishes(what: String)
    /// A logistic regression has no finite solution.
    case separated
    /// The statistic that is bootstrapped is undefined for the sample itself.
    case statisticUndefined
    case maskEmpty(name: String)
    case parameterInvalid(name: String, value: Double, allowed: String)

    package var code: FaultCode {
        switch self {
        case .parameterInvalid: .parameterInvalid
        default: .auditDataUnusable
        }
    }

    package var detail: String {
        switch self {
        case .tooFew(let what, let count, let required): "There are \(count) \(what); at least \(required) are needed."
        case .tooManyRows(let count, let limit): "There are \(count) rows; at most \(limit) are computed."
        case .lengthsDiffer(let first, let firstCount, let second, let secondCount):
            "Column \(first) has \(firstCount) values and column \(second) has \(secondCount)."
        case .notFinite(let row, let column): "Row \(row), column \(column) is not a finite number."
        case .notPositive(let row, let column, let value):
            "Row \(row), column \(column) is \(value); logarithms and ratios need values above 0."
        case .outOfRange(let row, let column, let value, let allowed):
            "Row \(row), column \(column) is \(value); it must be \(allowed)."
        case .constantColumn(let column): "All values of column \(column) are equal."
        case .unbalanced(let row, let column, let count, let expected):
            "Row \(row), column \(column) has \(count) reading(s) where the others have \(expected)."
        case .classMissing(let column, let missing): "Column \(column) has no row of class \(missing)."
        case .categoryUnknown(let row, let column):
            "Row \(row), column \(column) holds a category that is not in the list."
        case .categoryRepeated(let name): "Category \(name) is listed twice."
        case .varianceVanishes(let what): "The variance of \(what) is 0, so that it cannot be tested."
        case .separated:
            "The probabilities separate the two outcomes completely, so that no calibration line fits best."
        case .statisticUndefined: "The statistic is undefined for the sample itself."
        case .maskEmpty(let name): "The \(name) mask has no voxel."
        case .parameterInvalid(let name, let value, let allowed): "\(name) is \(value); it must be \(allowed)."
        }
    }

    package var fix: String {
        switch self {
        case .tooFew: "Add rows, or ask for a statistic that needs fewer."
        case .tooManyRows: "Split the table, or audit a random part of it."
        case .lengthsDiffer: "Give both columns a value in every row."
        case .notFinite: "Correct the row or leave it out."
        case .notPositive: "Correct the row, or compare differences instead of ratios."
        case .outOfRange: "Correct the row or leave it out."
        case .constantColumn: "Check that the column holds measurements; agreement cannot be judged without variation."
        case .unbalanced: "Complete the readings, leave the row out, or use a method for unequal replicates."
        case .classMissing: "Give rows of both classes."
        case .categoryUnknown: "Correct the row, or add its category to the list."
        case .categoryRepeated: "List each category once."
        case .varianceVanishes: "Check that the two columns are not the same; add rows."
        case .separated: "Add rows, or judge calibration by the calibration curve alone."
        case .statisticUndefined: "Add rows, or ask for a statistic that these rows define."
        case .maskEmpty: "Give a mask with at least one voxel, or leave the case out."
        case .parameterInvalid(_, _, let allowed): "Give a value that is \(allowed)."
        }
    }

    package var subject: String? {
        switch self {
        case .notFinite(_, let column), .notPositive(_, let column, _), .outOfRange(_, let column, _, _),
            .constantColumn(let column), .unbalanced(_, let column, _, _), .classMissing(let column, _),
            .categoryUnknown(_, let column):
            column
        case .parameterInvalid(let name, _, _): name
        case .maskEmpty(let name): name
        case .tooFew, .tooManyRows, .lengthsDiffer, .categoryRepeated, .varianceVanishes, .separated,
            .statisticUndefined:
            nil
        }
    }
}
