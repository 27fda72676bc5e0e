// Tilts of the endplates, and angles over several levels.
import Domain
import Foundation
import Imaging
import Testing

@testable import Morphometry

struct EndplateTiltTests {
    @Test func `each endplate has its own tilt, and the wedge is their difference`() throws {
        var body = AnalyticBody()
        body.wedgeSlope = 0.15
        let (volume, vertebra) = body.scanned()
        let measured = try BodyMorphometry.measure(vertebra, in: volume)
        // atan 0.15, all of it at the upper endplate.
        #expect(abs(try #require(measured.superiorTiltDegrees) - 8.53) < 0.5)
        #expect(abs(try #require(measured.inferiorTiltDegrees)) < 0.4)
        #expect(abs(try #require(measured.wedgeAngleDegrees) - 8.53) < 0.5)
    }

    @Test func `a hollow behind the middle tilts no endplate: the line rests on the rims`() throws {
        let (volume, sound) = AnalyticBody().scanned()
        var vertebra = sound
        var hollowed = volume
        let size = volume.geometry.size
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x {
                    let local = vertebra.frame.local(volume.geometry.point(at: Index3(x: x, y: y, z: z)))
                    // A bowl of the upper endplate, 3 mm deep, 4 mm behind the middle.
                    let q = (local.x * local.x) / 196 + (local.y + 4) * (local.y + 4) / 100
                    let depth = q < 1 ? 3 * (1 - q) : 0
                    let body = AnalyticBody()
                    let distance = max(body.distance(local), local.z - 13 + depth)
                    hollowed[x, y, z] = Float(body.profileHU(distanceMM: distance))
                    vertebra.parts[x, y, z] = distance < 0 ? Vertebra.Part.body.rawValue : 0
                }
            }
        }
        let measured = try BodyMorphometry.measure(vertebra, in: hollowed)
        #expect(abs(try #require(measured.superiorTiltDegrees)) < 0.8)
        #expect(try #require(measured.heights).biconcavityIndex < 0.95)
    }

    @Test func `the regional angle spans from above to below, or from the level itself`() throws {
        let body = AnalyticBody()
        func vertebra(_ level: VertebralLevel, leanDegrees: Double) -> Vertebra {
            let a = leanDegrees * .pi / 180
            var vertebra = body.scanned(as: level).vertebra
            vertebra.frame = VertebralFrame(
                originMM: .zero, x: [1, 0, 0], y: [0, -cos(a), -sin(a)], z: [0, -sin(a), cos(a)])
            return vertebra
        }
        let vertebrae = [vertebra(.T12, leanDegrees: 12), vertebra(.L1, leanDegrees: 3), vertebra(.L3, leanDegrees: 0)]
        let base = body.scanned()
        var measured = try vertebrae.map { vertebra in
            var one = try BodyMorphometry.measure(base.vertebra, in: base.volume)
            one.level = vertebra.level
            one.superiorTiltDegrees = 0
            one.inferiorTiltDegrees = 0
            return one
        }
        measured[0].superiorTiltDegrees = 2
        measured[1].inferiorTiltDegrees = -1
        let compared = NeighbourComparison.assess(measured, vertebrae)
        // T12's upper endplate leans 12 + 2°, L1's lower one 3 − 1°.
        #expect(abs(try #require(compared[1].regionalCobbDegrees) - 12) < 1e-9)
        #expect(compared[1].regionalCobbLevels == [.T12, .L1])
        #expect(compared[2].regionalCobbDegrees == nil)
    }
}
