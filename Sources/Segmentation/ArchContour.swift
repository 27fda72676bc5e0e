// Gives the arch its outline: marrow filled, the blurred rim of its cortex cut back.
import Imaging

/// Turns the bone that a vertebra's front reached into solid posterior elements.
struct ArchContour {
    /// The scan on the grid of the masks.
    let volume: Volume

    /// Cavities and pores up to twice this wide are filled, in voxels: noise and marrow open them at every resolution. Our choice.
    private static let fillVoxels = 1.35
    /// How far blur carries the bone threshold beyond the cortex, millimetres; thicker voxels are left alone. Our choice.
    private static let rimMM = 2.0
    /// Soft tissue between cortex and its half maximum, HU.
    private static let softTissueHU: Float = 50

    /// - Parameters:
    ///   - arch: bone that belongs to the vertebra, its body left out.
    ///   - body: the vertebra's body.
    ///   - others: voxels of other vertebrae; never taken.
    func callAsFunction(arch: VoxelMask, body: VoxelMask, others: VoxelMask) -> VoxelMask {
        let spacing = volume.geometry.spacingMM
        let voxelMM = (spacing.x + spacing.y + spacing.z) / 3
        let filled = arch.union(body).closed(byMM: Self.fillVoxels * voxelMM).holesFilled()
        var solid = filled.subtracting(others).union(body)
        for _ in 0..<Int(Self.rimMM / voxelMM) { solid = trimmed(solid, keeping: body) }
        return solid.subtracting(body)
    }

    /// Takes away border voxels darker than half-way between soft tissue and the densest bone beside them.
    private func trimmed(_ solid: VoxelMask, keeping body: VoxelMask) -> VoxelMask {
        let size = solid.geometry.size
        var result = solid
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x {
                    let i = solid.geometry.offset(x: x, y: y, z: z)
                    guard solid.voxels[i], !body.voxels[i] else { continue }
                    var isBorder = false
                    var densest: Float = -1_000
                    for dz in max(z - 1, 0)...min(z + 1, size.z - 1) {
                        for dy in max(y - 1, 0)...min(y + 1, size.y - 1) {
                            for dx in max(x - 1, 0)...min(x + 1, size.x - 1) {
                                let j = solid.geometry.offset(x: dx, y: dy, z: dz)
                                if solid.voxels[j] {
                                    densest = max(densest, volume.voxels[j])
                                } else if abs(dx - x) + abs(dy - y) + abs(dz - z) == 1 {
                                    isBorder = true
                                }
                            }
                        }
                    }
                    if isBorder, volume.voxels[i] < (densest + Self.softTissueHU) / 2 { result.voxels[i] = false }
                }
            }
        }
        return result
    }
}
