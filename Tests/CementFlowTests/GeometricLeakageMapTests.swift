// Scores of the geometric leakage map, from gaps made by hand.
import Domain
import Imaging
import Morphometry
import Testing

@testable import CementFlow

struct GeometricLeakageMapTests {
    @Test func `an intact shell scores the background everywhere`() {
        let map = GeometricLeakageMap.map(cortex([]), level: .L1)
        #expect(map.quadrants.count == 4)
        #expect(map.sectors.count == 12)
        #expect(map.exits.count == 6)
        for quadrant in map.quadrants {
            #expect(abs(quadrant.score - GeometricLeakageMap.background) < 1e-12)
            #expect(abs(quadrant.share - 0.25) < 1e-12)
        }
        #expect(map.sectors.allSatisfy { abs($0.score - GeometricLeakageMap.background) < 1e-12 })
        #expect(map.notes.contains { $0.contains("No gap is claimed") })
    }

    @Test func `a gap ranks its quadrant, sector and exit first`() {
        let gap = gap(at: [-14, 9, -6], wall: .right, third: .lower)
        let map = GeometricLeakageMap.map(cortex([gap]), level: .L1)
        #expect(map.quadrants[0].quadrant == .anteriorRight)
        #expect(map.quadrants[0].gaps.count == 1)
        #expect(map.sectors[0].quadrant == .anteriorRight)
        #expect(map.sectors[0].third == .lower)
        #expect(map.exits[0].exit == .rightLateral)
        #expect(abs(map.quadrants.reduce(0) { $0 + $1.share } - 1) < 1e-12)
    }

    @Test func `longer, wider and surer gaps score higher`() {
        func score(_ length: Double, _ width: Double, _ confidence: Double) -> Double {
            let gap = gap(
                at: [12, 10, 0], wall: .left, third: .middle, length: length, width: width, confidence: confidence)
            return GeometricLeakageMap.map(cortex([gap]), level: .L1).quadrants[0].score
        }
        #expect(score(8, 2, 1) > score(6, 2, 1))
        #expect(score(6, 3, 1) > score(6, 2, 1))
        #expect(score(6, 2, 1) > score(6, 2, 0.3))
        #expect(score(20, 8, 1) < 1)
    }

    @Test func `a slit between half spaces conducts as its closed form says`() {
        // A circle of radius a: 4 a; equal-area radius of a 3 × 3 mm opening is 3/√π.
        let circle = GeometricLeakageMap.conductanceMM(lengthMM: 3, widthMM: 3)
        #expect(abs(circle - 4 * 3 / Double.pi.squareRoot()) < 1e-9)
        // Measured resistances of the ellipse formula: 1 × 6 mm 0.150, 2 × 6 mm 0.119, 0.5 × 4 mm 0.245 per mm.
        #expect(abs(1 / GeometricLeakageMap.conductanceMM(lengthMM: 6, widthMM: 1) - 0.150) < 0.0006)
        #expect(abs(1 / GeometricLeakageMap.conductanceMM(lengthMM: 6, widthMM: 2) - 0.119) < 0.0006)
        #expect(abs(1 / GeometricLeakageMap.conductanceMM(lengthMM: 4, widthMM: 0.5) - 0.245) < 0.0006)
    }

    @Test func `a gap on the midline counts on both sides`() throws {
        let map = GeometricLeakageMap.map(cortex([gap(at: [0, 15, 0], wall: .anterior, third: .middle)]), level: .L1)
        let left = try #require(map.quadrants.first { $0.quadrant == .anteriorLeft })
        let right = try #require(map.quadrants.first { $0.quadrant == .anteriorRight })
        #expect(abs(left.score - right.score) < 1e-12)
        #expect(left.score > GeometricLeakageMap.background)
    }

    @Test func `the recommended volume follows the rule`() {
        let usual = VolumeRecommendation(bodyVolumeML: 30)
        #expect(usual.rangeML == 4.5...6.0)
        #expect(abs(usual.hardLimitML - 7.2) < 1e-12)
        #expect(VolumeRecommendation(bodyVolumeML: 60).rangeML == 7...7)
        let small = VolumeRecommendation(bodyVolumeML: 5)
        #expect(abs(small.rangeML.upperBound - 1.2) < 1e-12)
        #expect(small.warnings.contains { $0.contains("24 %") })
        let posterior = gap(at: [5, -14, 0], wall: .posterior, third: .middle)
        #expect(VolumeRecommendation(bodyVolumeML: 30, gaps: [posterior]).warnings.contains { $0.contains("canal") })
    }
}

private func gap(
    at local: SIMD3<Double>, wall: BodyWall, third: BodyThird, length: Double = 6, width: Double = 2,
    confidence: Double = 1
) -> CorticalGap {
    CorticalGap(
        wall: wall, centroidMM: local, localMM: local, direction: wall.isEndplate ? [1, 0, 0] : [0, 0, 1],
        quadrant: BodyQuadrant(localMM: local), third: third, areaMM2: length * width, widthMM: width, lengthMM: length,
        score: 12, deficit: 0.8, confidence: confidence)
}

private func cortex(_ gaps: [CorticalGap]) -> CortexMap {
    CortexMap(
        gaps: gaps, suspects: [], foramina: [], walls: [], readableAreaMM2: [:],
        settings: CortexMap.Settings(
            pixelMM: 0.5, sliceMM: 1, sliceSpacingMM: 1,
            blur: ScannerBlur(spacingMM: [0.5, 0.5, 1], sliceThicknessMM: 1),
            noiseHU: 20, scoreThreshold: 7, deficitThreshold: 0.2, smallestClaimedWidthMM: 1))
}
