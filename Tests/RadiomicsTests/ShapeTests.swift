// Shape on regions whose surface can be worked out by hand.
import Imaging
import Testing

@testable import Radiomics

private func region(_ size: Index3, spacingMM: SIMD3<Double> = [1, 1, 1], _ voxels: [Bool]) -> RegionOfInterest {
    RegionOfInterest(
        size: size, spacingMM: spacingMM, values: [Double](repeating: 1, count: size.count), inside: voxels)
}

@Suite struct ShapeTests {
    @Test func `two voxels apart have two octahedra of a sixth of a voxel`() throws {
        // Opposite corners of a 3×3×1 box, so that no cube sees both.
        let mesh = ShapeMesh(
            region(Index3(x: 3, y: 3, z: 1), [true, false, false, false, false, false, false, false, true]))
        #expect(abs(mesh.volumeMM3 - 2.0 / 6) < 1e-12)
        #expect(abs(mesh.areaMM2 - 2 * 3.0.squareRoot()) < 1e-12)
    }

    @Test func `a block has flat faces, bevelled edges and cut corners`() throws {
        // 3×4×5 voxels of 1 mm: each edge loses a prism of cross-section 1/8, each corner region keeps 1/48 of its eighth.
        let mesh = ShapeMesh(region(Index3(x: 3, y: 4, z: 5), [Bool](repeating: true, count: 60)))
        let inner = 2.0 * 3 * 4
        let faces = 2 * (2.0 * 3 + 3 * 4 + 2 * 4) * 0.5
        let edges = 4 * (2.0 + 3 + 4) * 0.125
        let corners = 8 * (1.0 / 48)
        #expect(abs(mesh.volumeMM3 - (inner + faces + edges + corners)) < 1e-9)
    }

    @Test func `the diameters of a block reach from face to face`() throws {
        let block = region(
            Index3(x: 3, y: 4, z: 5), spacingMM: [1, 1, 2], [Bool](repeating: true, count: 60))
        let diameters = ShapeDiameters(block)
        // From the middle of a face voxel's outer side to the opposite one: 2, 3 and 8 mm between the outermost centres.
        #expect(abs(diameters.maximum3D - (4.0 + 9 + 100).squareRoot()) < 1e-12)
        #expect(abs(diameters.maximumSlice - (4.0 + 16).squareRoot()) < 1e-12)
        #expect(abs(diameters.maximumColumn - (4.0 + 100).squareRoot()) < 1e-12)
        #expect(abs(diameters.maximumRow - (9.0 + 100).squareRoot()) < 1e-12)
    }

    @Test func `eigenvalues of a known matrix`() {
        // Eigenvalues of the path graph's Laplacian on four points: 0, 2 − √2, 2, 2 + √2.
        var laplacian = SymmetricMatrix(n: 4)
        for i in 0..<4 { laplacian[i, i] = i == 0 || i == 3 ? 1 : 2 }
        for i in 0..<3 {
            laplacian[i, i + 1] = -1
            laplacian[i + 1, i] = -1
        }
        let expected = [0, 2 - 2.0.squareRoot(), 2, 2 + 2.0.squareRoot()]
        for (value, exact) in zip(laplacian.eigenvalues(), expected) { #expect(abs(value - exact) < 1e-14) }
    }

    @Test func `the spectral radius of a matrix large enough for Lanczos' method`() {
        // The path graph's Laplacian on n points has the eigenvalues 2 − 2·cos(πk / n), crowded at the top.
        let n = 200
        var laplacian = SymmetricMatrix(n: n)
        for i in 0..<n { laplacian[i, i] = i == 0 || i == n - 1 ? 1 : 2 }
        for i in 0..<n - 1 {
            laplacian[i, i + 1] = -1
            laplacian[i + 1, i] = -1
        }
        let exact = laplacian.eigenvalues()[n - 1]
        #expect(abs(laplacian.spectralRadius(atMost: 4) - exact) < 1e-10)
    }
}
