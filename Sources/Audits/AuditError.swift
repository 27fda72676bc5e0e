// Why a table or a request cannot be audited.
import Domain

/// Where a cell stands. Rows are counted from 1 below the header; lines from 1 at the top of the file.
package struct CellPlace: Sendable, Hashable {
    package let row: Int
    /// nil for a table that has no lines of its own, such as JSON.
    package let line: Int?
    package let column: String

    var text: String { "Row \(row)\(line.map { " (line \($0))" } ?? ""), column \(column)" }
}

/// What is wrong with a cell of a column of numbers, dates or outcomes.
package enum CellFault: Sendable, Hashable {
    case empty
    case text
    case decimalComma
    case notFinite
    /// Above what sums of squares can hold.
    case tooLarge
    case notPositive
    case notAProbability
    case notADate
    case notYesOrNo
    case outside(String)

    fileprivate var detail: String {
        switch self {
        case .empty: "is empty"
        case .text: "is text where a number is needed"
        case .decimalComma: "has a decimal comma where a number is needed"
        case .notFinite: "is NaN or infinite"
        case .tooLarge: "is beyond 1e100"
        case .notPositive: "is not above 0, as logarithms and percentages need"
        case .notAProbability: "is no probability from 0 to 1"
        case .notADate: "is no date such as 2026-11-21 or 2026-11"
        case .notYesOrNo: "is neither 0 nor 1"
        case .outside(let range): "is outside \(range)"
        }
    }
}

