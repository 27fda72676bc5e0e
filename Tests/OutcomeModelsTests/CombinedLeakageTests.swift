// The rule that puts evidence and rehearsal together, by hand.
import Foundation
import Testing

@testable import OutcomeModels

private func evidence(_ probability: Double, _ interval95: ClosedRange<Double>) -> LeakageRisk.Estimate {
    LeakageRisk.Estimate(
        outcome: .canal, probability: probability, interval95: interval95, band: .moderate, baseline: 0.285,
        baselineGrade: .readInAbstract, baselineSource: "test", intercept: 0, contributions: [], evidence: "test")
}

@Suite struct CombinedLeakageTests {
    @Test func `equal odds stay as they are`() throws {
        // (19.6 + 0.5) / 201 = 0.1 needs counts that are not whole: 40 of 161 gives 40.5 / 162 = 1/4.
        let rehearsal = try #require(SimulatedLeakage(leaks: 40, runs: 161))
        let combined = CombinedLeakage(evidence(0.25, 0.1...0.5), rehearsal)
        #expect(abs(combined.probability - 0.25) < 1e-12)
        #expect(combined.agreement == .agree)
    }

    @Test func `the rehearsal moves the log odds by a quarter of the way`() throws {
        // Evidence at odds 1; rehearsal at 80.5 / 100 of 99 runs: odds 80.5 / 19.5.
        let rehearsal = try #require(SimulatedLeakage(leaks: 80, runs: 99))
        let combined = CombinedLeakage(evidence(0.5, 0.3...0.75), rehearsal)
        let odds = combined.probability / (1 - combined.probability)
        #expect(abs(log(odds) - 0.25 * log(80.5 / 19.5)) < 1e-12)
        #expect(combined.interval95.contains(combined.probability))
    }

    @Test func `without a leak in any run the probability stays above nought`() throws {
        let rehearsal = try #require(SimulatedLeakage(leaks: 0, runs: 199))
        #expect(rehearsal.share == 0)
        #expect(rehearsal.probability == 0.5 / 200)
        // Wilson's upper end for 0 of n is z² / (n + z²).
        #expect(abs(rehearsal.interval95.upperBound - 3.841_459 / (199 + 3.841_459)) < 1e-6)
        let combined = CombinedLeakage(evidence(0.3, 0.1...0.6), rehearsal)
        #expect(combined.probability > 0 && combined.probability < 0.3)
    }

    @Test func `where they disagree the interval spans both`() throws {
        let rehearsal = try #require(SimulatedLeakage(leaks: 195, runs: 200))
        let combined = CombinedLeakage(evidence(0.05, 0.02...0.12), rehearsal)
        #expect(combined.agreement == .disagree)
        #expect(combined.interval95.lowerBound == 0.02)
        #expect(combined.interval95.upperBound == rehearsal.interval95.upperBound)
        #expect(combined.probability > 0.05 && combined.probability < rehearsal.probability)
    }

    @Test func `intervals that do not meet are no disagreement while the odds are near`() throws {
        // 300 of 1000 has an interval of about 0.27 to 0.33; odds 0.43 against 0.25 differ 1.7-fold.
        let rehearsal = try #require(SimulatedLeakage(leaks: 300, runs: 1000))
        #expect(CombinedLeakage(evidence(0.20, 0.19...0.21), rehearsal).agreement == .agree)
        #expect(CombinedLeakage(evidence(0.05, 0.04...0.06), rehearsal).agreement == .disagree)
    }

    @Test func `more simulated leaks raise the combined probability`() throws {
        let estimate = evidence(0.2, 0.1...0.4)
        let values = try (0...50).map { leaks in
            CombinedLeakage(estimate, try #require(SimulatedLeakage(leaks: leaks, runs: 50))).probability
        }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func `counts that cannot be are refused`() {
        #expect(SimulatedLeakage(leaks: 1, runs: 0) == nil)
        #expect(SimulatedLeakage(leaks: 5, runs: 4) == nil)
        #expect(SimulatedLeakage(leaks: -1, runs: 4) == nil)
    }
}
