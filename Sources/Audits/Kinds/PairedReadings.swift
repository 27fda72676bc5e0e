// The two columns of a Bland–Altman audit, checked.
import Agreement
import Domain

/// The readings of two methods, or of a method and known values, row by row.
struct PairedReadings {
    /// How the second value is known.
    enum Comparison: Hashable {
        case method
        /// A column of true values.
        case knownColumn
        /// One true value for all rows.
        case knownValue
    }

    let comparison: Comparison
    let first: [Double]
    let second: [Double]
    let firstName: String
    let secondName: String
    /// Of the readings; nil where the table and the request name none.
    let unit: String?
    let roles: ColumnRoles

    /// - Throws: `AuditError` naming row and column: fewer than three rows, constant columns, mixed units, cells that are no number.
    init(_ request: AuditRequest) throws {
        let (table, settings) = (request.table, request.settings)
        var roles = try ColumnRoles(table, settings)
        if roles[.first] == nil, let column = roles.freeNumberColumns().first { roles.assign(.first, to: column) }
        if settings.reference != nil {
            roles.release(.second)
            roles.release(.reference)
        } else if roles[.second] == nil, roles[.reference] == nil, let column = roles.freeNumberColumns().first {
            roles.assign(.second, to: column)
        }
        let first = try roles.require(.first)
        guard table.rowCount >= 3 else { throw AuditError.tooFew(what: "pairs", count: table.rowCount, required: 3) }
        firstName = table.columnNames[first]
        self.first = try table.numbers(first)
        if let reference = settings.reference {
            comparison = .knownValue
            second = [Double](repeating: reference, count: table.rowCount)
            secondName = "reference \(Figure.text(reference))"
            unit = try ReadingUnit(table, settings, roles, columns: [first]).text
        } else {
            let isReference = roles[.second] == nil && roles[.reference] != nil
            let column = try isReference ? roles.require(.reference) : roles.require(.second)
            comparison = isReference ? .knownColumn : .method
            second = try table.numbers(column)
            secondName = table.columnNames[column]
            unit = try ReadingUnit(table, settings, roles, columns: [first, column]).text
            if comparison == .method {
                try Self.checkVariation(self.first, firstName)
                try Self.checkVariation(second, secondName)
            }
        }
        if comparison != .knownColumn { roles.release(.reference) }
        self.roles = roles
        if settings.form != .difference { try checkPositive(request, first) }
    }

    private static func checkVariation(_ values: [Double], _ name: String) throws {
        guard values.contains(where: { $0 != values[0] }) else {
            throw AuditError.columnConstant(name: name, rows: values.count)
        }
    }

    /// Logarithms need both above 0; per cents need a mean above 0, which both being above 0 gives.
    private func checkPositive(_ request: AuditRequest, _ column: Int) throws {
        if let row = first.firstIndex(where: { $0 <= 0 }) {
            throw AuditError.cell(request.table.place(row: row, column: column), .notPositive)
        }
        guard let row = second.firstIndex(where: { $0 <= 0 }) else { return }
        guard let other = roles[.second] ?? roles[.reference] else {
            throw AuditError.optionInvalid(name: "reference", allowed: "above 0 for this form")
        }
        throw AuditError.cell(request.table.place(row: row, column: other), .notPositive)
    }
}
