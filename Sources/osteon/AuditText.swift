// An audit as a person reads it in a terminal.
import Audits
import Foundation

/// Lays an audit out as text: a table for each set of rows, the control chart, the reading.
struct AuditText {
    let report: AuditReport
    private static let width = 100

    var text: String {
        var lines = ["\(report.title) (\(report.kind.rawValue))", report.disclaimer, ""]
        for section in report.sections { lines += table(of: section) + [""] }
        lines += chart
        lines += Self.wrapped(report.reading)
        lines.append("Input SHA-256 \(report.input.sha256 ?? "unknown"), Osteon \(report.version)")
        return lines.joined(separator: "\n")
    }

    private func table(of section: AuditSection) -> [String] {
        let heading = report.sections.count > 1 ? "\(section.name): \(section.count) rows" : "\(section.count) rows"
        if let reason = section.reason { return ["\(heading). No figures: \(reason)"] }
        let confidence = section.figures.lazy.compactMap(\.confidence).first ?? report.settings.confidence
        let rows = section.figures.map { figure in
            [
                figure.label, figure.valueText ?? "-", figure.intervalText ?? "-",
                figure.value == nil ? figure.reason ?? "-" : figure.method,
            ]
        }
        return [heading]
            + Self.aligned([["figure", "value", "\(Figure.percent(confidence)) interval", "method"]] + rows)
    }

    private var chart: [String] {
        guard let drift = report.drift else { return [] }
        let rows = drift.points.map { point -> [String] in
            let limits = point.lower.flatMap { lower in
                point.upper.map { "\(Figure.text(lower)) to \(Figure.text($0))" }
            }
            return [
                point.name, String(point.count), Figure.text(point.mean, unit: drift.unit), limits ?? "-",
                point.flags.joined(separator: ", "),
            ]
        }
        return ["Control chart of the bias over \(drift.grouping)"]
            + Self.aligned([["group", "rows", "bias", "control limits", "flag"]] + rows) + [""]
    }

    /// The first and last columns to the left, those between to the right.
    private static func aligned(_ rows: [[String]]) -> [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + space : column == row.count - 1 ? cell : space + cell
            }
            return "  " + cells.joined(separator: "  ")
        }
    }

    private static func wrapped(_ text: String) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            let line = lines[lines.count - 1]
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(String(word))
            } else {
                lines[lines.count - 1] = line.isEmpty ? String(word) : "\(line) \(word)"
            }
        }
        return lines
    }
}
