// Points spread evenly over a sphere.

/// An icosahedron whose faces were split into four and pushed out onto the sphere, some times over.
struct Icosphere {
    let vertices: [SIMD3<Double>]

    /// - Parameter subdivisions: ≥ 0; each splits every face into four: 12, 42, 162… vertices.
    init(radius: Double, subdivisions: Int) {
        let golden = (1 + 5.0.squareRoot()) / 2
        var points: [SIMD3<Double>] = []
        for (a, b) in [(-1.0, -golden), (1, -golden), (-1, golden), (1, golden)] {
            points += [SIMD3(a, b, 0), SIMD3(0, a, b), SIMD3(b, 0, a)]
        }
        var faces = Self.icosahedronFaces(points)
        for _ in 0..<subdivisions { (points, faces) = Self.subdivided(points, faces) }
        vertices = points.map { Self.unit($0) * radius }
    }

    /// All triples of vertices that are an edge (length 2) apart from one another.
    private static func icosahedronFaces(_ points: [SIMD3<Double>]) -> [[Int]] {
        func areNeighbours(_ a: Int, _ b: Int) -> Bool {
            let edge = points[a] - points[b]
            return (edge * edge).sum() < 4.5
        }
        var faces: [[Int]] = []
        for a in points.indices {
            for b in points.indices where b > a && areNeighbours(a, b) {
                for c in points.indices where c > b && areNeighbours(a, c) && areNeighbours(b, c) {
                    faces.append([a, b, c])
                }
            }
        }
        return faces
    }

    private static func subdivided(_ old: [SIMD3<Double>], _ faces: [[Int]]) -> ([SIMD3<Double>], [[Int]]) {
        var points = old.map(unit)
        var middles: [[Int]: Int] = [:]
        func middle(_ a: Int, _ b: Int) -> Int {
            let edge = [min(a, b), max(a, b)]
            if let known = middles[edge] { return known }
            points.append(unit((points[a] + points[b]) / 2))
            middles[edge] = points.count - 1
            return points.count - 1
        }
        var smaller: [[Int]] = []
        for face in faces {
            let (ab, bc, ca) = (middle(face[0], face[1]), middle(face[1], face[2]), middle(face[2], face[0]))
            smaller += [[face[0], ab, ca], [ab, face[1], bc], [ca, bc, face[2]], [ab, bc, ca]]
        }
        return (points, smaller)
    }

    private static func unit(_ point: SIMD3<Double>) -> SIMD3<Double> { point / (point * point).sum().squareRoot() }
}
