// Names and colours of the values in the label maps of a spine.
import Domain
import Foundation
import Imaging

extension LabelTable {
    /// Of `segmentation.nii.gz` and `bodies.nii.gz`.
    package init(levels: [VertebralLevel]) {
        self.init(
            rows: levels.sorted().map { Row(value: $0.labelValue, name: $0.rawValue, colour: colour(of: $0)) })
    }

    /// Of `parts.nii.gz`.
    package init(parts: PartMap) {
        self.init(
            rows: parts.vertebrae.flatMap { vertebra in
                vertebra.volumesML.map { part, _ in
                    Row(
                        value: part.labelValue(of: vertebra.level), name: "\(vertebra.level.rawValue) \(part.name)",
                        colour: part.colour)
                }
            })
    }
}

/// Neighbours differ by the golden angle on the circle of hues (our choice).
private func colour(of level: VertebralLevel) -> SIMD3<UInt8> {
    let hue = (Double(level.labelValue) * 137.508).truncatingRemainder(dividingBy: 360)
    func channel(_ turn: Double) -> UInt8 { UInt8(160 + 95 * cos((hue - turn) * .pi / 180)) }
    return [channel(0), channel(120), channel(240)]
}
