// Density by calibration, sparsity and anisotropy of trabecular bone.
import Domain
import Foundation
import Imaging
import Testing

@testable import Morphometry

struct DensityTests {
    @Test func `the published line gives a mean and the interval of its constants`() {
        let density = BoneDensity(meanHU: 100, .published)
        #expect(density.meanMGPerCM3 == 90)
        #expect(density.rangeMGPerCM3 == 80...100)
        #expect(density.qctClass == .osteopenia)
    }

    @Test func `classes change below 80 and above 120 mg per cm3`() {
        let own = DensityCalibration.own(slope: 1, intercept: 0)
        #expect(BoneDensity(meanHU: 79.9, own).qctClass == .osteoporosis)
        #expect(BoneDensity(meanHU: 80, own).qctClass == .osteopenia)
        #expect(BoneDensity(meanHU: 120, own).qctClass == .osteopenia)
        #expect(BoneDensity(meanHU: 120.1, own).qctClass == .normal)
        #expect(BoneDensity(meanHU: 100, own).rangeMGPerCM3 == 100...100)
    }

    @Test func `fat and muscle of the scan bring its scale to that of 120 kV`() throws {
        // A scan whose scale is stretched by a quarter: fat −125, muscle 68.75.
        let (volume, vertebra) = surrounded(fat: -125, muscle: 68.75)
        let calibration = try DensityCalibration.tissue(beside: vertebra, in: volume).get()
        #expect(DensityCalibration.best(beside: vertebra, in: volume) == calibration)
        #expect(abs(calibration.slope - 0.75 / 1.25) < 0.01)
        #expect(abs(calibration.intercept - 15) < 1)
        #expect(calibration.source.contains("fat -125 HU"))
    }

    @Test func `without fat there is no tissue calibration`() throws {
        let (volume, vertebra) = surrounded(fat: 55, muscle: 55)
        guard case .failure(let unmeasured) = DensityCalibration.tissue(beside: vertebra, in: volume) else {
            return #expect(Bool(false), "no fat was there to find")
        }
        #expect(DensityCalibration.best(beside: vertebra, in: volume) == .published)
        #expect(unmeasured.omission.reason.contains("fat"))
    }

    @Test func `the cleft is left out of the trabecular density`() throws {
        let gas = Ellipsoid(centreMM: [1, 4, 3], semiAxesMM: [8, 5, 2.5], hu: -700)
        let (volume, vertebra) = AnalyticBody().scanned(with: [gas])
        let found = try CleftFinder.find(in: vertebra, volume: volume, sliceThicknessMM: 1, cortex: nil).get()
        let cleft = try #require(found)
        let measured = try BodyMorphometry.measure(vertebra, in: volume)
        let with = try #require(measured.trabecularHU?.meanHU)
        let without = try #require(measured.leavingOut(cleft, of: vertebra, in: volume).trabecularHU?.meanHU)
        #expect(with < 125)
        #expect(abs(without - 140) < 1)
    }

    @Test func `stripes along one axis are anisotropic along it, half of them sparse`() throws {
        var (volume, vertebra) = AnalyticBody().scanned()
        let size = volume.geometry.size
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x where vertebra.parts[x, y, z] != 0 {
                    let local = vertebra.frame.local(volume.geometry.point(at: Index3(x: x, y: y, z: z)))
                    // Columns along z: grey values change across x and y alike.
                    volume[x, y, z] = Float(50 + 100 * sin(local.x) * sin(local.y))
                }
            }
        }
        let texture = try #require(try BodyMorphometry.measure(vertebra, in: volume).texture)
        #expect(texture.mainDirection.z > 0.99)
        #expect(texture.anisotropy > 0.9)
        #expect(abs(texture.sparsity - 0.5) < 0.05)
    }

    /// An analytic body with muscle around it and a layer of fat behind.
    private func surrounded(fat: Float, muscle: Float) -> (volume: Volume, vertebra: Vertebra) {
        let frame = VertebralFrame(originMM: .zero, x: [1, 0, 0], y: [0, -1, 0], z: [0, 0, 1])
        let geometry = Geometry(
            size: Index3(x: 100, y: 90, z: 30), spacingMM: [1, 1, 1], originMM: [-50, -15, -15])
        var volume = Volume(geometry: geometry, filledWith: muscle)
        for z in 0..<30 { for y in 55..<90 { for x in 0..<100 { volume[x, y, z] = fat } } }
        let vertebra = Vertebra(
            level: .L2, parts: LabelMap(geometry: geometry), lowerIndex: Index3(x: 0, y: 0, z: 0), frame: frame,
            origin: .mask, isWhole: true)
        return (volume, vertebra)
    }
}
