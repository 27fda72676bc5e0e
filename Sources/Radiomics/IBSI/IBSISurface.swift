// The closed surface of a mask as triangles.
import Imaging

/// The marching-cubes surface at 0.5 of a mask: vertices at the midpoints between voxels inside and outside.
///
/// Source: Lorensen and Cline 1987, Computer Graphics 21:163; IBSI reference manual, chapter 3, "ROI mesh". Where a face of a
/// cube has two opposite corners inside, they are kept apart on both sides of the face: the surface is closed, unlike that
/// of `ShapeMesh`, whose cracks equality with PyRadiomics asks for.
struct IBSISurface {
    let areaMM2: Double
    let volumeMM3: Double

    /// - Parameters:
    ///   - mask: whether each voxel is inside, x fastest; what lies beyond its box is outside.
    init(_ mask: [Bool], size: Index3, spacingMM: SIMD3<Double>) {
        let triangles = Self.trianglesByCase.map { corners in corners.map { $0 * spacingMM } }
        var (area, volume) = (0.0, 0.0)
        mask.withUnsafeBufferPointer { mask in
            @inline(__always) func inside(_ x: Int, _ y: Int, _ z: Int) -> Bool {
                x >= 0 && y >= 0 && z >= 0 && x < size.x && y < size.y && z < size.z
                    && mask[(z * size.y + y) * size.x + x]
            }
            for z in -1..<size.z {
                for y in -1..<size.y {
                    for x in -1..<size.x {
                        var cubeCase = 0
                        for c in 0..<8 {
                            // Corners run round the lower face, then round the upper one.
                            if inside(x + ((c + 1) >> 1 & 1), y + (c >> 1 & 1), z + (c >> 2)) { cubeCase |= 1 << c }
                        }
                        guard cubeCase != 0, cubeCase != 255 else { continue }
                        let origin = SIMD3(Double(x), Double(y), Double(z)) * spacingMM
                        let corners = triangles[cubeCase]
                        for i in stride(from: 0, to: corners.count, by: 3) {
                            let (a, b, c) = (corners[i] + origin, corners[i + 1] + origin, corners[i + 2] + origin)
                            area += length(cross(b - a, c - a)) / 2
                            volume += dot(a, cross(c, b)) / 6  // clockwise seen from outside
                        }
                    }
                }
            }
        }
        areaMM2 = area
        volumeMM3 = volume
    }

    /// The triangles of each of the 256 ways in which a cube's corners can lie inside, three points each in units of the
    /// cube, clockwise seen from outside; corners are numbered as in `MarchingCubes`. Its triangles serve except where it joins
    /// opposite corners of a face: with corner 7 inside and an ambiguous face.
    private static let trianglesByCase: [[SIMD3<Double>]] = (0..<256).map { cubeCase in
        let isAmbiguous = faces.contains { face in
            let corners = face.map { isInside($0, cubeCase) }
            return corners[0] == corners[2] && corners[1] == corners[3] && corners[0] != corners[1]
        }
        return cubeCase > 127 && isAmbiguous ? separatedTriangles(cubeCase) : MarchingCubes.triangles[cubeCase]
    }

    /// On each face a segment joins the two cut edges beside each run of inside corners. The segments form closed polygons,
    /// which are cut into fans.
    private static func separatedTriangles(_ cubeCase: Int) -> [SIMD3<Double>] {
        var next: [Int: Int] = [:]
        for face in faces {
            for i in 0..<4 where isInside(face[i], cubeCase) && !isInside(face[(i + 3) % 4], cubeCase) {
                var last = i
                while isInside(face[(last + 1) % 4], cubeCase) { last += 1 }
                next[edge(face[last % 4], face[(last + 1) % 4])] = edge(face[(i + 3) % 4], face[i])
            }
        }
        var triangles: [SIMD3<Double>] = []
        while let start = next.keys.min() {
            var polygon = [start]
            while let edge = next.removeValue(forKey: polygon[polygon.count - 1]), edge != start {
                polygon.append(edge)
            }
            for i in 1..<polygon.count - 1 {
                triangles += [polygon[0], polygon[i], polygon[i + 1]].map(midpoint)
            }
        }
        return triangles
    }

    /// The corners of each face, anticlockwise seen from outside the cube.
    private static let faces = [
        [0, 4, 7, 3], [1, 2, 6, 5], [0, 1, 5, 4], [3, 7, 6, 2], [0, 3, 2, 1], [4, 5, 6, 7],
    ]

    private static let corners: [SIMD3<Int>] = [
        [0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1],
    ]

    private static func isInside(_ corner: Int, _ cubeCase: Int) -> Bool { cubeCase >> corner & 1 == 1 }

    /// A name for the edge between two corners.
    private static func edge(_ a: Int, _ b: Int) -> Int { min(a, b) * 8 + max(a, b) }

    private static func midpoint(_ edge: Int) -> SIMD3<Double> {
        (SIMD3<Double>(corners[edge / 8]) + SIMD3<Double>(corners[edge % 8])) / 2
    }
}
