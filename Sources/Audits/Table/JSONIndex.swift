// Where the cells of a JSON table are, and the options beside it.
import Foundation

/// One pass over a JSON document (RFC 8259): `pairs`, `rows` or `columns`, or an array of rows by itself. Other members
/// whose values are no arrays or objects are options.
struct JSONIndex: TableIndex {
    private(set) var header: [String] = []
    private(set) var rowCount = 0
    private(set) var cells: [AuditTable.Cell] = []
    /// Members beside the table, as text.
    private(set) var options: [String: String] = [:]

    init(_ data: Data) throws {
        guard data.count <= AuditTable.byteLimit else { throw AuditError.tooManyBytes(limit: AuditTable.byteLimit) }
        try data.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            if scanner.peek() == UInt8(ascii: "[") {
                try rows(&scanner)
            } else {
                try scanner.object { scanner, key in try member(key, &scanner) }
            }
            try scanner.end()
        }
    }

    private mutating func member(_ key: String, _ scanner: inout JSONScanner) throws {
        switch key {
        case "pairs", "rows", "columns":
            guard header.isEmpty else { throw scanner.fault("one of pairs, rows and columns, once") }
            switch key {
            case "pairs": try pairs(&scanner)
            case "rows": try rows(&scanner)
            default: try columns(&scanner)
            }
        default:
            let cell = try scanner.scalar()
            let text = CellText.decode(scanner.bytes, cell, .json)
            // null says no more than leaving the option out.
            if !text.isEmpty { options[key] = text }
        }
    }

    private mutating func pairs(_ scanner: inout JSONScanner) throws {
        header = ["first", "second"]
        try scanner.array { scanner in
            try countRow()
            var count = 0
            try scanner.array { scanner in
                cells.append(try scanner.scalar())
                count += 1
            }
            guard count == 2 else {
                throw AuditError.rowRagged(row: rowCount, line: nil, cells: count, columns: 2)
            }
        }
    }

    /// Objects with the same members, in any order; the first one names the columns.
    private mutating func rows(_ scanner: inout JSONScanner) throws {
        var places: [String: Int] = [:]
        try scanner.array { scanner in
            try countRow()
            let start = cells.count
            var found = 0
            var expected = Set<Int>()
            if !places.isEmpty {
                cells.append(contentsOf: repeatElement(AuditTable.Cell(start: 0, count: 0), count: header.count))
            }
            try scanner.object { scanner, key in
                let cell = try scanner.scalar()
                if rowCount == 1 {
                    guard places.updateValue(header.count, forKey: key) == nil else {
                        throw AuditError.columnRepeated(name: key)
                    }
                    header.append(key)
                    cells.append(cell)
                } else if let place = places[key], expected.insert(place).inserted {
                    cells[start + place] = cell
                } else {
                    found += 1
                }
            }
            let count = rowCount == 1 ? header.count : expected.count + found
            guard found == 0, count == header.count else {
                throw AuditError.rowRagged(row: rowCount, line: nil, cells: count, columns: header.count)
            }
        }
    }

    private mutating func columns(_ scanner: inout JSONScanner) throws {
        var columns: [[AuditTable.Cell]] = []
        try scanner.object { scanner, key in
            header.append(key)
            var column: [AuditTable.Cell] = []
            try scanner.array { scanner in
                guard column.count < AuditTable.rowLimit else {
                    throw AuditError.tooManyRows(limit: AuditTable.rowLimit)
                }
                column.append(try scanner.scalar())
            }
            columns.append(column)
        }
        rowCount = columns.map(\.count).max() ?? 0
        if let short = columns.map(\.count).min(), short < rowCount {
            let cells = columns.count { $0.count > short }
            throw AuditError.rowRagged(row: short + 1, line: nil, cells: cells, columns: columns.count)
        }
        cells.reserveCapacity(rowCount * columns.count)
        for row in 0..<rowCount {
            for column in columns { cells.append(column[row]) }
        }
    }

    private mutating func countRow() throws {
        guard rowCount < AuditTable.rowLimit else { throw AuditError.tooManyRows(limit: AuditTable.rowLimit) }
        rowCount += 1
    }
}
