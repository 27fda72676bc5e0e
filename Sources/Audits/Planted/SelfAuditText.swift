// The audit of the service by itself as a person reads it in a terminal.
import Foundation

/// Lays a self-audit out as text.
package struct SelfAuditText {
    private let report: SelfAuditReport

    package init(_ report: SelfAuditReport) { self.report = report }

    package var text: String {
        let spacing = report.spacingMM.map { Figure.text($0) }.joined(separator: " x ")
        var lines = [
            "Osteon \(report.version) measured against what was planted",
            report.disclaimer,
            "\(report.phantoms) phantoms, seeds from \(report.seed), voxels of \(spacing) mm, "
                + "\(Figure.text(report.seconds)) s. Differences are measured - planted.",
            "",
        ]
        let header = [
            "quantity", "unit", "n", "bias (95 %)", "SD", "lower limit (95 %)", "upper limit (95 %)", "ICC(2,1)", "CCC",
        ]
        let rows = report.quantities.map { quantity -> [String] in
            let start = [quantity.label, quantity.unit, String(quantity.count)]
            if let reason = quantity.reason { return start + [reason] }
            return start + [
                interval(quantity["bias"]), value(quantity["standardDeviation"]), interval(quantity["lowerLimit"]),
                interval(quantity["upperLimit"]), value(quantity["icc"]), value(quantity["ccc"]),
            ]
        }
        lines += aligned([header] + rows)
        if !report.omissions.isEmpty {
            lines.append("")
            lines += report.omissions.prefix(20).map {
                "Not measured: \($0.quantity.label) of \($0.level), phantom \($0.phantom): \($0.reason)"
            }
            if report.omissions.count > 20 { lines.append("and \(report.omissions.count - 20) more") }
        }
        return lines.joined(separator: "\n")
    }

    private func value(_ figure: AuditFigure?) -> String { figure?.value.map { Figure.text($0) } ?? "-" }

    private func interval(_ figure: AuditFigure?) -> String {
        guard let figure, let lower = figure.lower, let upper = figure.upper else { return value(figure) }
        return "\(value(figure)) (\(Figure.text(lower)) to \(Figure.text(upper)))"
    }

    private func aligned(_ rows: [[String]]) -> [String] {
        let widths = rows[0].indices.map { column in
            rows.map { column < $0.count && $0.count == rows[0].count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            zip(row, widths).map { text, width in
                text + String(repeating: " ", count: max(0, width - text.count))
            }.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
        }
    }
}
