// Surfaces with hand-derived answers.
import Foundation
import Imaging
import Testing

@testable import Segmentation

private let upright = VertebralFrame(originMM: [0, 0, 0], x: [1, 0, 0], y: [0, -1, 0], z: [0, 0, 1])

/// A cube of side 2 `half` at 1 mm about the origin, with values by distance from the origin.
private func radial(_ half: Int, _ value: (Double) -> Double) -> Volume {
    let n = 2 * half + 1
    let geometry = Geometry(
        size: Index3(x: n, y: n, z: n), spacingMM: [1, 1, 1], originMM: SIMD3(repeating: -Double(half)))
    var volume = Volume(geometry: geometry, filledWith: 0)
    for i in volume.voxels.indices {
        let p = geometry.point(at: Index3(x: i % n, y: i / n % n, z: i / (n * n)))
        volume.voxels[i] = Float(value(length(p)))
    }
    return volume
}

@Suite struct BodySurfaceTests {
    @Test func `directions have length 1, no common pull, and near neighbours`() {
        let directions = RayDirections.body
        #expect(directions.vectors.allSatisfy { abs(length($0) - 1) < 1e-12 })
        #expect(length(directions.vectors.reduce(.zero, +)) / Double(directions.vectors.count) < 1e-3)
        // Twelve neighbours of an even mesh lie within two and a half mesh widths.
        let width = (4 * .pi / Double(directions.vectors.count)).squareRoot()
        for i in stride(from: 0, to: directions.vectors.count, by: 97) {
            for n in 0..<RayDirections.neighbourCount {
                let j = directions.neighbours[i * RayDirections.neighbourCount + n]
                #expect(j != i)
                #expect(length(directions.vectors[i] - directions.vectors[j]) < 2.5 * width)
            }
        }
    }

    @Test func `a ball has the volume, centre and voxels of a ball`() {
        let ball = BodySurface(
            frame: upright, directions: .body,
            radiiMM: [Double](repeating: 10, count: RayDirections.body.vectors.count))
        let exact = 4 / 3 * Double.pi * 1_000
        #expect(abs(ball.volumeMM3 - exact) < 1e-6 * exact)
        #expect(length(ball.centroidMM) < 0.02)
        let grid = radial(12) { _ in 0 }.geometry
        let mask = ball.mask(on: grid)
        var expected = 0
        for i in mask.voxels.indices {
            let p = grid.point(at: Index3(x: i % 25, y: i / 25 % 25, z: i / 625))
            if length(p) <= 10 { expected += 1 }
        }
        // Voxels exactly on the surface may fall to either side.
        #expect(abs(mask.count - expected) <= 40)
    }

    @Test func `the normal of a tilted endplate is found`() {
        // Upper face z = 10 + 0.2 x, lower face z = -10, wide walls: r = 10 / (z − 0.2 x) upward.
        let radii = RayDirections.body.vectors.map { d -> Double in
            let face = d.z > 0 ? 10 / max(d.z - 0.2 * d.x, 1e-6) : 10 / max(-d.z, 1e-6)
            return min(face, 20)
        }
        let body = BodySurface(frame: upright, directions: .body, radiiMM: radii)
        let upper = body.endplateNormal(cranial: true)
        #expect(length(upper - normalised([-0.2, 0, 1])) < 0.01)
        #expect(length(body.endplateNormal(cranial: false) - [0, 0, 1]) < 0.01)
    }

    /// A shell of 0.5 mm (1100 HU) ends at 16 mm, marrow 120 HU inside, muscle 50 HU outside, blurred by 0.8 mm: the steepest fall
    /// lies near 16.5 mm; the edge is at 16.
    @Test func `the edge of a thin blurred shell is found where it is, not where it falls steepest`() {
        let sigma = 0.8 * 2.0.squareRoot()
        func step(_ edge: Double, _ r: Double) -> Double { 0.5 * (1 - erf((r - edge) / sigma)) }
        let volume = radial(28) { r in 50 + (120 - 1100) * step(15.5, r) + (1100 - 50) * step(16, r) }
        let steepest = BodySurface(
            frame: upright, directions: .body,
            radiiMM: [Double](repeating: 16.6, count: RayDirections.body.vectors.count))
        let refined = EdgeRefinement(volume: volume)(EdgeRefinement(volume: volume)(steepest))
        let mean = refined.radiiMM.reduce(0, +) / Double(refined.radiiMM.count)
        #expect(abs(mean - 16) < 0.15, "\(mean)")
    }

    @Test func `a ray meets a disc plane ahead of it and never one behind`() {
        let plane = DiscPlane(pointMM: [0, 0, 12], normal: [0, 0, 1], depthHU: 100)
        #expect(plane.distance(from: .zero, along: [0, 0, 1]) == 12)
        #expect(abs(plane.distance(from: .zero, along: normalised([1, 0, 1])) - 12 * 2.0.squareRoot()) < 1e-9)
        #expect(plane.distance(from: .zero, along: [0, 0, -1]) == .infinity)
        #expect(plane.distance(from: .zero, along: [1, 0, 0]) == .infinity)
    }

    @Test func `fine axes are averaged to about a millimetre, coarse ones kept`() {
        let geometry = Geometry(size: Index3(x: 40, y: 40, z: 10), spacingMM: [0.4, 0.5, 3])
        var volume = Volume(geometry: geometry, filledWith: 0)
        for x in 0..<40 { for y in 0..<40 { for z in 0..<10 { volume[x, y, z] = Float(x) } } }
        let grid = WorkingGrid(
            of: volume, around: [geometry.point(at: Index3(x: 20, y: 20, z: 5))], marginsMM: [99, 99, 99])
        #expect(grid.factor == Index3(x: 2, y: 2, z: 1))
        #expect(grid.volume.geometry.size == Index3(x: 20, y: 20, z: 10))
        // The first working voxel averages 0 and 1 and lies between them.
        #expect(grid.volume[0, 0, 0] == 0.5)
        #expect(abs(grid.volume.geometry.originMM.x - 0.2) < 1e-12)
    }
}
