// A box of voxels inside a grid.

/// The voxels `lower ..< lower + size` along each axis.
package struct IndexBox: Sendable, Hashable {
    package var lower: Index3
    package var size: Index3

    package init(lower: Index3, size: Index3) {
        self.lower = lower
        self.size = size
    }

    /// The box grown by `margin` voxels on both sides of each axis, cut where it would leave a grid of `gridSize` voxels.
    package func expanded(by margin: Index3, within gridSize: Index3) -> IndexBox {
        func span(_ lower: Int, _ size: Int, _ margin: Int, _ limit: Int) -> (Int, Int) {
            let start = max(0, lower - margin)
            return (start, min(limit, lower + size + margin) - start)
        }
        let (x, nx) = span(lower.x, size.x, margin.x, gridSize.x)
        let (y, ny) = span(lower.y, size.y, margin.y, gridSize.y)
        let (z, nz) = span(lower.z, size.z, margin.z, gridSize.z)
        return IndexBox(lower: Index3(x: x, y: y, z: z), size: Index3(x: nx, y: ny, z: nz))
    }

    /// The voxels that reach at least `mm` millimetres along each axis, rounded up, plus one.
    package static func margin(mm: Double, in geometry: Geometry) -> Index3 {
        let voxels = (SIMD3(repeating: mm) / geometry.spacingMM).rounded(.up)
        return Index3(x: Int(voxels.x) + 1, y: Int(voxels.y) + 1, z: Int(voxels.z) + 1)
    }

    /// The voxels in both boxes; no voxels when there are none.
    package func intersection(_ other: IndexBox) -> IndexBox {
        func span(_ a: Int, _ n: Int, _ b: Int, _ m: Int) -> (Int, Int) {
            let start = max(a, b)
            return (start, max(0, min(a + n, b + m) - start))
        }
        let (x, nx) = span(lower.x, size.x, other.lower.x, other.size.x)
        let (y, ny) = span(lower.y, size.y, other.lower.y, other.size.y)
        let (z, nz) = span(lower.z, size.z, other.lower.z, other.size.z)
        return IndexBox(lower: Index3(x: x, y: y, z: z), size: Index3(x: nx, y: ny, z: nz))
    }
}
