// The table of an audit: named columns over the bytes as they were sent.
import Foundation

/// Named columns with rows counted from 1. Cells stay where they are in the bytes; a column is read when an audit asks for it.
package struct AuditTable: Sendable {
    /// More rows than this are refused (our choice: a million pairs fit an answer within a second).
    package static let rowLimit = 1_000_000
    /// A larger body is refused (our choice: about a million rows of ten columns).
    package static let byteLimit = 256 << 20

    /// Where a cell's bytes are; with its quotation marks where it has them.
    struct Cell {
        let start: Int
        let count: Int
    }

    enum Notation { case csv, json }

    /// As received: what the report's hash is of.
    package let bytes: Data
    /// Names without their units, in the order of the table.
    package let columnNames: [String]
    /// The unit in the header, as in `volume (mL)` or `volume [mL]`; nil where there is none.
    package let columnUnits: [String?]
    package let rowCount: Int
    let notation: Notation
    /// Row by row, `columnNames.count` a row.
    let cells: [Cell]

    /// Reads a CSV (RFC 4180): header row; comma, semicolon or tab; decimal point; UTF-8 with or without a byte order mark.
    /// - Throws: `AuditError` naming the row. Reading stops at the first row beyond the limit.
    package init(csv: Data) throws {
        try self.init(csv, .csv, CSVIndex(csv))
    }

    /// Reads a JSON document: `pairs`, `rows` or `columns`. Other members are left to `AuditRequest`.
    /// - Throws: `AuditError` naming the byte, the row or the column.
    package init(json: Data) throws {
        try self.init(json, .json, JSONIndex(json))
    }

    /// Writes the values as CSV and reads that: for tables that were never a file.
    /// - Throws: as `init(csv:)`.
    package init(header: [String], rows: [[String]]) throws {
        func line(_ cells: [String]) -> String {
            cells.map { cell in
                guard cell.contains(where: { ",;\t\"".contains($0) || $0.isNewline }) else { return cell }
                return "\"" + cell.replacing("\"", with: "\"\"") + "\""
            }.joined(separator: ",") + "\n"
        }
        try self.init(csv: Data(([header] + rows).map(line).joined().utf8))
    }

    init(_ bytes: Data, _ notation: Notation, _ index: some TableIndex) throws {
        guard !index.header.isEmpty, index.rowCount > 0 else { throw AuditError.tableEmpty }
        guard notation == .json || !index.header.allSatisfy({ Double($0) != nil }) else {
            throw AuditError.headerMissing
        }
        let columns = index.header.map { ColumnHeading($0) }
        for (position, column) in columns.enumerated() {
            guard !column.name.isEmpty else { throw AuditError.columnUnnamed(position: position + 1) }
            guard !columns[..<position].contains(where: { $0.matches(column.name) }) else {
                throw AuditError.columnRepeated(name: column.name)
            }
        }
        self.bytes = bytes
        self.notation = notation
        columnNames = columns.map(\.name)
        columnUnits = columns.map(\.unit)
        rowCount = index.rowCount
        cells = index.cells
    }

    /// The position of a column by its name, with or without its unit, in any case.
    package func position(of name: String) -> Int? {
        let heading = ColumnHeading(name)
        return columnNames.firstIndex(of: heading.name) ?? columnNames.firstIndex { heading.matches($0) }
    }

    /// One column as finite numbers.
    /// - Throws: `AuditError.cell` with the first cell that is none.
    package func numbers(_ column: Int) throws -> [Double] {
        var values = [Double](repeating: 0, count: rowCount)
        let width = columnNames.count
        let fault: (row: Int, fault: CellFault)? = withBytes { bytes in
            for row in 0..<rowCount {
                switch CellNumber(bytes, cells[row * width + column]) {
                case .value(let value): values[row] = value
                case .unusable(let fault): return (row, fault)
                }
            }
            return nil
        }
        if let fault { throw AuditError.cell(place(row: fault.row, column: column), fault.fault) }
        return values
    }

    /// Whether a column holds numbers, to judge by its first rows: how columns without a role are told apart. One number is enough, so
    /// that a faulty cell is found as such.
    func looksNumeric(_ column: Int) -> Bool {
        withBytes { bytes in
            (0..<min(rowCount, 25)).contains { row in
                if case .value = CellNumber(bytes, cells[row * columnNames.count + column]) { true } else { false }
            }
        }
    }

    /// One column as text, an empty cell as "".
    package func texts(_ column: Int) -> [String] {
        let width = columnNames.count
        return withBytes { bytes in
            (0..<rowCount).map { CellText.decode(bytes, cells[$0 * width + column], notation) }
        }
    }

    /// One column as categories in the order in which they first occur.
    /// - Throws: `AuditError.cell` for an empty cell, `tooManyGroups` beyond the limit.
    package func categories(_ column: Int, limit: Int) throws -> (names: [String], codes: [Int]) {
        var places: [String: Int] = [:]
        var names: [String] = []
        var codes: [Int] = []
        codes.reserveCapacity(rowCount)
        for (row, text) in texts(column).enumerated() {
            guard !text.isEmpty else { throw AuditError.cell(place(row: row, column: column), .empty) }
            if let code = places[text] {
                codes.append(code)
            } else {
                guard names.count < limit else {
                    throw AuditError.tooManyGroups(column: columnNames[column], limit: limit)
                }
                places[text] = names.count
                codes.append(names.count)
                names.append(text)
            }
        }
        return (names, codes)
    }

    /// Where a cell stands, for an error. `row` counts from 0.
    func place(row: Int, column: Int) -> CellPlace {
        let start = cells[row * columnNames.count + column].start
        let line = notation == .json ? nil : 1 + bytes.prefix(start).count { $0 == UInt8(ascii: "\n") }
        return CellPlace(row: row + 1, line: line, column: columnNames[column])
    }

    private func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes(body)
    }
}

/// What a reader of bytes finds: the header and where each cell is.
protocol TableIndex {
    var header: [String] { get }
    var rowCount: Int { get }
    var cells: [AuditTable.Cell] { get }
}

/// A name in a header, parted from its unit.
struct ColumnHeading {
    let name: String
    let unit: String?

    init(_ text: String) {
        let text = text.trimmingCharacters(in: .whitespaces)
        for (opening, closing) in [("(", ")"), ("[", "]")] as [(Character, Character)] {
            guard text.last == closing, let start = text.lastIndex(of: opening), start > text.startIndex else {
                continue
            }
            let inner = text[text.index(after: start)...].dropLast().trimmingCharacters(in: .whitespaces)
            name = text[..<start].trimmingCharacters(in: .whitespaces)
            unit = inner.isEmpty ? nil : inner
            return
        }
        name = text
        unit = nil
    }

    func matches(_ other: String) -> Bool { name.caseInsensitiveCompare(other) == .orderedSame }
}
