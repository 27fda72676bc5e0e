// Where simulated cement goes, for all targets on the grid of the scan.
import CementFlow
import Imaging

/// A volume that is 0 but in boxes around the rehearsed vertebrae.
///
/// Values: in a rehearsed body and around it the simulated probability that cement lies there at the planned volume, 0…1; `notRehearsed` in
/// the body of a target for which nothing was simulated; 0 everywhere else.
package struct RiskImage: Sendable {
    /// The scan's grid.
    package var geometry: Geometry
    /// Boxes of the grid with their values; where they overlap the greatest value counts.
    package var patches: [Patch]

    /// In the body of a target that was not rehearsed: below every probability, so that it cannot be read as none.
    package static let notRehearsed: Float = -1

    /// The values of a box of the grid.
    package struct Patch: Sendable {
        /// Index of the box's first voxel in the scan's grid.
        package var lower: Index3
        package var volume: Volume

        package init(lower: Index3, volume: Volume) {
            self.lower = lower
            self.volume = volume
        }

        /// A rehearsed vertebra.
        init(_ rehearsal: BodyRehearsal) {
            self.init(lower: rehearsal.risk.lowerIndex, volume: rehearsal.risk.probability)
        }

        /// The body of a vertebra in which nothing was simulated.
        init(notRehearsed vertebra: Vertebra) {
            lower = vertebra.lowerIndex
            volume = Volume(
                geometry: vertebra.parts.geometry,
                voxels: vertebra.parts.labels.map {
                    $0 == Vertebra.Part.body.rawValue ? RiskImage.notRehearsed : 0
                })
        }
    }

    package init(geometry: Geometry, patches: [Patch]) {
        self.geometry = geometry
        self.patches = patches
    }

    /// The values of one slice of the scan's grid, x fastest, then y. A whole volume of a large scan would take hundreds of megabytes.
    package func slice(_ z: Int) -> [Float] {
        let size = geometry.size
        var values = [Float](repeating: 0, count: size.x * size.y)
        for patch in patches {
            let box = patch.volume.geometry.size
            guard z >= patch.lower.z, z < patch.lower.z + box.z else { continue }
            for y in 0..<box.y {
                let row = (patch.lower.y + y) * size.x + patch.lower.x
                for x in 0..<box.x {
                    let value = patch.volume[x, y, z - patch.lower.z]
                    guard value != 0 else { continue }
                    values[row + x] = values[row + x] == 0 ? value : max(values[row + x], value)
                }
            }
        }
        return values
    }
}
