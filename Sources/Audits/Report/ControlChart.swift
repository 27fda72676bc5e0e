// Whether the bias drifts: its mean by month, scanner or model version against control limits.
import Domain
import Foundation

/// A Shewhart chart of means of unequal numbers: centre ± 3 · s / √n, with s pooled within groups.
/// Source: D. C. Montgomery, Introduction to Statistical Quality Control, section on x̄ and s charts with variable sample size (the
/// weighted average of the groups' variances); W. A. Shewhart, 1931, for three standard errors. The limits come from the same rows
/// that they judge, so that a large drift widens nothing but moves the centre.
package struct ControlChart: Codable, Hashable, Sendable {
    /// One group.
    package struct Point: Codable, Hashable, Sendable {
        package let name: String
        package let count: Int
        /// Mean difference, on the scale of the differences (logarithms for the form log).
        package let mean: Double
        /// Control limits for so many rows; nil where there are none.
        package let lower: Double?
        package let upper: Double?
        /// What is conspicuous: `beyond-limits`, `run-of-nine`.
        package let flags: [String]
    }

    /// The column that parts the rows, and how.
    package let grouping: String
    package let unit: String?
    package let label: String
    /// The mean of all rows.
    package let centre: Double
    /// Pooled within groups; nil where no group has two rows.
    package let withinSD: Double?
    /// In calendar order for dates, else in the order of the table.
    package let points: [Point]
    package let method: String
    package let source: String
    /// Why there are no control limits; nil where there are.
    package let reason: String?

    /// Columns that a chart is made of where there is no date and none is asked for.
    private static let usualNames = ["scanner", "device", "model version", "software version"]

    package var flagged: [Point] { points.filter { !$0.flags.isEmpty } }

    /// nil where neither the request nor the table names a column for it.
    /// - Throws: `AuditError` for a column that is not there, or a cell that is no date.
    init?(_ request: AuditRequest, differences set: DifferenceSet, date: Int?) throws {
        let groups: RowGroups
        if let name = request.settings.drift, date == nil || request.table.position(of: name) != date {
            groups = try RowGroups(request.table, by: name, role: "drift")
            grouping = groups.column
        } else if let date {
            groups = try Self.months(request.table, date)
            grouping = "\(groups.column), by month"
        } else if let name = Self.usualNames.first(where: { request.table.position(of: $0) != nil }) {
            groups = try RowGroups(request.table, by: name, role: "drift")
            grouping = groups.column
        } else {
            return nil
        }
        unit = set.unit
        label = set.differenceLabel
        method = "means with 3 standard errors from the SD pooled within groups; nine in a row on one side"
        source = "Montgomery, Introduction to Statistical Quality Control; Nelson, J Qual Technol 1984;16:237"
        let means = groups.rows.map { rows in rows.reduce(0) { $0 + set.differences[$1] } / Double(rows.count) }
        let centre = set.differences.reduce(0, +) / Double(set.count)
        var squares = 0.0
        for (rows, mean) in zip(groups.rows, means) {
            for row in rows { squares += (set.differences[row] - mean) * (set.differences[row] - mean) }
        }
        let freedom = set.count - groups.names.count
        let sd = freedom > 0 && squares > 0 ? (squares / Double(freedom)).squareRoot() : nil
        let isJudged = groups.names.count > 1
        self.centre = centre
        withinSD = sd
        reason =
            !isJudged
            ? "There is one group only."
            : sd == nil ? "No group has two different rows, so that nothing tells chance." : nil
        let runs = Self.runs(means.map { $0 > centre ? 1 : $0 < centre ? -1 : 0 })
        points = groups.names.indices.map { index in
            let count = groups.rows[index].count
            let margin = isJudged ? sd.map { 3 * $0 / Double(count).squareRoot() } : nil
            let isBeyond = margin.map { abs(means[index] - centre) > $0 } ?? false
            return Point(
                name: groups.names[index], count: count, mean: means[index], lower: margin.map { centre - $0 },
                upper: margin.map { centre + $0 },
                flags: (isBeyond ? ["beyond-limits"] : []) + (runs[index] ? ["run-of-nine"] : []))
        }
    }

    /// Rows by calendar month, earliest first.
    private static func months(_ table: AuditTable, _ column: Int) throws -> RowGroups {
        var months: [String] = []
        months.reserveCapacity(table.rowCount)
        for (row, text) in table.texts(column).enumerated() {
            guard let month = CalendarMonth(text) else {
                throw AuditError.cell(table.place(row: row, column: column), text.isEmpty ? .empty : .notADate)
            }
            months.append(month.name)
        }
        let names = Set(months).sorted()
        guard names.count <= RowGroups.limit else {
            throw AuditError.tooManyGroups(column: table.columnNames[column], limit: RowGroups.limit)
        }
        let codes = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        return RowGroups(column: table.columnNames[column], names: names, codes: months.map { codes[$0] ?? 0 })
    }

    /// Which places belong to nine or more in a row on one side.
    private static func runs(_ sides: [Int]) -> [Bool] {
        var isPart = [Bool](repeating: false, count: sides.count)
        var start = 0
        for place in 0...sides.count where place == sides.count || sides[place] != sides[start] {
            if sides[start] != 0, place - start >= 9 {
                for member in start..<place { isPart[member] = true }
            }
            start = place
        }
        return isPart
    }
}

/// A month of a year, read from ISO 8601 (2026-11-21, 2026-11) or DICOM (20261121) dates.
struct CalendarMonth {
    /// As 2026-11.
    let name: String

    /// Byte by byte: a table may have a million dates, on which regular expressions take minutes.
    init?(_ text: String) {
        let bytes = Array(text.utf8.prefix { $0 != UInt8(ascii: "T") && $0 != UInt8(ascii: " ") })
        let dashes: [Int]
        switch bytes.count {
        case 10: dashes = [4, 7]
        case 7: dashes = [4]
        case 8: dashes = []
        default: return nil
        }
        for (place, byte) in bytes.enumerated() {
            let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
            guard dashes.contains(place) ? byte == UInt8(ascii: "-") : isDigit else { return nil }
        }
        let month = bytes[(dashes.isEmpty ? 4 : 5)...].prefix(2)
        guard let number = Int(String(decoding: month, as: UTF8.self)), (1...12).contains(number) else { return nil }
        name = String(decoding: bytes[..<4] + [UInt8(ascii: "-")] + month, as: UTF8.self)
    }
}
