// Features as a table in PyRadiomics' columns: what names the case, diagnostics, features; a row for each region.

/// The rows of a CSV (RFC 4180, lines ended as PyRadiomics' command ends them).
package struct FeatureTable: Sendable {
    /// A value and its column.
    package typealias Cell = (name: String, value: String)

    private var rows: [[Cell]] = []

    package init() {}

    package mutating func add(_ row: [Cell]) { rows.append(row) }

    /// A column for each feature; a value that is undefined is an empty cell.
    package static func cells(of features: [FeatureValue]) -> [Cell] {
        features.map { ($0.name, $0.value.map { "\($0)" } ?? "") }
    }

    /// The header and the rows. A row that lacks a column has an empty cell there.
    /// - Parameter last: a column that stands behind all others, if any row has it.
    package func text(last: String? = nil) -> String {
        var header: [String] = []
        var known: Set<String> = []
        // Rows that hold features come first, so that their order is the order of the columns.
        for row in rows.sorted(by: { $0.count > $1.count }) {
            for (name, _) in row where known.insert(name).inserted && name != last { header.append(name) }
        }
        if let last, known.contains(last) { header.append(last) }
        let cells = rows.map { row in
            let values = Dictionary(row, uniquingKeysWith: { first, _ in first })
            return header.map { values[$0] ?? "" }
        }
        return ([header] + cells).map { $0.map(Self.cell).joined(separator: ",") + "\n" }.joined()
    }

    /// Quotes a cell where RFC 4180 asks for it.
    private static func cell(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
