// The box of voxels that holds both masks.

/// The smallest box round two masks: distances need no voxel outside it.
struct MaskBox {
    let origin: SIMD3<Int>
    let size: SIMD3<Int>
    private let grid: SIMD3<Int>

    /// One mask at least is not empty.
    init(_ pair: MaskPair) {
        var low = pair.size
        var high = SIMD3<Int>(repeating: -1)
        var voxel = 0
        for z in 0..<pair.size.z {
            for y in 0..<pair.size.y {
                for x in 0..<pair.size.x {
                    if pair.reference[voxel] || pair.candidate[voxel] {
                        low = SIMD3(min(low.x, x), min(low.y, y), min(low.z, z))
                        high = SIMD3(max(high.x, x), max(high.y, y), max(high.z, z))
                    }
                    voxel += 1
                }
            }
        }
        origin = low
        size = high &- low &+ 1
        grid = pair.size
    }

    /// The indices inside the box of the mask's surface voxels, x fastest.
    func surface(of mask: [Bool]) -> [Int] {
        let rows = grid.x
        let slices = grid.x * grid.y
        var surface: [Int] = []
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x {
                    let (i, j, k) = (x + origin.x, y + origin.y, z + origin.z)
                    let voxel = i + j * rows + k * slices
                    guard mask[voxel] else { continue }
                    let inside =
                        i > 0 && i < grid.x - 1 && j > 0 && j < grid.y - 1 && k > 0 && k < grid.z - 1
                        && mask[voxel - 1] && mask[voxel + 1] && mask[voxel - rows] && mask[voxel + rows]
                        && mask[voxel - slices] && mask[voxel + slices]
                    if !inside { surface.append(x + y * size.x + z * size.x * size.y) }
                }
            }
        }
        return surface
    }
}
