// What automatic segmentation hands on: every vertebra with its name, its voxels and its review.
import Domain
import Imaging

/// The vertebrae that were found in one scan without anybody's help.
package struct FoundSpine: Sendable {
    /// Cranial to caudal.
    package var vertebrae: [FoundVertebra]
    /// What the anchors said of the levels.
    package var readings: [LevelReading]
    /// Why vertebrae have no name, or what speaks against the names.
    package var namingReasons: [String]
    /// Plain sentences for the report.
    package var warnings: [String]

    /// Whole vertebrae on the scan's grid, each with its level's `labelValue`.
    package func labelMap(on geometry: Geometry) -> LabelMap { painted(on: geometry) { $0 != 0 } }

    /// Vertebral bodies likewise.
    package func bodyLabelMap(on geometry: Geometry) -> LabelMap {
        painted(on: geometry) { $0 == Vertebra.Part.body.rawValue }
    }

    private func painted(on geometry: Geometry, _ belongs: (UInt16) -> Bool) -> LabelMap {
        var map = LabelMap(geometry: geometry)
        for vertebra in vertebrae {
            guard let shape = vertebra.shape else { continue }
            let (size, lower) = (shape.parts.geometry.size, shape.lowerIndex)
            for z in 0..<size.z {
                for y in 0..<size.y {
                    for x in 0..<size.x where belongs(shape.parts[x, y, z]) {
                        map[x + lower.x, y + lower.y, z + lower.z] = vertebra.level.labelValue
                    }
                }
            }
        }
        return map
    }
}

/// One vertebra that was found.
package struct FoundVertebra: Sendable {
    /// Unknown where the scan does not tell it.
    package var level: VertebralLevel
    /// How sure the level is, 0…1; 0 for an unknown level. Which anchors agreed, not a measured probability.
    package var levelConfidence: Double
    /// Centre of the body, LPS millimetres.
    package var centreMM: PointMM
    /// Its voxels; nil where no plausible body was found, which `review` then says.
    package var shape: Shape?
    package var quality: SpineSegmentation.Quality
    package var review: VertebraReview

    /// The voxels of a vertebra, whatever it is called.
    package struct Shape: Sendable {
        /// `Vertebra.Part` values on a sub-grid of the scan's grid; 0 elsewhere.
        package var parts: LabelMap
        /// Index of `parts`' first voxel in the scan's grid.
        package var lowerIndex: Index3
        package var frame: VertebralFrame
        /// False when the vertebra touches the border of the scan.
        package var isWhole: Bool

        /// Millilitres of a part.
        package func volumeML(of part: Vertebra.Part) -> Double {
            Double(parts.labels.reduce(0) { $0 + ($1 == part.rawValue ? 1 : 0) }) * parts.geometry.voxelVolumeMM3 / 1000
        }
    }

    /// The vertebra as analyses take it; nil without voxels.
    package var vertebra: Vertebra? {
        shape.map {
            Vertebra(
                level: level, parts: $0.parts, lowerIndex: $0.lowerIndex, frame: $0.frame, origin: .automatic,
                isWhole: $0.isWhole)
        }
    }
}
