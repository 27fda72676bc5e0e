// The grid on which a region is computed when it is resampled.
import Imaging

extension Geometry {
    /// PyRadiomics' new grid (3.0.1 `imageoperations.resampleImage`): aligned at the corner of this one, the mask's, and cut
    /// to a region and a border.
    ///
    /// - Parameters:
    ///   - box: the smallest box around the region.
    ///   - target: the new spacing; from `resamplingSpacing(_:around:)`.
    ///   - border: voxels of the new grid kept around the region (`padDistance`).
    func resamplingGrid(around box: IndexBox, spacingMM target: SIMD3<Double>, border: Int) -> Geometry {
        let oldSize = [size.x, size.y, size.z]
        let boxLower = [box.lower.x, box.lower.y, box.lower.z]
        let boxSize = [box.size.x, box.size.y, box.size.z]
        var grid = self
        var firstIndex = SIMD3<Double>.zero
        var newSize = [0, 0, 0]
        for axis in 0..<3 {
            let (s, t) = (spacingMM[axis], target[axis])
            let ratio = s / t
            let from = ((Double(boxLower[axis]) - 0.5) * ratio - Double(border)).rounded(.down)
            let through = ((Double(boxLower[axis] + boxSize[axis]) - 0.5) * ratio + Double(border)).rounded(.up)
            let lower = max(0, from)
            let upper = min((Double(oldSize[axis]) * ratio).rounded(.up) - 1, through)
            newSize[axis] = Int(upper - lower) + 1
            firstIndex[axis] = 0.5 * (t - s) / s + lower / ratio
            grid.spacingMM[axis] = t
        }
        grid.size = Index3(x: newSize[0], y: newSize[1], z: newSize[2])
        grid.originMM = point(at: firstIndex)
        return grid
    }

    /// The spacing that is meant: 0 and an axis along which the region is one voxel thick keep this grid's.
    func resamplingSpacing(_ wanted: SIMD3<Double>, around box: IndexBox) -> SIMD3<Double> {
        let thin = [box.size.x == 1, box.size.y == 1, box.size.z == 1]
        var spacing = wanted
        for axis in 0..<3 where wanted[axis] == 0 || thin[axis] { spacing[axis] = spacingMM[axis] }
        return spacing
    }

    /// True when an image of this grid has the spacing already, so that it is not interpolated (`numpy.allclose`).
    func hasSpacing(_ wanted: SIMD3<Double>) -> Bool {
        (0..<3).allSatisfy { abs(spacingMM[$0] - wanted[$0]) <= 1e-8 + 1e-5 * abs(wanted[$0]) }
    }

    /// The voxels of this grid around the voxel centres of another, within this grid.
    func box(around other: Geometry) -> IndexBox {
        box(aroundCorners: other, from: .zero, through: SIMD3(other.size) - 1)
    }

    /// The voxels of this grid around the voxels of a box of another grid.
    func box(around part: IndexBox, of other: Geometry) -> IndexBox {
        let lower = SIMD3(part.lower)
        return box(aroundCorners: other, from: lower - 0.5, through: lower + SIMD3(part.size) - 0.5)
    }

    private func box(
        aroundCorners other: Geometry, from low: SIMD3<Double>, through high: SIMD3<Double>
    ) -> IndexBox {
        let corners = (0..<8).map { corner in
            index(
                of: other.point(
                    at: SIMD3(
                        corner & 1 == 0 ? low.x : high.x, corner & 2 == 0 ? low.y : high.y,
                        corner & 4 == 0 ? low.z : high.z)))
        }
        let lowest = corners.reduce(SIMD3(repeating: .infinity)) { pointwiseMin($0, $1) }.rounded(.down)
        let highest = corners.reduce(SIMD3(repeating: -.infinity)) { pointwiseMax($0, $1) }.rounded(.up)
        let first = pointwiseMin(pointwiseMax(lowest, .zero), SIMD3(size) - 1)
        let last = pointwiseMin(pointwiseMax(highest, first), SIMD3(size) - 1)
        return IndexBox(
            lower: Index3(x: Int(first.x), y: Int(first.y), z: Int(first.z)),
            size: Index3(
                x: Int(last.x - first.x) + 1, y: Int(last.y - first.y) + 1, z: Int(last.z - first.z) + 1))
    }
}

extension SIMD3<Double> {
    init(_ index: Index3) { self.init(Double(index.x), Double(index.y), Double(index.z)) }
}
