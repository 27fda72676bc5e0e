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
        let points = Self.surfacePoints(region)
        let (x, y, z): (SIMD3<Int32>, SIMD3<Int32>, SIMD3<Int32>) = ([1, 0, 0], [0, 1, 0], [0, 0, 1])
        func farthest(_ groups: [[SIMD3<Int32>]]) -> Double { Self.farthest(groups, region.spacingMM) }
        func inPlane(_ a: SIMD3<Int32>, _ b: SIMD3<Int32>, by axis: Int) -> Double {
            farthest(Self.grouped(Self.ends(points, along: [a, b, a &+ b, a &- b]), by: axis))
        }
        maximum3D = farthest([Self.ends(points, along: [x, y, z, x &+ y, x &- y, x &+ z, x &- z, y &+ z, y &- z])])
        maximumSlice = inPlane(x, y, by: 2)
        maximumColumn = inPlane(x, z, by: 1)
        maximumRow = inPlane(y, z, by: 0)
    }

    /// The points that are first or last on their lines along all the directions. Distance is convex along a line, so that
    /// the farthest pair is among them.
    private static func ends(_ points: [SIMD3<Int32>], along directions: [SIMD3<Int32>]) -> [SIMD3<Int32>] {
        directions.reduce(points) { ends($0, along: $1) }
    }

    /// - Parameter direction: its first component that is not 0 is 1.
    private static func ends(_ points: [SIMD3<Int32>], along direction: SIMD3<Int32>) -> [SIMD3<Int32>] {
        let axis = direction.x != 0 ? 0 : direction.y != 0 ? 1 : 2
        let (u, v) = axis == 0 ? (1, 2) : axis == 1 ? (0, 2) : (0, 1)
        // Where each point's line meets the plane through 0 across the axis.
        let feet = points.map { $0 &- direction &* $0[axis] }
        let lowest = feet.reduce(.zero) { pointwiseMin($0, $1) }
        let highest = feet.reduce(.zero) { pointwiseMax($0, $1) }
        let width = Int(highest[u] - lowest[u]) + 1
        let lines = feet.map { Int($0[v] - lowest[v]) * width + Int($0[u] - lowest[u]) }
        var first = [Int32](repeating: .max, count: width * (Int(highest[v] - lowest[v]) + 1))
        var last = [Int32](repeating: .min, count: first.count)
        for (point, line) in zip(points, lines) {
            first[line] = min(first[line], point[axis])
            last[line] = max(last[line], point[axis])
        }
        return zip(points, lines).compactMap { point, line in
            point[axis] == first[line] || point[axis] == last[line] ? point : nil
        }
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
