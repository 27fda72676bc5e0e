// The part of a vertebral body in which density is read: inside the cortex, away from the venous plexus.
import Domain
import Imaging

/// The trabecular volume of interest of one body.
///
/// "Inner edge of cortex, exclude venous plexus" (VB-Net cancellous segmentation, Dice 0.96, see docs/evidence.md);
/// depth and size of the excluded corner are our choice.
package enum TrabecularRegion {
    /// A voxel counts when no voxel within this distance of it is outside the body: the shell and its blur stay out.
    static let depthMM = 3.0
    /// The basivertebral veins leave through the middle of the posterior wall; their canal is 12–21.8 % of the sagittal
    /// diameter deep (Tzika 2021, 10.1007/s00276-021-02690-0), so the posterior quarter is left out …
    static let venousDepthShare = 0.25
    /// … within this distance of the midline and of mid-height.
    static let venousHalfSizeMM = 6.0

    package static let definition = """
        voxels of the body with no outside voxel within 3 mm, without the posterior quarter of the sagittal diameter within \
        6 mm of the midline and of mid-height (basivertebral venous plexus)
        """

    /// The region's voxels, on the grid of `vertebra.parts`.
    package static func mask(of vertebra: Vertebra) -> VoxelMask {
        let body = vertebra.bodyMask()
        let spacing = body.geometry.spacingMM
        // Voxels larger than the depth still lose one layer.
        let deep = body.eroded(byMM: max(depthMM, spacing.x, spacing.y, spacing.z))
        let inner = vertebra.parts.geometry.size
        let margin = (body.geometry.size.x - inner.x) / 2
        var region = deep.cropped(to: IndexBox(lower: Index3(x: margin, y: margin, z: margin), size: inner))
        let column = venousColumn(of: vertebra)
        let front = column.low + venousDepthShare * (column.high - column.low)
        for (offset, local) in column.voxels where local.y < front { region.voxels[offset] = false }
        return region
    }

    /// The body's voxels near the midline and mid-height, with their frame coordinates, and the extent of their y.
    private static func venousColumn(
        of vertebra: Vertebra
    ) -> (voxels: [(offset: Int, local: SIMD3<Double>)], low: Double, high: Double) {
        let geometry = vertebra.parts.geometry
        var voxels: [(offset: Int, local: SIMD3<Double>)] = []
        for z in 0..<geometry.size.z {
            for y in 0..<geometry.size.y {
                for x in 0..<geometry.size.x where vertebra.parts[x, y, z] == Vertebra.Part.body.rawValue {
                    let local = vertebra.frame.local(geometry.point(at: Index3(x: x, y: y, z: z)))
                    guard abs(local.x) < venousHalfSizeMM, abs(local.z) < venousHalfSizeMM else { continue }
                    voxels.append((geometry.offset(x: x, y: y, z: z), local))
                }
            }
        }
        return (voxels, voxels.map(\.local.y).min() ?? 0, voxels.map(\.local.y).max() ?? 0)
    }
}
