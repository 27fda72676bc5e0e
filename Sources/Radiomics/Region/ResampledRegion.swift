// The grid, image and mask after resampling, as PyRadiomics makes them.
import Imaging

/// A region resampled to another spacing: the image by cubic B-spline, the mask by nearest neighbour, on one grid that holds
/// the region and a border.
///
/// The grid, the order of arithmetic and the truncation follow PyRadiomics 3.0.1 (`imageoperations.resampleImage`), so that
/// voxels halfway between two old ones fall to the same side; grids turned by other than right angles may differ in such ties.
struct ResampledRegion {
    let mask: VoxelMask
    private let values: [Double]

    /// Voxels of the new grid kept around the region (PyRadiomics' `padDistance`).
    private static let border = 5.0
    /// Old voxels around the new grid that take part in the spline; beyond it their influence is below 1e-16.
    private static let splineMargin = 32

    init(
        _ volume: Volume, _ mask: VoxelMask, box: IndexBox, spacingMM: SIMD3<Double>,
        storedAs type: StoredType
    ) throws(RadiomicsError) {
        for axis in 0..<3 where !(spacingMM[axis] >= 0 && spacingMM[axis].isFinite) {
            throw .spacingInvalid(spacingMM[axis])
        }
        let grid = Self.grid(mask.geometry, around: box, spacingMM: spacingMM)
        self.mask = mask.resampled(to: grid)
        let spline = BSplineVolume(volume, within: Self.splineBox(volume.geometry, grid))
        let sampled = spline.sampled(on: grid, outside: 0)
        guard let range = type.wholeNumberRange else { values = sampled; return }
        values = sampled.map { min(max($0, range.lowerBound), range.upperBound).rounded(.towardZero) }
    }

    /// The grey values of a box of the new grid, x fastest.
    func values(in box: IndexBox) -> [Double] {
        let size = mask.geometry.size
        var part: [Double] = []
        for z in box.lower.z..<box.lower.z + box.size.z {
            for y in box.lower.y..<box.lower.y + box.size.y {
                let start = (z * size.y + y) * size.x + box.lower.x
                part += values[start..<start + box.size.x]
            }
        }
        return part
    }

    /// The new grid: aligned at the corner of the old one and cut to the region and its border.
    private static func grid(_ old: Geometry, around box: IndexBox, spacingMM: SIMD3<Double>) -> Geometry {
        let oldSize = [old.size.x, old.size.y, old.size.z]
        let boxLower = [box.lower.x, box.lower.y, box.lower.z]
        let boxSize = [box.size.x, box.size.y, box.size.z]
        var grid = old
        var firstIndex = SIMD3<Double>.zero
        var size = [0, 0, 0]
        for axis in 0..<3 {
            let s = old.spacingMM[axis]
            let t = spacingMM[axis] == 0 || boxSize[axis] == 1 ? s : spacingMM[axis]
            let ratio = s / t
            let from = ((Double(boxLower[axis]) - 0.5) * ratio - border).rounded(.down)
            let through = ((Double(boxLower[axis] + boxSize[axis]) - 0.5) * ratio + border).rounded(.up)
            let lower = max(0, from)
            let upper = min((Double(oldSize[axis]) * ratio).rounded(.up) - 1, through)
            size[axis] = Int(upper - lower) + 1
            firstIndex[axis] = 0.5 * (t - s) / s + lower / ratio
            grid.spacingMM[axis] = t
        }
        grid.size = Index3(x: size[0], y: size[1], z: size[2])
        grid.originMM = old.point(at: firstIndex)
        return grid
    }

    private static func splineBox(_ old: Geometry, _ grid: Geometry) -> IndexBox {
        let first = old.index(of: grid.originMM)
        let last = old.index(
            of: grid.point(at: SIMD3(Double(grid.size.x), Double(grid.size.y), Double(grid.size.z)) - 1))
        func span(_ a: Double, _ b: Double, _ limit: Int) -> (Int, Int) {
            let lower = min(max(Int(a.rounded(.down)), 0), limit - 1)
            let upper = min(max(Int(b.rounded(.up)), lower), limit - 1)
            return (lower, upper - lower + 1)
        }
        let (x, nx) = span(first.x, last.x, old.size.x)
        let (y, ny) = span(first.y, last.y, old.size.y)
        let (z, nz) = span(first.z, last.z, old.size.z)
        let margin = Index3(x: splineMargin, y: splineMargin, z: splineMargin)
        return IndexBox(lower: Index3(x: x, y: y, z: z), size: Index3(x: nx, y: ny, z: nz))
            .expanded(by: margin, within: old.size)
    }
}
