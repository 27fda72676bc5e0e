// Clefts of known form, size and place in a body known by hand.
import Domain
import Foundation
import Imaging
import Testing

@testable import Morphometry

struct CleftFinderTests {
    @Test func `a gas cleft has its volume, place and axes`() throws {
        let (volume, vertebra) = AnalyticBody().scanned(with: [ball(hu: -700)])
        let cleft = try #require(try find(vertebra, volume))
        #expect(cleft.form == .gas)
        // 4π/3 · 8 · 5 · 2.5 mm³; the smeared border is counted by its share of gas.
        #expect(abs(cleft.volumeML - 0.419) < 0.03)
        #expect(cleft.gasVolumeML == cleft.volumeML)
        #expect(length(cleft.localMM - [1, 4, 3]) < 0.3)
        #expect(abs(cleft.axes[0].x) > 0.98 && abs(cleft.axes[1].y) > 0.98 && abs(cleft.axes[2].z) > 0.98)
        #expect(length(cleft.extentMM - [16, 10, 5]) < 1.2)
        #expect(cleft.confidence > 0.9)
        #expect(cleft.mask.geometry == vertebra.parts.geometry)
    }

    @Test func `a fluid cleft is told from marrow by its density`() throws {
        let (volume, vertebra) = AnalyticBody().scanned(with: [ball(hu: 15)])
        let cleft = try #require(try find(vertebra, volume))
        #expect(cleft.form == .fluid)
        #expect(cleft.gasVolumeML == 0)
        #expect(abs(cleft.volumeML - 0.419) < 0.06)
        #expect(cleft.confidence < 0.8)
    }

    @Test func `gas over fluid is one mixed cleft`() throws {
        let gas = Ellipsoid(centreMM: [0, 4, 4], semiAxesMM: [8, 5, 2.5], hu: -700)
        let fluid = Ellipsoid(centreMM: [0, 4, -5], semiAxesMM: [8, 5, 3], hu: 15)
        let (volume, vertebra) = AnalyticBody().scanned(with: [gas, fluid])
        let cleft = try #require(try find(vertebra, volume))
        #expect(cleft.form == .mixed)
        #expect(abs(cleft.gasVolumeML - 0.419) < 0.03)
        #expect(cleft.volumeML > cleft.gasVolumeML + 0.3)
    }

    @Test func `a sound body has no cleft`() throws {
        let (volume, vertebra) = AnalyticBody().scanned()
        #expect(try find(vertebra, volume) == nil)
    }

    @Test func `where marrow is as thin as fluid, finding no gas is no finding`() throws {
        var body = AnalyticBody()
        body.insideHU = 45
        let (volume, vertebra) = body.scanned()
        let result = try CleftFinder.find(in: vertebra, volume: volume, sliceThicknessMM: 1, cortex: nil)
        guard case .failure(let unmeasured) = result else { return #expect(Bool(false), "fluid cannot be told here") }
        #expect(unmeasured.omission.reason.contains("45 HU"))
    }

    @Test func `slices above 4 mm are refused by name`() throws {
        let (volume, vertebra) = AnalyticBody().scanned(with: [ball(hu: -700)])
        let result = try CleftFinder.find(in: vertebra, volume: volume, sliceThicknessMM: 5, cortex: nil)
        guard case .failure(let unmeasured) = result else { return #expect(Bool(false), "5 mm slices are too thick") }
        #expect(unmeasured.omission.reason.contains("5.0 mm"))
    }

    @Test func `thin gas under thick slices needs the higher threshold`() {
        #expect(CleftFinder.gasThresholdHU(sliceMM: 1) == -200)
        #expect(CleftFinder.gasThresholdHU(sliceMM: 3) == -125)
    }

    @Test func `contacts give the distance, and 1 where the cleft touches`() throws {
        let high = Ellipsoid(centreMM: [0, 0, 9], semiAxesMM: [8, 5, 2.5], hu: -700)
        let (volume, vertebra) = AnalyticBody().scanned(with: [high])
        let cleft = try #require(try find(vertebra, volume))
        let above = try #require(cleft[.superiorEndplate])
        // From z = 11.5 to the endplate at 13, to the voxel centre.
        #expect(abs(above.distanceMM - 1.5) < 1)
        #expect(above.connection == 1)
        let below = try #require(cleft[.inferiorEndplate])
        #expect(abs(below.distanceMM - 19.5) < 1.2)
        #expect(below.connection < 0.15)
        #expect(cleft.contacts.first == above)
        #expect(cleft[.foramen] == nil)
    }

    @Test func `a channel of thin marrow connects the cleft with a gap`() throws {
        var body = AnalyticBody()
        body.hole = { p in p.y > 0 && abs(p.x) < 1.5 && abs(p.z) < 4 }
        let small = Ellipsoid(centreMM: [0, 0, 0], semiAxesMM: [6, 4, 3], hu: -700)
        let channel = Ellipsoid(centreMM: [0, 9, 0], semiAxesMM: [2.5, 7, 2.5], hu: 20)
        func connection(_ cavities: [Ellipsoid]) throws -> Double {
            let (volume, vertebra) = body.scanned(with: cavities)
            let cortex = try CortexMapper.map(vertebra, in: volume, sliceThicknessMM: 1).get()
            let cleft = try CleftFinder.find(in: vertebra, volume: volume, sliceThicknessMM: 1, cortex: cortex).get()
            return try #require(cleft?[.gap(0)]).connection
        }
        let closed = try connection([small])
        let open = try connection([small, channel])
        #expect(closed < 0.2)
        #expect(open > 0.4)
    }

    private func ball(hu: Double) -> Ellipsoid { Ellipsoid(centreMM: [1, 4, 3], semiAxesMM: [8, 5, 2.5], hu: hu) }

    private func find(_ vertebra: Vertebra, _ volume: Volume) throws -> Cleft? {
        try CleftFinder.find(in: vertebra, volume: volume, sliceThicknessMM: 1, cortex: nil).get()
    }
}

/// A cavity in the frame of an analytic body.
struct Ellipsoid {
    var centreMM: SIMD3<Double>
    var semiAxesMM: SIMD3<Double>
    var hu: Double

    /// The share of a point's surroundings that the cavity fills, its border smeared by the body's blur.
    func share(_ p: SIMD3<Double>, sigmaMM: Double) -> Double {
        let q = (p - centreMM) / semiAxesMM
        let s = q / semiAxesMM
        let k = length(q)
        let distance = k * (k - 1) / max(length(s), 1e-6)
        return 0.5 * erfc(distance / (sigmaMM * 2.0.squareRoot()))
    }
}

extension AnalyticBody {
    /// The scan with cavities in the marrow.
    func scanned(with cavities: [Ellipsoid]) -> (volume: Volume, vertebra: Vertebra) {
        var (volume, vertebra) = scanned()
        let size = volume.geometry.size
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x {
                    let local = frame.local(volume.geometry.point(at: Index3(x: x, y: y, z: z)))
                    for cavity in cavities {
                        let share = Float(cavity.share(local, sigmaMM: blurSigmaMM))
                        volume[x, y, z] += share * (Float(cavity.hu) - volume[x, y, z])
                    }
                }
            }
        }
        return (volume, vertebra)
    }
}
