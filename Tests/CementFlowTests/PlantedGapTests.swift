// From scan and seeds to the ranked quadrant: phantoms with one planted gap each.
import Domain
import Foundation
import Imaging
import Morphometry
import Phantoms
import Segmentation
import Testing

@testable import CementFlow

/// `OSTEON_ACCEPTANCE=full` runs all twenty scoring phantoms; without it a few. Detector and map were tuned on seeds from 1001.
private let isFull = ProcessInfo.processInfo.environment["OSTEON_ACCEPTANCE"] == "full"
private let seeds: ClosedRange<UInt64> = isFull ? 1...20 : 2...4

struct PlantedGapTests {
    @Test func `the planted gap's quadrant ranks first and heights agree with the truth`() throws {
        var firsts = 0
        var falseAlarms = 0
        var intact = 0
        var heightErrors: [Double] = []
        for seed in seeds {
            let phantom = try PhantomBuilder.build(.random(seed: seed, spacingMM: [1, 1, 1]))
            let vertebraSeeds = phantom.truth.vertebrae.map {
                VertebraSeed(level: $0.level, pointMM: $0.bodyCentreLPSMM)
            }
            let spine = try SeededSegmentation.segment(
                phantom.volume, seeds: vertebraSeeds, cancellation: Cancellation(), progress: { _ in })
            for vertebra in spine.vertebrae {
                let truth = try #require(phantom.truth.vertebra(vertebra.level))
                let sizes = try BodyMorphometry.measure(vertebra, in: phantom.volume)
                let heights = try #require(sizes.heights)
                heightErrors.append(abs(heights.anteriorMM - truth.anteriorHeightMM))
                heightErrors.append(abs(heights.middleMM - truth.middleHeightMM))
                heightErrors.append(abs(heights.posteriorMM - truth.posteriorHeightMM))
                let cortex = try CortexMapper.map(vertebra, in: phantom.volume, sliceThicknessMM: nil).get()
                guard let planted = truth.lesions.first(where: { $0.kind == .corticalGap }) else {
                    intact += 1
                    falseAlarms += cortex.gaps.count
                    continue
                }
                let map = GeometricLeakageMap.map(cortex, level: vertebra.level)
                if map.quadrants[0].quadrant.rawValue == planted.quadrant?.rawValue { firsts += 1 }
            }
        }
        let meanError = heightErrors.reduce(0, +) / Double(heightErrors.count)
        print(
            "planted gaps: \(firsts) of \(seeds.count) first; \(falseAlarms) false alarms in \(intact) intact vertebrae; "
                + "mean absolute height error \(meanError) mm")
        // Goal 18 of 20; the few default seeds must all be right.
        #expect(firsts >= (isFull ? 18 : seeds.count))
        // Prototype's bound: 0.33 alarms per vertebra at 1 mm pixels.
        #expect(Double(falseAlarms) <= 0.33 * Double(intact))
        #expect(meanError <= 0.7)
    }
}
