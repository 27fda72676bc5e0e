// The grid that an image is resampled to in the ibsi mode, and linear interpolation on it.
import Imaging

/// A new grid whose centre is the old one's: ⌈n·s/t⌉ voxels of spacing t along each axis.
///
/// Source: IBSI reference manual, chapter 2, "Interpolation grid", "align grid centers" (3WE3).
struct IBSIGrid {
    /// The old grid.
    let source: Geometry
    /// The new grid.
    let target: Geometry
    /// The place of each new voxel centre in the old grid's indices, along x, y, z.
    private let positions: [[Double]]

    init(_ source: Geometry, spacingMM: SIMD3<Double>) {
        self.source = source
        let old = [source.size.x, source.size.y, source.size.z]
        var target = source
        var first = SIMD3<Double>.zero
        var positions: [[Double]] = []
        for axis in 0..<3 {
            let ratio = spacingMM[axis] / source.spacingMM[axis]
            // Ten digits: a ratio such as 0.6 / 0.2 must not gain a voxel by rounding (our choice).
            let count = max(Int((Double(old[axis]) / ratio * (1 - 1e-10)).rounded(.up)), 1)
            first[axis] = 0.5 * (Double(old[axis] - 1) - Double(count - 1) * ratio)
            target.spacingMM[axis] = spacingMM[axis]
            positions.append((0..<count).map { first[axis] + Double($0) * ratio })
        }
        target.size = Index3(x: positions[0].count, y: positions[1].count, z: positions[2].count)
        target.originMM = source.point(at: first)
        self.target = target
        self.positions = positions
    }

    /// The smallest box of new voxels whose centres lie within one old voxel of a box of the old grid.
    func box(over old: IndexBox) -> IndexBox {
        let lower = [old.lower.x, old.lower.y, old.lower.z]
        let size = [old.size.x, old.size.y, old.size.z]
        let spans = (0..<3).map { axis in
            let (low, high) = (Double(lower[axis]) - 1, Double(lower[axis] + size[axis]))
            let first = positions[axis].firstIndex { $0 >= low } ?? 0
            let last = positions[axis].lastIndex { $0 <= high } ?? first
            return (first, max(last - first + 1, 1))
        }
        return IndexBox(
            lower: Index3(x: spans[0].0, y: spans[1].0, z: spans[2].0),
            size: Index3(x: spans[0].1, y: spans[1].1, z: spans[2].1))
    }

    /// The old voxels that linear interpolation in a box of the new grid reads.
    func sources(of box: IndexBox) -> IndexBox {
        func span(_ axis: Int, _ first: Int, _ count: Int) -> (Int, Int) {
            let cells = cells(axis, first, count)
            let lower = cells.map { $0.lower }.min() ?? 0
            return (lower, (cells.map { $0.upper }.max() ?? 0) - lower + 1)
        }
        let sx = span(0, box.lower.x, box.size.x), sy = span(1, box.lower.y, box.size.y)
        let sz = span(2, box.lower.z, box.size.z)
        return IndexBox(
            lower: Index3(x: sx.0, y: sy.0, z: sz.0), size: Index3(x: sx.1, y: sy.1, z: sz.1))
    }

    /// Linear interpolation at the new voxels of a box, x fastest; beyond the outermost centres the outermost values.
    ///
    /// - Parameter values: of the old voxels in `sources(of: box)`, x fastest.
    func interpolated(_ values: [Double], in box: IndexBox) -> [Double] {
        let part = sources(of: box)
        let x = cells(0, box.lower.x, box.size.x), y = cells(1, box.lower.y, box.size.y)
        let z = cells(2, box.lower.z, box.size.z)
        // Along x first, on the old rows; rows are then mixed along y and z.
        var rows = [Double](repeating: 0, count: box.size.x * part.size.y * part.size.z)
        for k in 0..<part.size.z {
            for j in 0..<part.size.y {
                let from = (k * part.size.y + j) * part.size.x - part.lower.x
                let to = (k * part.size.y + j) * box.size.x
                for i in 0..<box.size.x {
                    let (a, b) = (values[from + x[i].lower], values[from + x[i].upper])
                    rows[to + i] = a + x[i].weight * (b - a)
                }
            }
        }
        var result = [Double](repeating: 0, count: box.size.count)
        for k in 0..<box.size.z {
            let below = (z[k].lower - part.lower.z) * part.size.y, above = (z[k].upper - part.lower.z) * part.size.y
            for j in 0..<box.size.y {
                let near = y[j].lower - part.lower.y, far = y[j].upper - part.lower.y
                let (a, b) = ((below + near) * box.size.x, (below + far) * box.size.x)
                let (c, d) = ((above + near) * box.size.x, (above + far) * box.size.x)
                let to = (k * box.size.y + j) * box.size.x
                for i in 0..<box.size.x {
                    let low = rows[a + i] + y[j].weight * (rows[b + i] - rows[a + i])
                    let high = rows[c + i] + y[j].weight * (rows[d + i] - rows[c + i])
                    result[to + i] = low + z[k].weight * (high - low)
                }
            }
        }
        return result
    }

    /// The two old voxels around a new one along an axis, and the share of the upper.
    private struct Cell {
        let lower, upper: Int
        let weight: Double
    }

    private func cells(_ axis: Int, _ first: Int, _ count: Int) -> [Cell] {
        let last = [source.size.x, source.size.y, source.size.z][axis] - 1
        return positions[axis][first..<first + count].map { position in
            let inside = min(max(position, 0), Double(last))
            let lower = min(Int(inside), max(last - 1, 0))
            let weight = inside - Double(lower)
            // A neighbour without weight is not read: it may be infinite.
            return Cell(lower: lower, upper: weight > 0 ? lower + 1 : lower, weight: weight)
        }
    }
}
