// A closed surface of triangles.

/// Triangles over shared vertices.
package struct TriangleMesh: Sendable, Hashable {
    /// LPS millimetres.
    package var vertices: [SIMD3<Float>]
    /// Three indices into `vertices`, counter-clockwise seen from outside.
    package var triangles: [SIMD3<UInt32>]

    package init(vertices: [SIMD3<Float>], triangles: [SIMD3<UInt32>]) {
        self.vertices = vertices
        self.triangles = triangles
    }

    /// Enclosed volume by the divergence theorem, mm³; negative where the triangles are turned inside out.
    package var volumeMM3: Double {
        // Beside the surface, so that little cancels.
        let base = vertices.first.map(SIMD3<Double>.init) ?? .zero
        return triangles.reduce(0) { sum, triangle in
            let (a, b, c) = corners(triangle)
            return sum + ((a - base) * crossed(b - base, c - base)).sum() / 6
        }
    }

    /// mm².
    package var areaMM2: Double {
        triangles.reduce(0) { sum, triangle in
            let normal = areaNormal(triangle)
            return sum + (normal * normal).sum().squareRoot()
        }
    }

    /// Of every vertex, outwards, of length 1: the sum of its triangles' normals, each weighted by its area.
    package var vertexNormals: [SIMD3<Float>] {
        var sums = [SIMD3<Double>](repeating: .zero, count: vertices.count)
        for triangle in triangles {
            let normal = areaNormal(triangle)
            for corner in 0..<3 { sums[Int(triangle[corner])] += normal }
        }
        return sums.map { sum in
            let length = (sum * sum).sum().squareRoot()
            // glTF asks for a direction even where the triangles have none.
            return length > 0 ? SIMD3<Float>(sum / length) : [0, 0, 1]
        }
    }

    /// Half the cross product of two edges: as long as the triangle is large, mm².
    func areaNormal(_ triangle: SIMD3<UInt32>) -> SIMD3<Double> {
        let (a, b, c) = corners(triangle)
        return crossed(b - a, c - a) / 2
    }

    private func corners(_ triangle: SIMD3<UInt32>) -> (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
        (
            SIMD3<Double>(vertices[Int(triangle.x)]), SIMD3<Double>(vertices[Int(triangle.y)]),
            SIMD3<Double>(vertices[Int(triangle.z)])
        )
    }
}

private func crossed(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    [a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x]
}
