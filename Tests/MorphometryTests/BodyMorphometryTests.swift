// Sizes, heights and density against bodies whose measures are known by hand.
import Domain
import Imaging
import Testing

@testable import Morphometry

struct BodyMorphometryTests {
    @Test func `a straight body has its true heights, diameters and volume`() throws {
        let body = AnalyticBody()
        let (volume, vertebra) = body.scanned()
        let result = try BodyMorphometry.measure(vertebra, in: volume)
        let heights = try #require(result.heights)
        for height in heights.columns.all { #expect(abs(height - 26) < 0.4) }
        #expect(heights.edge == .image)
        // Diameters are the mask's own: within one voxel.
        let width = try #require(result.widthMM)
        #expect(abs(width - 40) < 1)
        let depth = try #require(result.depthMM)
        #expect(abs(depth - 32) < 1)
        #expect(abs(try #require(result.wedgeAngleDegrees)) < 0.5)
        // Voxel counting: half a voxel's shell over the surface, mostly averaging out.
        #expect(abs(result.bodyVolumeML - body.volumeML) < 0.01 * body.volumeML)
        // The analytic body has no arch behind it.
        #expect(result.omissions.map(\.item) == ["canal compromise"])
    }

    @Test func `a wedge is lower in front and its angle is positive`() throws {
        var body = AnalyticBody()
        body.wedgeSlope = 0.15
        let (volume, vertebra) = body.scanned()
        let result = try BodyMorphometry.measure(vertebra, in: volume)
        let heights = try #require(result.heights)
        #expect(abs(heights.anteriorMM - body.heightMM(atDepthShare: 0.85)) < 0.4)
        #expect(abs(heights.middleMM - body.heightMM(atDepthShare: 0.5)) < 0.4)
        #expect(abs(heights.posteriorMM - body.heightMM(atDepthShare: 0.15)) < 0.4)
        // atan 0.15 = 8.53°.
        #expect(abs(try #require(result.wedgeAngleDegrees) - 8.53) < 0.5)
    }

    @Test func `a mask drawn half a voxel too small does not shift heights on thin slices`() throws {
        let body = AnalyticBody()
        let (volume, _) = body.scanned()
        var small = body
        small.heightMM = 25
        let (_, vertebra) = small.scanned()
        var shifted = vertebra
        shifted.parts.geometry = volume.geometry
        shifted.parts = LabelMap(geometry: volume.geometry, labels: relabelled(small, on: volume.geometry))
        let heights = try #require(try BodyMorphometry.measure(shifted, in: volume).heights)
        for height in heights.columns.all { #expect(abs(height - 26) < 0.5) }
    }

    @Test func `trabecular density leaves out the shell`() throws {
        let (volume, vertebra) = AnalyticBody().scanned()
        let result = try BodyMorphometry.measure(vertebra, in: volume)
        let trabecular = try #require(result.trabecularHU)
        #expect(abs(trabecular.meanHU - 140) < 1)
        #expect(abs(trabecular.medianHU - 140) < 0.5)
        #expect(result.meanBodyHU.meanHU > 160)
        #expect(trabecular.volumeML < result.bodyVolumeML)
    }

    @Test func `voxels of 3 mm give heights within a voxel, and thicker ones keep the mask's own edge`() throws {
        var body = AnalyticBody()
        body.spacingMM = [3, 3, 3]
        body.blurSigmaMM = 1.5
        var (volume, vertebra) = body.scanned()
        let heights = try #require(try BodyMorphometry.measure(vertebra, in: volume).heights)
        #expect(heights.edge == .image)
        for height in heights.columns.all { #expect(abs(height - 26) < 3) }
        body.spacingMM = [1, 1, 5]
        (volume, vertebra) = body.scanned()
        let coarse = try #require(try BodyMorphometry.measure(vertebra, in: volume).heights)
        #expect(coarse.edge == .mask)
        // Each face of the mask lies within half a voxel of the true one.
        for height in coarse.columns.all { #expect(abs(height - 26) < 5) }
    }

    @Test func `a vertebra cut by the scan has volume and density but no heights`() throws {
        var (volume, vertebra) = AnalyticBody().scanned()
        vertebra.isWhole = false
        volume.voxels[0] = 0
        let result = try BodyMorphometry.measure(vertebra, in: volume)
        #expect(result.heights == nil)
        #expect(result.wedgeAngleDegrees == nil)
        #expect(result.omissions.contains { $0.item.contains("heights") && $0.reason.contains("border") })
    }

    @Test func `an empty body is refused by name`() {
        var (volume, vertebra) = AnalyticBody().scanned()
        volume.voxels[0] = 0
        vertebra.parts.labels = vertebra.parts.labels.map { _ in 0 }
        #expect(throws: MorphometryError.self) { try BodyMorphometry.measure(vertebra, in: volume) }
    }

    @Test func `a vertebra outside the scan is refused`() {
        var (volume, vertebra) = AnalyticBody().scanned()
        volume.voxels[0] = 0
        vertebra.lowerIndex.x = 5
        #expect(throws: MorphometryError.self) { try BodyMorphometry.measure(vertebra, in: volume) }
    }

    private func relabelled(_ body: AnalyticBody, on geometry: Geometry) -> [UInt16] {
        var map = LabelMap(geometry: geometry)
        for z in 0..<geometry.size.z {
            for y in 0..<geometry.size.y {
                for x in 0..<geometry.size.x
                where body.distance(body.frame.local(geometry.point(at: Index3(x: x, y: y, z: z)))) < 0 {
                    map[x, y, z] = Vertebra.Part.body.rawValue
                }
            }
        }
        return map.labels
    }
}
