// Points spread evenly over a sphere.

/// An icosahedron whose faces were split into four and pushed out onto the sphere, some times over. Its vertices come in the order
/// of `trimesh.creation.icosphere`: sums over them in single precision depend on it.
struct Icosphere {
    let vertices: [SIMD3<Double>]

    /// - Parameter subdivisions: ≥ 0; each splits every face into four: 12, 42, 162… vertices.
    init(radius: Double, subdivisions: Int) {
        let golden = (1 + 5.0.squareRoot()) / 2
        var points: [SIMD3<Double>] = [
            [-1, golden, 0], [1, golden, 0], [-1, -golden, 0], [1, -golden, 0],
            [0, -1, golden], [0, 1, golden], [0, -1, -golden], [0, 1, -golden],
            [golden, 0, -1], [golden, 0, 1], [-golden, 0, -1], [-golden, 0, 1],
        ]
        var faces = Self.icosahedronFaces(points)
        points = points.map { Self.unit($0) }
        for _ in 0..<subdivisions { (points, faces) = Self.subdivided(points, faces) }
        vertices = points.map { $0 * radius }
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
        func edge(_ a: Int, _ b: Int) -> [Int] { [max(a, b), min(a, b)] }
        let edges = Set(faces.flatMap { [edge($0[0], $0[1]), edge($0[1], $0[2]), edge($0[2], $0[0])] })
            .sorted { $0.lexicographicallyPrecedes($1) }
        var middles: [[Int]: Int] = [:]
        for (i, ends) in edges.enumerated() { middles[ends] = old.count + i }
        var smaller: [[Int]] = []
        for face in faces {
            guard let ab = middles[edge(face[0], face[1])], let bc = middles[edge(face[1], face[2])],
                let ca = middles[edge(face[2], face[0])]
            else { continue }
            smaller += [[face[0], ab, ca], [ab, face[1], bc], [ca, bc, face[2]], [ab, bc, ca]]
        }
        return (old + edges.map { unit((old[$0[0]] + old[$0[1]]) / 2) }, smaller)
    }

    private static func unit(_ point: SIMD3<Double>) -> SIMD3<Double> { point / (point * point).sum().squareRoot() }
}
