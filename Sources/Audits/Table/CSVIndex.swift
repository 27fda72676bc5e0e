// Where the cells of a CSV are.
import Foundation

/// One pass over the bytes of a CSV (RFC 4180). Blank lines are skipped.
struct CSVIndex: TableIndex {
    private(set) var header: [String] = []
    private(set) var rowCount = 0
    private(set) var cells: [AuditTable.Cell] = []

    private static let (quote, newline, carriageReturn) = (UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"))

    init(_ data: Data) throws {
        try data.withUnsafeBytes { bytes in
            if bytes.count >= 2, (bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF) {
                throw AuditError.encodingUnknown("UTF-16")
            }
            let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            try read(bytes, from: start, delimiter: Self.delimiter(bytes, from: start))
        }
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer, from start: Int, delimiter: UInt8) throws {
        var place = start
        var row: [AuditTable.Cell] = []
        while place < bytes.count {
            row.removeAll(keepingCapacity: true)
            let lineStart = place
            var isLineOver = false
            while !isLineOver {
                let (cell, end) = try cell(bytes, from: place, delimiter: delimiter, column: row.count)
                row.append(cell)
                isLineOver = end >= bytes.count || bytes[end] != delimiter
                place = end + 1
                // CRLF is one line end.
                if isLineOver, end + 1 < bytes.count, bytes[end] == Self.carriageReturn, bytes[end + 1] == Self.newline
                {
                    place = end + 2
                }
            }
            if row.count == 1, row[0].count == 0 { continue }
            try take(row, bytes, lineStart)
        }
    }

    private mutating func take(_ row: [AuditTable.Cell], _ bytes: UnsafeRawBufferPointer, _ lineStart: Int) throws {
        guard !header.isEmpty else {
            for cell in row { header.append(CellText.decode(bytes, cell, .csv)) }
            guard !header.contains(where: { $0.contains("\u{FFFD}") }) else {
                throw AuditError.encodingUnknown("in another encoding")
            }
            return
        }
        guard row.count == header.count else {
            throw AuditError.rowRagged(
                row: rowCount + 1, line: Self.line(bytes, lineStart), cells: row.count, columns: header.count)
        }
        guard rowCount < AuditTable.rowLimit else { throw AuditError.tooManyRows(limit: AuditTable.rowLimit) }
        guard lineStart <= AuditTable.byteLimit else { throw AuditError.tooManyBytes(limit: AuditTable.byteLimit) }
        rowCount += 1
        cells.append(contentsOf: row)
    }

    /// The cell that begins at `start`, and where its delimiter or line end is.
    private func cell(
        _ bytes: UnsafeRawBufferPointer, from start: Int, delimiter: UInt8, column: Int
    ) throws -> (AuditTable.Cell, end: Int) {
        var first = start
        while first < bytes.count, bytes[first] == 32 { first += 1 }
        var place = first
        if first < bytes.count, bytes[first] == Self.quote {
            place += 1
            while true {
                guard place < bytes.count else {
                    throw AuditError.quoteUnclosed(row: rowCount + 1, line: Self.line(bytes, first))
                }
                if bytes[place] == Self.quote {
                    guard place + 1 < bytes.count, bytes[place + 1] == Self.quote else { break }
                    place += 1
                }
                place += 1
            }
            let cell = AuditTable.Cell(start: first, count: place + 1 - first)
            place += 1
            while place < bytes.count, bytes[place] == 32 { place += 1 }
            guard place >= bytes.count || Self.isEnd(bytes[place], delimiter) else {
                throw AuditError.quoteMisplaced(
                    CellPlace(
                        row: rowCount + 1, line: Self.line(bytes, first),
                        column: column < header.count ? header[column] : "\(column + 1)"))
            }
            return (cell, place)
        }
        while place < bytes.count, !Self.isEnd(bytes[place], delimiter) { place += 1 }
        var last = place
        while last > first, bytes[last - 1] == 32 { last -= 1 }
        return (AuditTable.Cell(start: first, count: last - first), place)
    }

    private static func isEnd(_ byte: UInt8, _ delimiter: UInt8) -> Bool {
        byte == delimiter || byte == newline || byte == carriageReturn
    }

    /// The most frequent of comma, semicolon and tab in the header, outside quotation marks.
    private static func delimiter(_ bytes: UnsafeRawBufferPointer, from start: Int) -> UInt8 {
        var counts: [(byte: UInt8, count: Int)] = [
            (UInt8(ascii: ","), 0), (UInt8(ascii: ";"), 0), (UInt8(ascii: "\t"), 0),
        ]
        var isQuoted = false
        for byte in bytes[start...] {
            if byte == quote { isQuoted.toggle() }
            if !isQuoted, byte == newline || byte == carriageReturn { break }
            for index in counts.indices where !isQuoted && counts[index].byte == byte { counts[index].count += 1 }
        }
        // The first of equals: a header of one column has none.
        return counts.reduce(counts[0]) { $1.count > $0.count ? $1 : $0 }.byte
    }

    private static func line(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int {
        1 + bytes[..<offset].count { $0 == newline }
    }
}
