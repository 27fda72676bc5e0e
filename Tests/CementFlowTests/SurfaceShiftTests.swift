// The segmentation's error: how the surface moves, and what that does to a body.
import Domain
import Foundation
import Imaging
import Testing

@testable import CementFlow

/// An ellipsoid with half axes of 20, 15 and 12 mm.
private func ellipsoid(cellMM: Double, isOpen: (PointMM) -> Bool = { _ in false }) -> BodyCells {
    BodyCells(
        frame: VertebralFrame(originMM: [3, -2, 5], x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1]),
        lowerMM: [-21, -16, -13], upperMM: [21, 16, 13], cellMM: cellMM,
        holds: { p in
            let d = (p - [3, -2, 5]) / [20, 15, 12]
            return dot(d, d) < 1
        },
        density: { p in Float(100 + 40 * sin(p.x) * cos(1.3 * p.y)) }, isOpen: isOpen)
}

private func ellipsoidVolume(_ a: Double, _ b: Double, _ c: Double) -> Double { 4 / 3 * .pi * a * b * c }

struct SurfaceShiftTests {
    @Test func `the shift has the same spread in every direction and is smooth`() {
        // A fixed sequence of normal numbers: sums of twelve uniform ones.
        var state: UInt64 = 7
        func normal() -> Double {
            (0..<12).reduce(-6.0) { sum, _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return sum + Double(state >> 33) / Double(1 << 31)
            }
        }
        let shifts = (0..<4000).map { _ in SurfaceShift(standardDeviationMM: 0.5, normal: normal) }
        for direction in [[1, 0, 0], [0, -1, 0], [0, 0, 1], [0.6, 0.8, 0], [0.48, -0.64, 0.6]] as [SIMD3<Double>] {
            let values = shifts.map { $0.outwardsMM(direction) }
            let mean = values.reduce(0, +) / 4000
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
            // Standard error of a standard deviation from 4000 numbers: 0.5/√8000 = 0.006.
            #expect(abs(mean) < 0.03)
            #expect(abs(variance.squareRoot() - 0.5) < 0.025)
        }
        let near = shifts.map { abs($0.outwardsMM([1, 0, 0]) - $0.outwardsMM(normalised([1, 0.1, 0]))) }
        #expect((near.max() ?? 1) < 0.5)
    }

    @Test(arguments: [1.0, 1.5]) func `a surface shifted outwards or inwards bounds the volume of its parallel body`(
        cellMM: Double
    ) {
        let cells = ellipsoid(cellMM: cellMM)
        // Steiner's formula, V + A s + M s² + 4π/3 s³, with Thomsen's area (p = 1.6075) and M within 1 % for a ball of the mean axis.
        let (area, curvature) = (3033.0, 4 * .pi * 15.7)
        let exact = ellipsoidVolume(20, 15, 12)
        for shift in [-1.2, -0.5, 0, 0.5, 1.2] {
            let moved = cells.shifted { _ in shift }
            let parallel = exact + area * shift + curvature * shift * shift + 4 / 3 * .pi * shift * shift * shift
            // A sixth of a millimetre of surface: the depth comes from points half a cell apart.
            #expect(abs(moved.volumeMM3 - parallel) < area / 6, "\(shift): \(moved.volumeMM3 - parallel)")
            #expect(moved.grid == cells.grid)
        }
        // Only to the left: the other side stays.
        let lopsided = cells.shifted { 1.5 * $0.x }
        let face = { (body: BodyCells, wall: BodyWall) in
            body.faces.filter { $0.wall == wall && abs($0.localMM.y) < 4 && abs($0.localMM.z) < 4 }.map(\.localMM.x)
        }
        #expect((face(lopsided, .left).max() ?? 0) >= (face(cells, .left).max() ?? 0) + cellMM / 2)
        #expect((face(lopsided, .right).min() ?? 0) >= (face(cells, .right).min() ?? 0) + cellMM / 2)
    }

    @Test func `fluid that was found in the body is open space`() {
        let cells = ellipsoid(cellMM: 1) { abs($0.x - 3) < 5 && abs($0.y + 2) < 3 && abs($0.z - 9) < 1.01 }
        let count = cells.isCleft.reduce(0) { $0 + ($1 ? 1 : 0) }
        #expect(count > 100)
        #expect(count < 220)
        let model = BodyFlowModel(cells, parameters: BodyFlowParameters(), openings: [])
        for i in cells.isCleft.indices where cells.isCleft[i] { #expect(model.domain.porosity[i] == 1) }
        // A cleft beyond a surface that moved in is no longer part of the body.
        let small = cells.shifted { _ in -1.5 }
        #expect(zip(small.isCleft, small.isBone).allSatisfy { !$0 || $1 })
    }
}
