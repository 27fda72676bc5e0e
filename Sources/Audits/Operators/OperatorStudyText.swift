// An operator-variability study as a person reads it in a terminal.
import Foundation

/// Lays a study out as text: a table of groups and the comparisons for each method.
package struct OperatorStudyText {
    private let report: OperatorStudyReport

    package init(_ report: OperatorStudyReport) { self.report = report }

    package var text: String {
        var lines = [
            "Operator study: \(report.rows) readings, groups \(report.groups.joined(separator: ", "))",
            report.disclaimer,
        ]
        for method in report.methods { lines += [""] + text(of: method) }
        lines.append("")
        lines.append("Input SHA-256 \(report.inputSHA256 ?? "unknown"), Osteon \(report.version)")
        return lines.joined(separator: "\n")
    }

    private func text(of method: OperatorMethod) -> [String] {
        let header = [
            "group", "operators", "readings", "time s", "value", "ICC within (95 %)", "ICC between (95 %)",
        ]
        let rows = method.groups.map { group in
            [
                group.name, String(group.operators), String(group.readings),
                plusMinus(group["timeMean"], group["timeSD"]), plusMinus(group["valueMean"], group["valueSD"]),
                told(group["iccWithin"]), told(group["iccBetween"]),
            ]
        }
        var lines = ["Method \(method.name)"] + aligned([header] + rows).map { "  " + $0 }
        lines += reasons(method.groups.flatMap(\.figures))
        lines += (method.comparison + method.variation).filter { $0.value != nil }.map {
            "  \($0.label): \(told($0))\($0.unit.map { " " + $0 } ?? "") (\($0.method))"
        }
        lines += reasons(method.comparison + method.variation)
        if let truth = method.truth {
            for section in truth.sections {
                guard let bias = section["bias"], let lower = section["lowerLimit"], let upper = section["upperLimit"]
                else {
                    lines.append("  Against the truth, \(section.name): no figures: \(section.reason ?? "-")")
                    continue
                }
                lines.append(
                    "  Against the truth, \(section.name): bias \(told(bias)), limits \(told(lower)) and \(told(upper))"
                )
            }
        } else if let reason = method.truthReason {
            lines.append("  Against the truth: no figures: \(reason)")
        }
        return lines
    }

    /// Each reason once.
    private func reasons(_ figures: [AuditFigure]) -> [String] {
        var seen: Set<String> = []
        return figures.compactMap { figure in
            guard figure.value == nil, let reason = figure.reason, seen.insert(reason).inserted else { return nil }
            return "  No \(figure.label): \(reason)"
        }
    }

    private func told(_ figure: AuditFigure?) -> String {
        guard let value = figure?.value else { return "-" }
        guard let lower = figure?.lower, let upper = figure?.upper else { return Figure.text(value) }
        return "\(Figure.text(value)) (\(Figure.text(lower)) to \(Figure.text(upper)))"
    }

    private func plusMinus(_ mean: AuditFigure?, _ sd: AuditFigure?) -> String {
        guard let mean = mean?.value else { return "-" }
        guard let sd = sd?.value else { return Figure.text(mean) }
        return "\(Figure.text(mean)) +/- \(Figure.text(sd))"
    }

    private func aligned(_ rows: [[String]]) -> [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
        }
    }
}
