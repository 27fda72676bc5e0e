// A spine that was found, as a person reads it in a terminal.
import Domain
import Foundation

struct SpineText {
    let spine: SpineSection

    /// One line a vertebra, then what the anchors said, and every reason to look.
    var lines: [String] {
        let rows = spine.vertebrae.map { vertebra in
            [
                vertebra.name, vertebra.level == nil ? "-" : number(vertebra.levelConfidence, 2),
                "\(vertebra.labelValue)", vertebra.bodyVolumeML.map { number($0, 1) } ?? "-",
                vertebra.vertebraVolumeML.map { number($0, 1) } ?? "-", number(vertebra.score, 2), vertebra.verdict,
            ]
        }
        let anchors = spine.anchors.map { "\($0.anchor): \($0.finding): \($0.level.rawValue)" }
        let reasons = spine.vertebrae.flatMap { vertebra in vertebra.reasons.map { "\(vertebra.name): \($0)" } }
        return aligned([["level", "sure", "value", "body mL", "whole mL", "score", "verdict"]] + rows) + anchors
            + spine.notes + reasons
    }

    private func aligned(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
        }
    }

    private func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
