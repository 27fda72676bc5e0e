// Volumes that keep a simulated probability under a threshold, from first leaks by hand.
import Testing

@testable import CementFlow

struct VolumeCeilingTests {
    /// 20 runs: leaks at 3, 4, 5 mL, the rest none by 9 mL.
    private let tally = LeakageTally(
        firstLeaksML: [3, 4, 5] + [Double?](repeating: nil, count: 17), endML: 9)

    @Test func `the ceiling is where one run more than allowed leaks`() {
        // 10 % of 20 runs are 2: the third leak, at 5 mL, is one too many.
        #expect(VolumeCeiling(tally, threshold: 0.10).volumeML == 5)
        #expect(VolumeCeiling(tally, threshold: 0.04).volumeML == 3)
        #expect(VolumeCeiling(tally, threshold: 0.2).isBeyondEnd)
    }

    @Test func `its interval holds it, and says nothing where runs are too few`() {
        let ceiling = VolumeCeiling(tally, threshold: 0.10)
        // Even 0 of 20 could be 16 % (Wilson): no volume is sure.
        #expect(ceiling.interval95ML.lowerBound == 0)
        // 3 of 20 could still be 5 %, so the upper end is the end of the runs.
        #expect(ceiling.interval95ML.upperBound == 9)
    }

    @Test func `a score orders places by first leaks, nought where nothing leaks`() {
        #expect(abs(tally.score - (6 + 5 + 4) / 9.0 / 20) < 1e-12)
        #expect(LeakageTally(firstLeaksML: [nil, nil], endML: 9).score == 0)
        #expect(tally.leaks(byML: 4) == 2)
    }
}