/// What is wrong with the data or the request of an audit.
package enum AuditError: Fault, Equatable {
    case tableEmpty
    case tooManyRows(limit: Int)
    case tooManyBytes(limit: Int)
    case encodingUnknown(String)
    case headerMissing
    case columnUnnamed(position: Int)
    case columnRepeated(name: String)
    case rowRagged(row: Int, line: Int?, cells: Int, columns: Int)
    case quoteUnclosed(row: Int, line: Int)
    case quoteMisplaced(CellPlace)
    case jsonMalformed(byte: Int, expected: String)
    case mediaTypeUnknown(String)
    case cell(CellPlace, CellFault)
    /// No column plays a part that the audit needs.
    case roleMissing(role: String, columns: [String])
    case columnMissing(name: String, role: String, columns: [String])
    case roleRepeated(column: String, roles: [String])
    case unitsMixed(CellPlace, expected: String)
    case unitsDiffer(first: String, firstUnit: String, second: String, secondUnit: String)
    case columnConstant(name: String, rows: Int)
    case tooFew(what: String, count: Int, required: Int)
    case tooManyGroups(column: String, limit: Int)
    /// A subject, known by its first row, lacks a reading by a rater or has one too many.
    case unbalanced(CellPlace, rater: String, count: Int, expected: Int)
    case classMissing(column: String, missing: String)
    case optionUnknown(name: String, known: [String])
    case optionInvalid(name: String, allowed: String)

    package var code: FaultCode {
        switch self {
        case .optionUnknown, .optionInvalid: .parameterInvalid
        case .mediaTypeUnknown: .unsupportedMediaType
        case .tooManyRows, .tooManyBytes: .bodyTooLarge
        case .jsonMalformed: .requestMalformed
        default: .auditDataUnusable
        }
    }

    package var detail: String {
        switch self {
        case .tableEmpty: "The table has no rows."
        case .tooManyRows(let limit): "The table has more than \(limit) rows; reading stopped there."
        case .tooManyBytes(let limit): "The table has more than \(limit >> 20) MiB."
        case .encodingUnknown(let found): "The table is \(found), not UTF-8."
        case .headerMissing: "The first row holds numbers only, no names of columns."
        case .columnUnnamed(let position): "Column \(position) of the header has no name."
        case .columnRepeated(let name): "Two columns are named \(name)."
        case .rowRagged(let row, let line, let cells, let columns):
            "Row \(row)\(line.map { " (line \($0))" } ?? "") has \(cells) cell(s); the header has \(columns)."
        case .quoteUnclosed(let row, let line): "A quoted cell that begins in row \(row) (line \(line)) never ends."
        case .quoteMisplaced(let place): "\(place.text) has text after its closing quotation mark."
        case .jsonMalformed(let byte, let expected): "The JSON is not as expected at byte \(byte): \(expected)."
        case .mediaTypeUnknown(let type): "Audits are not read from \(type)."
        case .cell(let place, let fault): "\(place.text) \(fault.detail)."
        case .roleMissing(let role, let columns):
            "No column is the \(role); the columns are \(columns.joined(separator: ", "))."
        case .columnMissing(let name, let role, let columns):
            "There is no column \(name) for \(role); the columns are \(columns.joined(separator: ", "))."
        case .roleRepeated(let column, let roles):
            "Column \(column) cannot be \(roles.joined(separator: " and ")) at once."
        case .unitsMixed(let place, let expected): "\(place.text) has another unit than \(expected)."
        case .unitsDiffer(let first, let firstUnit, let second, let secondUnit):
            "Column \(first) is in \(firstUnit) and column \(second) in \(secondUnit)."
        case .columnConstant(let name, let rows): "All \(rows) values of column \(name) are equal."
        case .tooFew(let what, let count, let required): "There are \(count) \(what); at least \(required) are needed."
        case .tooManyGroups(let column, let limit): "Column \(column) has more than \(limit) different values."
        case .unbalanced(let place, let rater, let count, let expected):
            "The subject of row \(place.row)\(place.line.map { " (line \($0))" } ?? "") has \(count) reading(s) by \(rater) in "
                + "column \(place.column), where others have \(expected)."
        case .classMissing(let column, let missing): "Column \(column) has no row of class \(missing)."
        case .optionUnknown(let name, let known):
            "There is no option \(name) here; there are \(known.joined(separator: ", "))."
        case .optionInvalid(let name, let allowed): "Option \(name) must be \(allowed)."
        }
    }

    package var fix: String {
        switch self {
        case .tableEmpty: "Send a header row and at least three rows."
        case .tooManyRows, .tooManyBytes:
            "Split the table, for instance by year or scanner, or audit a random part of it; limits of agreement from "
                + "100,000 pairs are known to a hundredth of an SD."
        case .encodingUnknown: "Save the table as CSV in UTF-8."
        case .headerMissing, .columnUnnamed, .columnRepeated: "Give each column a name of its own in the header row."
        case .rowRagged:
            "Give each row as many cells as the header; put quotation marks around text that holds a delimiter."
        case .quoteUnclosed, .quoteMisplaced: "Close the quotation mark; double it (\"\") inside a cell."
        case .jsonMalformed:
            "Send {\"pairs\": [[a, b], …]}, {\"rows\": [{\"column\": value, …}, …]} or {\"columns\": {\"column\": "
                + "[value, …], …}} with options beside it."
        case .mediaTypeUnknown: "Send text/csv or application/json."
        case .cell(_, .decimalComma): "Write numbers with a decimal point."
        case .cell, .unitsMixed: "Correct the cell, or leave the row out."
        case .roleMissing(let role, _): "Name the column with the option \(role), or rename it."
        case .columnMissing: "Name a column of the table."
        case .roleRepeated: "Name a different column for each."
        case .unitsDiffer: "Bring both columns to one unit."
        case .columnConstant:
            "Check that the column holds measurements; compare with one known value by the option reference."
        case .tooFew: "Add rows."
        case .tooManyGroups: "Name a column with few values, such as the rater or the scanner."
        case .unbalanced: "Complete the readings, or leave the subject out."
        case .classMissing: "Give rows of both classes."
        case .optionUnknown: "Correct the name, or leave it out."
        case .optionInvalid(_, let allowed): "Give \(allowed)."
        }
    }

    package var subject: String? {
        switch self {
        case .cell(let place, _), .quoteMisplaced(let place), .unitsMixed(let place, _): place.column
        case .columnRepeated(let name), .columnMissing(let name, _, _), .columnConstant(let name, _): name
        case .roleMissing(let role, _): role
        case .roleRepeated(let column, _), .tooManyGroups(let column, _), .classMissing(let column, _): column
        case .unbalanced(let place, _, _, _): place.column
        case .optionUnknown(let name, _), .optionInvalid(let name, _): name
        default: nil
        }
    }
}
