// First leaks that compete: small cases counted by hand.
import Testing

@testable import Guidance

private typealias Observation = LeakIncidence.Observation

struct LeakIncidenceTests {
    /// Leaks at 1, 2 and 3 mL, the last run ends at 4 mL.
    private let four = [
        Observation(weight: 1, volumeML: 3, way: 0), Observation(weight: 1, volumeML: 1, way: 0),
        Observation(weight: 1, volumeML: 4, way: nil), Observation(weight: 1, volumeML: 2, way: 1),
    ]

    @Test func `without early ends it counts the runs`() {
        let incidence = LeakIncidence([four], fromML: 0)
        #expect(incidence.steps.map(\.volumeML) == [1, 2, 3])
        #expect(zip(incidence.steps.map(\.survival), [0.75, 0.5, 0.25]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(abs(incidence.steps.filter { $0.way == 0 }.reduce(0) { $0 + $1.increment } - 0.5) < 1e-12)
        #expect(abs(incidence.probability(untilML: 2.5) - 0.5) < 1e-12)
        #expect(incidence.probability(untilML: 0.5) == 0)
        #expect(incidence.volumeML(reaching: 0.5) == 2)
        #expect(incidence.volumeML(reaching: 0.8) == nil)
        #expect(incidence.endML == 4)
        #expect(incidence.effectiveRuns == 4)
    }

    @Test func `what has leaked before now no longer counts`() {
        let incidence = LeakIncidence([four], fromML: 1)
        #expect(abs(incidence.probability(untilML: 2) - 1 / 3) < 1e-12)
        #expect(abs(incidence.probability(untilML: 9) - 2 / 3) < 1e-12)
        #expect(incidence.effectiveRuns == 3)
        let none = LeakIncidence([four], fromML: 4)
        #expect(none.endML == nil)
        #expect(none.probability(untilML: 9) == 0)
        #expect(none.interval(0) == 0...1)
    }

    @Test func `a run that ended early hands its part to those that went on`() {
        // Of three one leaks at 1 and one ends at 2: the third, at 3, stands for both that were left.
        let runs = [
            Observation(weight: 1, volumeML: 1, way: 0), Observation(weight: 1, volumeML: 2, way: nil),
            Observation(weight: 1, volumeML: 3, way: 1),
        ]
        let incidence = LeakIncidence([runs], fromML: 0)
        #expect(zip(incidence.steps.map(\.increment), [1.0 / 3, 2.0 / 3]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(incidence.steps.last?.survival == 0)
    }

    @Test func `weights count as parts of runs`() {
        let runs = [Observation(weight: 3, volumeML: 1, way: 0), Observation(weight: 1, volumeML: 2, way: 1)]
        let incidence = LeakIncidence([runs], fromML: 0)
        #expect(incidence.steps.map(\.increment) == [0.75, 0.25])
        // (3 + 1)² / (9 + 1)
        #expect(incidence.effectiveRuns == 1.6)
    }

    @Test func `the hazards of two needles add`() {
        // From each needle one of two runs leaks at 1 mL: 1 − ½ · ½.
        let group = [Observation(weight: 1, volumeML: 1, way: 0), Observation(weight: 1, volumeML: 5, way: nil)]
        let incidence = LeakIncidence([group, group], fromML: 0)
        #expect(incidence.steps.map(\.increment) == [0.5, 0.25])
        #expect(incidence.steps.map(\.group).sorted() == [0, 1])
        #expect(abs(incidence.probability(untilML: 1) - 0.75) < 1e-12)
        #expect(incidence.effectiveRuns == 2)
        #expect(incidence.endML == 5)
    }

    @Test func `the interval is Wilson's at 90 %, and tells the earliest and the latest volume`() {
        let incidence = LeakIncidence([four], fromML: 0)
        // z² / (n + z²) with z = 1.645, n = 4.
        #expect(abs(incidence.interval(0).upperBound - 0.4035) < 1e-4)
        #expect(incidence.interval(0).lowerBound == 0)
        // 2 of 4: 0.5 ± 1.645 √(0.25/4 + z²/64) / (1 + z²/4) = 0.5 ± 0.318.
        #expect(abs(incidence.interval(0.5).lowerBound - 0.182) < 1e-3)
        // Four runs without a leak do not exclude 40 %: the earliest is the start. At 2 mL the lower limit is 0.18, at 3 mL 0.35.
        let volumes = incidence.volumesML(reaching: 0.4, fromML: 0)
        #expect(volumes.earliest == 0)
        #expect(volumes.latest == nil)
        #expect(incidence.volumesML(reaching: 0.3, fromML: 0).latest == 3)
        #expect(incidence.volumesML(reaching: 0.6, fromML: 0).earliest == 1)
    }
}
