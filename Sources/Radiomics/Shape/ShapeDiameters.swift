// The largest distances across a region's surface.
import Imaging

/// The largest distances between two points of a region's surface, millimetres.
///
/// Points are the midpoints between a voxel inside and a neighbour outside across a face: the vertices of the mesh.
struct ShapeDiameters {
    /// Over all pairs (IBSI L0JK).
    let maximum3D: Double
    /// Over pairs with equal z, equal y and equal x.
    let maximumSlice, maximumColumn, maximumRow: Double

    init(_ region: RegionOfInterest) {
        // Distance is convex along a line, so the farthest pair lies among the ends of the surface's lines along one axis.
        let points = Self.surfacePoints(region)
        let alongX = Self.lineEnds(points, region.size, axis: 0)
        let alongY = Self.lineEnds(points, region.size, axis: 1)
        maximum3D = Self.farthest([alongX], region.spacingMM)
        maximumSlice = Self.farthest(Self.grouped(alongX, by: 2), region.spacingMM)
        maximumColumn = Self.farthest(Self.grouped(alongX, by: 1), region.spacingMM)
        maximumRow = Self.farthest(Self.grouped(alongY, by: 0), region.spacingMM)
    }

    /// The first and last surface point on each line along an axis, in half voxels.
    private static func lineEnds(_ points: [SIMD3<Int32>], _ size: Index3, axis: Int) -> [SIMD3<Int32>] {
        let width = SIMD3<Int>(2 * size.x + 1, 2 * size.y + 1, 2 * size.z + 1)  // half voxels from −1 to 2n − 1
        let (u, v) = axis == 0 ? (1, 2) : (0, 2)
        var first = [Int32](repeating: .max, count: width[u] * width[v])
        var last = [Int32](repeating: .min, count: width[u] * width[v])
        for point in points {
            let line = (Int(point[v]) + 1) * width[u] + Int(point[u]) + 1
            first[line] = min(first[line], point[axis])
            last[line] = max(last[line], point[axis])
        }
        var ends: [SIMD3<Int32>] = []
        for line in first.indices where first[line] <= last[line] {
            var point = SIMD3<Int32>.zero
            point[u] = Int32(line % width[u] - 1)
            point[v] = Int32(line / width[u] - 1)
            point[axis] = first[line]
            ends.append(point)
            point[axis] = last[line]
            if last[line] > first[line] { ends.append(point) }
        }
        return ends
    }

    /// Every surface point in half voxels; voxel centres are even.
    private static func surfacePoints(_ region: RegionOfInterest) -> [SIMD3<Int32>] {
        let size = region.size
        let (nx, ny) = (size.x + 2, size.y + 2)
        let padded = ShapeMesh.padded(region)
        let sides: [(step: Int, half: SIMD3<Int32>)] = [
            (1, [1, 0, 0]), (-1, [-1, 0, 0]), (nx, [0, 1, 0]), (-nx, [0, -1, 0]), (nx * ny, [0, 0, 1]),
            (-nx * ny, [0, 0, -1]),
        ]
        var points: [SIMD3<Int32>] = []
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x {
                    let voxel = ((z + 1) * ny + y + 1) * nx + x + 1
                    guard padded[voxel] else { continue }
                    let centre = SIMD3(Int32(2 * x), Int32(2 * y), Int32(2 * z))
                    for side in sides where !padded[voxel + side.step] { points.append(centre &+ side.half) }
                }
            }
        }
        return points
    }

    private static func grouped(_ points: [SIMD3<Int32>], by axis: Int) -> [[SIMD3<Int32>]] {
        Array(Dictionary(grouping: points) { $0[axis] }.values)
    }

    /// The largest distance between two points of the same group; 0 when no group has two.
    private static func farthest(_ groups: [[SIMD3<Int32>]], _ spacingMM: SIMD3<Double>) -> Double {
        var largest = 0.0
        for group in groups { largest = farthestSquared(group.map { SIMD3<Double>($0) * 0.5 * spacingMM }, largest) }
        return largest.squareRoot()
    }

    /// The largest squared distance between two points if it exceeds `known`, else `known`.
    ///
    /// No pair is farther apart than its points are from the middle together, so that with points ordered by that radius
    /// most pairs need no look.
    private static func farthestSquared(_ points: [SIMD3<Double>], _ known: Double) -> Double {
        let middle = points.reduce(.zero, +) / Double(points.count)
        func radius(_ point: SIMD3<Double>) -> Double {
            let d = point - middle
            return (d * d).sum().squareRoot()
        }
        let ordered = points.map { (point: $0, radius: radius($0)) }.sorted { $0.radius > $1.radius }
        let (x, y, z) = (ordered.map(\.point.x), ordered.map(\.point.y), ordered.map(\.point.z))
        let radii = ordered.map { $0.radius * (1 + 1e-12) }  // above any rounding
        var largest = known
        var reach = known.squareRoot()
        for i in radii.indices {
            if 2 * radii[i] < reach { break }
            for j in i + 1..<max(radii.count, i + 1) {
                if radii[i] + radii[j] < reach { break }
                let (dx, dy, dz) = (x[j] - x[i], y[j] - y[i], z[j] - z[i])
                let squared = dx * dx + dy * dy + dz * dz
                if squared > largest {
                    largest = squared
                    reach = squared.squareRoot()
                }
            }
        }
        return largest
    }
}
