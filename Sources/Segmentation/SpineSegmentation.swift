// What segmentation hands on: the vertebrae of one scan, how well each was found, and what was odd.
import Domain
import Imaging

/// Where a vertebra is: one click inside its body.
package struct VertebraSeed: Sendable, Hashable {
    package var level: VertebralLevel
    /// A point inside the vertebral body, within about 8 mm of its centre, LPS millimetres.
    package var pointMM: PointMM

    package init(level: VertebralLevel, pointMM: PointMM) {
        self.level = level
        self.pointMM = pointMM
    }
}

/// The vertebrae of one scan.
package struct SpineSegmentation: Sendable {
    /// Cranial to caudal.
    package var vertebrae: [Vertebra]
    /// How well each vertebra was found, in the order of `vertebrae`.
    package var quality: [Quality]
    /// Plain sentences for the report.
    package var warnings: [String]
    /// Whether networks helped, or edges alone drew the outlines.
    package var isGuided = false

    /// Figures by which a segmentation can be judged without a reference.
    package struct Quality: Sendable, Hashable, Codable {
        /// Mean fall of HU across the body's surface, outside the pedicles, 0…250. Nil for an uploaded mask.
        package var surfaceFallHU: Double?
        /// Share of the body's surface on which the fall is at least 60 HU, 0…1. Nil for an uploaded mask.
        package var sharpShare: Double?
        /// How far the disc above lies below its endplates, HU. Nil where no disc was found.
        package var upperDiscDepthHU: Double?
        package var lowerDiscDepthHU: Double?
    }

    package init(vertebrae: [Vertebra], quality: [Quality], warnings: [String]) {
        self.vertebrae = vertebrae
        self.quality = quality
        self.warnings = warnings
    }

    /// Whole vertebrae on the scan's grid, each with its level's `labelValue`.
    package func labelMap(on geometry: Geometry) -> LabelMap { painted(on: geometry) { $0 != 0 } }

    /// Vertebral bodies on the scan's grid, each with its level's `labelValue`.
    package func bodyLabelMap(on geometry: Geometry) -> LabelMap {
        painted(on: geometry) { $0 == Vertebra.Part.body.rawValue }
    }

    private func painted(on geometry: Geometry, _ belongs: (UInt16) -> Bool) -> LabelMap {
        var map = LabelMap(geometry: geometry)
        for vertebra in vertebrae {
            let size = vertebra.parts.geometry.size
            let lower = vertebra.lowerIndex
            for z in 0..<size.z {
                for y in 0..<size.y {
                    for x in 0..<size.x where belongs(vertebra.parts[x, y, z]) {
                        map[x + lower.x, y + lower.y, z + lower.z] = vertebra.level.labelValue
                    }
                }
            }
        }
        return map
    }
}
