// A report as a person reads it in a terminal: one line a vertebra, then the quadrant maps.
import Domain
import Foundation

/// Lays a report out as text.
struct ReportTable {
    let report: Report

    var text: String {
        var lines = [
            "Osteon \(report.provenance.version), \(report.analysis.name) \(report.analysis.version)",
            report.disclaimer,
            "Scan \(list(report.image.sizeVoxels.map(String.init), " x ")) voxels of "
                + "\(list(report.image.spacingMM.map { number($0, 3) }, " x ")) mm",
            "",
        ]
        if let spine = report.spine { lines += SpineText(spine: spine).lines + [""] }
        if !report.vertebrae.isEmpty { lines += vertebraTable + [""] }
        for vertebra in report.vertebrae {
            lines += quadrantMap(of: vertebra) + RehearsalText(vertebra: vertebra).lines
            if vertebra.leakageMap != nil { lines.append("") }
        }
        lines += deepFeatures + omissions
        lines += report.image.warnings.map { "Warning: \($0)" }
        return lines.joined(separator: "\n")
    }

    private var vertebraTable: [String] {
        let header = [
            "level", "body mL", "ant mm", "mid mm", "post mm", "wedge", "lost", "Genant", "HU", "gaps",
            "any leak (95 %)", "band", "cement mL",
        ]
        let rows = report.vertebrae.map { vertebra -> [String] in
            let risk = vertebra.risk?.any
            let fracture = vertebra.morphometry?.fracture
            return [
                vertebra.level.rawValue, number(vertebra.segmentation.bodyVolumeML, 1),
                measured("anteriorHeight", vertebra), measured("middleHeight", vertebra),
                measured("posteriorHeight", vertebra), measured("wedgeAngle", vertebra),
                fracture.map { percent($0.compression) } ?? "-", fracture.map { number($0.genantGrade, 1) } ?? "-",
                measured("trabecularMean", vertebra, digits: 0),
                vertebra.morphometry?.cortex.map { String($0.gaps.count) } ?? "-",
                risk.map { "\(percent($0.probability)) (\(percent($0.interval95[0]))-\(percent($0.interval95[1])))" }
                    ?? "-",
                risk?.band ?? "-",
                vertebra.recommendation?.volumeRangeML.map { list($0.map { number($0, 1) }, "-") } ?? "-",
            ]
        }
        return aligned([header] + rows)
    }

    private func quadrantMap(of vertebra: VertebraReport) -> [String] {
        guard let map = vertebra.leakageMap else { return [] }
        func cell(_ name: String) -> String {
            guard let quadrant = map.quadrants.first(where: { $0.quadrant == name }) else { return "" }
            return "\(name) \(number(quadrant.score, 2)) #\(quadrant.rank)".padding(
                toLength: 12, withPad: " ", startingAt: 0)
        }
        let cortex = vertebra.morphometry?.cortex
        let gaps = cortex?.gaps ?? []
        var lines = [
            "\(vertebra.level.rawValue): leakage map, \(map.method) (seen from the feet: the patient's right is on the left)",
            "            anterior",
            "    \(cell("AR"))| \(cell("AL"))",
            "    ------------+------------",
            "    \(cell("PR"))| \(cell("PL"))",
            "            posterior",
        ]
        lines += gaps.map {
            "    gap: \($0.wall), \($0.quadrant) \($0.third), \(number($0.areaMM2, 1)) mm2, "
                + "\(number($0.widthMM, 1)) x \(number($0.lengthMM, 1)) mm, score \(number($0.score, 1))"
        }
        if let cortex {
            let claim = gaps.isEmpty ? "no gap is claimed; " : ""
            let share = cortex.analysedShare.map { "on \(number(100 * $0, 0)) % of the shell" } ?? "on the shell"
            lines.append("    \(claim)gaps were looked for \(share) that is clear of rims, pedicles and foramen")
        } else {
            lines.append("    gaps were not looked for")
        }
        if let fallback = map.fallback { lines.append("    not rehearsed: \(fallback)") }
        return lines
    }

    private var deepFeatures: [String] {
        let embedded = report.vertebrae.filter { $0.deepFeatures != nil }
        guard let section = embedded.first?.deepFeatures else { return [] }
        let levels = list(embedded.map(\.level.rawValue), ", ")
        return [
            "Deep features: \(section.length) numbers for each of \(levels) by \(section.model) \(section.version); none has a meaning alone"
        ]
    }

    private var omissions: [String] {
        report.groupedOmissions.map { group in
            let levels = group.levels.isEmpty ? "" : " for " + list(group.levels.map(\.rawValue), ", ")
            return "Omitted\(levels): \(group.omission.item): \(group.omission.reason)"
        }
    }

    private func measured(_ name: String, _ vertebra: VertebraReport, digits: Int = 1) -> String {
        vertebra.morphometry?.measurements.first { $0.name == name }.map { number($0.value, digits) } ?? "-"
    }

    private func aligned(_ rows: [[String]]) -> [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ")
        }
    }

    private func number(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }

    private func percent(_ value: Double) -> String { "\(Int((value * 100).rounded())) %" }

    private func list(_ parts: [String], _ separator: String) -> String { parts.joined(separator: separator) }
}
