// Readings by subject and rater, from a long or a wide table.

/// Which rows and columns hold the readings of each subject by each rater.
///
/// A wide table has a row for each subject and a column for each rater; a long one has a row for each reading, with columns for
/// subject, rater (if there are several) and value.
struct ReadingGrid {
    let subjectNames: [String]
    let raterNames: [String]
    /// (row, column) of each reading: cells[subject][rater], in the order of the table.
    let cells: [[[(row: Int, column: Int)]]]
    /// The columns that hold readings.
    let valueColumns: [Int]
    let roles: ColumnRoles
    /// Rows of the table that were used.
    let rowCount: Int

    /// - Parameter rows: the rows to use; nil for all.
    /// - Throws: `AuditError` where subject, rater or values cannot be told apart.
    init(_ table: AuditTable, _ settings: AuditSettings, rows chosen: [Int]?) throws {
        var roles = try ColumnRoles(table, settings)
        let rows = chosen ?? Array(0..<table.rowCount)
        rowCount = rows.count
        if let rater = roles[.rater], settings.raters.isEmpty {
            let value = try Self.valueColumn(table, &roles)
            let subject = try roles.require(.subject)
            (subjectNames, raterNames, cells) = try Self.long(table, rows, subject: subject, rater: rater, value: value)
            valueColumns = [value]
        } else if settings.raters.isEmpty, roles[.subject] != nil, roles.isNamed(.value) || Self.isLong(table, roles) {
            let value = try Self.valueColumn(table, &roles)
            let subject = try roles.require(.subject)
            (subjectNames, raterNames, cells) = try Self.long(table, rows, subject: subject, rater: nil, value: value)
            valueColumns = [value]
        } else {
            roles.release(.value)
            let columns = try Self.raterColumns(table, settings, roles)
            let subjects = try roles[.subject].map { try table.categories($0, limit: AuditTable.rowLimit) }
            raterNames = columns.map { table.columnNames[$0] }
            var names: [String] = []
            var places: [Int: Int] = [:]
            var cells: [[[(row: Int, column: Int)]]] = []
            for row in rows {
                let subject = subjects?.codes[row] ?? row
                let place = places[subject] ?? names.count
                if place == names.count {
                    places[subject] = place
                    names.append(subjects?.names[subject] ?? "row \(row + 1)")
                    cells.append([[(row: Int, column: Int)]](repeating: [], count: columns.count))
                }
                for (rater, column) in columns.enumerated() { cells[place][rater].append((row, column)) }
            }
            subjectNames = names
            self.cells = cells
            valueColumns = columns
        }
        self.roles = roles
    }

    /// The readings per cell where all cells have as many, else nil.
    var balancedCount: Int? {
        guard let count = cells.first?.first?.count, count > 0 else { return nil }
        return cells.allSatisfy { $0.allSatisfy { $0.count == count } } ? count : nil
    }

    /// - Throws: `AuditError.unbalanced` with the first row of the first subject that lacks a reading or has one too many.
    func requireBalance(_ table: AuditTable) throws {
        let expected = cells.joined().map(\.count).max() ?? 0
        for row in cells {
            for (rater, cell) in row.enumerated() where cell.count != expected {
                let known = row.joined().first ?? (0, valueColumns[0])
                throw AuditError.unbalanced(
                    table.place(row: known.row, column: known.column), rater: raterNames[rater], count: cell.count,
                    expected: expected)
            }
        }
    }

    /// One column of numbers and a subject that comes back: readings below each other.
    private static func isLong(_ table: AuditTable, _ roles: ColumnRoles) -> Bool {
        var roles = roles
        roles.release(.value)
        return roles.freeNumberColumns().count == 1
    }

    private static func valueColumn(_ table: AuditTable, _ roles: inout ColumnRoles) throws -> Int {
        if roles[.value] == nil, let column = roles.freeNumberColumns().first { roles.assign(.value, to: column) }
        return try roles.require(.value)
    }

    private static func raterColumns(_ table: AuditTable, _ settings: AuditSettings, _ roles: ColumnRoles) throws
        -> [Int]
    {
        let named = try settings.raters.map { try roles.position(of: $0, role: "raters") }
        let numbers = roles.freeNumberColumns()
        let columns = !named.isEmpty ? named : numbers.count >= 2 ? numbers : roles.freeColumns()
        guard columns.count >= 2 else {
            throw AuditError.tooFew(what: "columns of raters", count: columns.count, required: 2)
        }
        return columns
    }

    private static func long(
        _ table: AuditTable, _ rows: [Int], subject: Int, rater: Int?, value: Int
    ) throws -> ([String], [String], [[[(row: Int, column: Int)]]]) {
        let subjects = try table.categories(subject, limit: AuditTable.rowLimit)
        let raters = try rater.map { try table.categories($0, limit: RowGroups.limit) }
        var subjectPlaces: [Int: Int] = [:]
        var raterPlaces: [Int: Int] = [:]
        var subjectNames: [String] = []
        var raterNames: [String] = []
        for row in rows {
            if subjectPlaces[subjects.codes[row]] == nil {
                subjectPlaces[subjects.codes[row]] = subjectNames.count
                subjectNames.append(subjects.names[subjects.codes[row]])
            }
            let code = raters?.codes[row] ?? 0
            if raterPlaces[code] == nil {
                raterPlaces[code] = raterNames.count
                raterNames.append(raters?.names[code] ?? table.columnNames[value])
            }
        }
        var cells = [[[(row: Int, column: Int)]]](
            repeating: .init(repeating: [], count: raterNames.count), count: subjectNames.count)
        for row in rows {
            let (place, code) = (subjectPlaces[subjects.codes[row]] ?? 0, raters?.codes[row] ?? 0)
            cells[place][raterPlaces[code] ?? 0].append((row, value))
        }
        return (subjectNames, raterNames, cells)
    }
}
