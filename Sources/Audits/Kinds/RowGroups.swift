// The rows of a table, parted by a column.

/// Rows by the values of one column.
struct RowGroups {
    /// More parts than this make no readable report (our choice).
    static let limit = 200

    let column: String
    let names: [String]
    /// Row numbers from 0, group by group.
    let rows: [[Int]]

    /// - Throws: `AuditError` for a column that is not there, an empty cell or too many values.
    init(_ table: AuditTable, by name: String, role: String) throws {
        guard let place = table.position(of: name) else {
            throw AuditError.columnMissing(name: name, role: role, columns: table.columnNames)
        }
        let (names, codes) = try table.categories(place, limit: Self.limit)
        self.init(column: table.columnNames[place], names: names, codes: codes)
    }

    init(column: String, names: [String], codes: [Int]) {
        self.column = column
        self.names = names
        var rows = [[Int]](repeating: [], count: names.count)
        for (row, code) in codes.enumerated() { rows[code].append(row) }
        self.rows = rows
    }
}
