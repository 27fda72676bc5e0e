// The smallest convex body around a mask.
import Imaging

/// The convex hull of the surface points of a mask.
///
/// Built point by point in whole half-voxels, so that every "which side of this plane" is exact; scaling the axes to
/// millimetres afterwards leaves it convex. Source: Preparata and Shamos 1985, Computational Geometry, section 3.4
/// ("beneath-beyond").
struct ConvexHull {
    /// The corners, millimetres from voxel (0, 0, 0).
    let vertices: [SIMD3<Double>]
    /// Three corners each, as indices into `vertices`, anticlockwise seen from outside.
    let triangles: [SIMD3<Int>]

    /// - Parameter mask: whether each voxel is inside, x fastest; at least one is.
    init(_ mask: [Bool], size: Index3, spacingMM: SIMD3<Double>) {
        let hull = LatticeHull(Self.lineEnds(mask, size))
        let used = Set(hull.faces.flatMap { [$0.a, $0.b, $0.c] }).sorted()
        let place = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
        vertices = used.map { SIMD3<Double>(hull.points[$0]) * 0.5 * spacingMM }
        triangles = hull.faces.map { SIMD3(place[$0.a] ?? 0, place[$0.b] ?? 0, place[$0.c] ?? 0) }
    }

    var areaMM2: Double {
        triangles.reduce(0) { $0 + length(cross(vertices[$1.y] - vertices[$1.x], vertices[$1.z] - vertices[$1.x])) / 2 }
    }

    var volumeMM3: Double {
        triangles.reduce(0) { $0 + dot(vertices[$1.x], cross(vertices[$1.y], vertices[$1.z])) / 6 }
    }

    /// The largest distance between two corners.
    var diameterMM: Double {
        var largest = 0.0
        for i in vertices.indices {
            for j in 0..<i {
                let d = vertices[i] - vertices[j]
                largest = max(largest, dot(d, d))
            }
        }
        return largest.squareRoot()
    }

    /// The first and last surface point on each line of voxels along each axis, in half voxels: no other can be a corner.
    private static func lineEnds(_ mask: [Bool], _ size: Index3) -> [SIMD3<Int>] {
        let count = [size.x, size.y, size.z]
        let stride = [1, size.x, size.x * size.y]
        var ends: [SIMD3<Int>] = []
        for axis in 0..<3 {
            let (u, v) = ((axis + 1) % 3, (axis + 2) % 3)
            for j in 0..<count[v] {
                for i in 0..<count[u] {
                    let start = i * stride[u] + j * stride[v]
                    let line = 0..<count[axis]
                    guard let first = line.first(where: { mask[start + $0 * stride[axis]] }),
                        let last = line.last(where: { mask[start + $0 * stride[axis]] })
                    else { continue }
                    var point = SIMD3<Int>.zero
                    point[u] = 2 * i
                    point[v] = 2 * j
                    for end in [2 * first - 1, 2 * last + 1] {
                        point[axis] = end
                        ends.append(point)
                    }
                }
            }
        }
        return ends
    }
}

/// The convex hull of points with whole coordinates that do not all lie in one plane.
private struct LatticeHull {
    struct Face {
        let a, b, c: Int
        /// Outward; a point p is beyond the face where normal·p > offset.
        let normal: SIMD3<Int>
        let offset: Int
    }

    let points: [SIMD3<Int>]
    private(set) var faces: [Face] = []

    init(_ points: [SIMD3<Int>]) {
        // Far points first: most of the others then lie inside already.
        let sum = points.reduce(SIMD3<Int>.zero) { $0 &+ $1 }
        let n = points.count
        func distance(_ p: SIMD3<Int>) -> Double {
            let d = SIMD3<Double>(p) - SIMD3<Double>(sum) / Double(n)
            return dot(d, d)
        }
        self.points = points.map { ($0, distance($0)) }.sorted { $0.1 > $1.1 }.map { $0.0 }
        var rest = Array(self.points.indices)
        guard let a = rest.first, let b = rest.first(where: { self.points[$0] != self.points[a] }),
            let c = rest.first(where: { face(a, b, $0).normal != .zero }),
            let d = rest.first(where: { beyond(face(a, b, c), $0) != 0 })
        else { return }
        faces =
            beyond(face(a, b, c), d) < 0
            ? [face(a, b, c), face(a, d, b), face(b, d, c), face(c, d, a)]
            : [face(a, c, b), face(a, b, d), face(b, c, d), face(c, a, d)]
        rest.removeAll { [a, b, c, d].contains($0) }
        for point in rest { add(point) }
    }

    private func face(_ a: Int, _ b: Int, _ c: Int) -> Face {
        let (u, v) = (points[b] &- points[a], points[c] &- points[a])
        let normal = SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
        return Face(a: a, b: b, c: c, normal: normal, offset: (normal &* points[a]).wrappedSum())
    }

    private func beyond(_ face: Face, _ point: Int) -> Int { (face.normal &* points[point]).wrappedSum() - face.offset }

    /// Replaces the faces that see a point by a cone from their outline to the point.
    private mutating func add(_ point: Int) {
        guard faces.contains(where: { beyond($0, point) > 0 }) else { return }
        var edges = Set<SIMD2<Int>>()
        var hidden: [Face] = []
        for face in faces {
            if beyond(face, point) > 0 {
                edges.formUnion([SIMD2(face.a, face.b), SIMD2(face.b, face.c), SIMD2(face.c, face.a)])
            } else {
                hidden.append(face)
            }
        }
        for edge in edges.sorted(by: { ($0.x, $0.y) < ($1.x, $1.y) }) where !edges.contains(SIMD2(edge.y, edge.x)) {
            hidden.append(face(edge.x, edge.y, point))
        }
        faces = hidden
    }
}
