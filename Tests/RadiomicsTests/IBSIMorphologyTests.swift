// The bodies and sums behind the morphology of the ibsi mode, on shapes whose answers are known.
import Imaging
import Testing

@testable import Radiomics

private let spacing = SIMD3<Double>(1, 2, 3)

/// A mask of independent voxels: rough, so that cubes with ambiguous faces occur.
private func roughMask(_ size: Index3) -> [Bool] {
    var state: UInt64 = 7
    return (0..<size.count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407  // Knuth's MMIX generator
        return state >> 63 == 1
    }
}

struct IBSIMorphologyTests {
    @Test func `a rough surface is closed: its volume does not depend on where it lies`() {
        let size = Index3(x: 5, y: 6, z: 4), wide = Index3(x: 8, y: 8, z: 7)
        let mask = roughMask(size)
        var moved = [Bool](repeating: false, count: wide.count)
        for i in mask.indices {
            let (x, y, z) = (i % size.x, i / size.x % size.y, i / (size.x * size.y))
            moved[((z + 3) * wide.y + y + 2) * wide.x + x + 3] = mask[i]
        }
        let here = IBSISurface(mask, size: size, spacingMM: spacing)
        let there = IBSISurface(moved, size: wide, spacingMM: spacing)
        #expect(abs(here.volumeMM3 - there.volumeMM3) < 1e-9 * here.volumeMM3)
        #expect(abs(here.areaMM2 - there.areaMM2) < 1e-9 * here.areaMM2)
    }

    @Test func `one voxel is an octahedron in every body`() {
        let size = Index3(x: 1, y: 1, z: 1)
        let surface = IBSISurface([true], size: size, spacingMM: [1, 1, 1])
        let hull = ConvexHull([true], size: size, spacingMM: [1, 1, 1])
        #expect(abs(surface.volumeMM3 - 1.0 / 6) < 1e-12 && abs(surface.areaMM2 - 3.0.squareRoot()) < 1e-12)
        #expect(abs(hull.volumeMM3 - 1.0 / 6) < 1e-12 && abs(hull.areaMM2 - 3.0.squareRoot()) < 1e-12)
        #expect(hull.vertices.count == 6 && abs(hull.diameterMM - 1) < 1e-12)
        // The smallest ellipsoid is the ball through the corners.
        #expect(abs(Ellipsoid(around: hull).volumeMM3 - .pi / 6) < 1e-5)
        #expect(abs(Ellipsoid(around: hull).areaMM2 - .pi) < 1e-5)
    }

    @Test func `the surface of an L is its own hull`() {
        // Three of four voxels in a square: the surface already cuts the missing corner along its diagonal.
        let size = Index3(x: 2, y: 2, z: 1)
        let hull = ConvexHull([true, true, true, false], size: size, spacingMM: [1, 1, 1])
        let surface = IBSISurface([true, true, true, false], size: size, spacingMM: [1, 1, 1])
        #expect(abs(hull.volumeMM3 - surface.volumeMM3) < 1e-12)
        // From (1.5, 0) to (-0.5, 1).
        #expect(abs(hull.diameterMM - 5.0.squareRoot()) < 1e-12)
    }

    @Test func `the surface of an ellipsoid is the manual's series`() {
        // SciPy 1.17: 4·π·a·b·sum((α·β)**v / (1 - 4·v²) · eval_legendre(v, (α² + β²) / (2·α·β)) for v in range(21)).
        #expect(abs(Ellipsoid(halfAxesMM: [5, 3, 2]).areaMM2 - 130.7804352287973) < 1e-10)
        #expect(abs(Ellipsoid(halfAxesMM: [46.4, 40.8, 35]).areaMM2 - 20966.23487910339) < 1e-7)
    }

    @Test func `an ellipsoid with equal axes has the surface of a ball`() {
        #expect(abs(Ellipsoid(halfAxesMM: [2, 2, 2]).areaMM2 - 16 * .pi) < 1e-12)
    }

    @Test func `sums over inverse distances equal the sums over all pairs`() {
        let size = Index3(x: 4, y: 3, z: 5)
        let values = (0..<size.count).map { Double($0 * $0 % 17) - 5 }
        let ones = [Double](repeating: 1, count: size.count)
        let sums = InverseDistanceSums(values, ones, size: size, spacingMM: spacing)
        func place(_ i: Int) -> SIMD3<Double> {
            SIMD3(Double(i % 4), Double(i / 4 % 3), Double(i / 12)) * spacing
        }
        for i in 0..<size.count {
            var (first, second) = (0.0, 0.0)
            for j in 0..<size.count where j != i {
                let weight = 1 / length(place(i) - place(j))
                first += weight * values[j]
                second += weight
            }
            #expect(abs(sums.first[i] - first) < 1e-11 && abs(sums.second[i] - second) < 1e-11)
        }
    }

    @Test func `distances to the border are steps along the axes`() {
        let size = Index3(x: 3, y: 3, z: 3)
        let full = [Bool](repeating: true, count: 27)
        #expect(borderDistances(full, size: size, inPlane: false)[13] == 2)
        #expect(borderDistances(full, size: size, inPlane: false).filter { $0 == 1 }.count == 26)
        #expect(borderDistances(full, size: size, inPlane: true).filter { $0 == 2 }.count == 3)
        var hollow = full
        hollow[13] = false
        #expect(borderDistances(hollow, size: size, inPlane: false).filter { $0 == 1 }.count == 26)
    }
}
