// The one unit of an audit's readings.

/// The unit of the columns in use: the request's, the header's or the unit column's, which must agree.
struct ReadingUnit {
    /// nil where none is named anywhere.
    let text: String?

    /// - Throws: `AuditError.unitsDiffer` between headers, `unitsMixed` with the first row of another unit.
    init(_ table: AuditTable, _ settings: AuditSettings, _ roles: ColumnRoles, columns: [Int]) throws {
        var known: (unit: String, column: String)?
        for column in columns {
            guard let unit = table.columnUnits[column] else { continue }
            if let known, known.unit != unit {
                throw AuditError.unitsDiffer(
                    first: known.column, firstUnit: known.unit, second: table.columnNames[column], secondUnit: unit)
            }
            known = known ?? (unit, table.columnNames[column])
        }
        if let unit = settings.unit {
            if let known, known.unit != unit {
                throw AuditError.unitsDiffer(
                    first: known.column, firstUnit: known.unit, second: "option unit", secondUnit: unit)
            }
            known = known ?? (unit, "option unit")
        }
        if let column = roles[.unitColumn] {
            for (row, unit) in table.texts(column).enumerated() {
                guard !unit.isEmpty else { throw AuditError.cell(table.place(row: row, column: column), .empty) }
                let expected = known ?? (unit, table.columnNames[column])
                guard unit == expected.unit else {
                    throw AuditError.unitsMixed(table.place(row: row, column: column), expected: expected.unit)
                }
                known = expected
            }
        }
        text = known?.unit
    }
}
