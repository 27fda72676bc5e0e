// How often the two intervals of ICC(2,1) hold the truth, on seeded normal samples.
import Foundation
import Testing

@testable import Agreement

/// Raters are drawn anew for each sample, their biases of SD 0.3, subjects of SD 1, errors of SD 0.5: ICC(2,1) = 1 / 1.34.
/// OSTEON_ACCEPTANCE=full draws 10,000 samples of each size and number of raters.
@Suite struct AgreementICCCoverageTests {
    struct Setting: Sendable, CustomTestStringConvertible {
        let subjects: Int
        let raters: Int
        var testDescription: String { "\(subjects) subjects, \(raters) raters" }
    }

    static let isFull = ProcessInfo.processInfo.environment["OSTEON_ACCEPTANCE"] == "full"
    static let samples = isFull ? 10_000 : 120
    static let settings = [20, 50, 200].flatMap { subjects in
        (isFull ? [3, 4] : [3]).map { Setting(subjects: subjects, raters: $0) }
    }

    @Test(arguments: settings)
    func `the generalized interval holds the truth in 93 to 98 of 100 samples`(setting: Setting) throws {
        var source = NormalSource(seed: UInt64(1000 * setting.raters + setting.subjects))
        let truth = 1 / (1 + 0.09 + 0.25)
        var held = (satterthwaite: 0, generalized: 0)
        for _ in 0..<Self.samples {
            let biases = (0..<setting.raters).map { _ in 0.3 * source.next() }
            let ratings = (0..<setting.subjects).map { _ -> [Double] in
                let subject = source.next()
                return biases.map { subject + $0 + 0.5 * source.next() }
            }
            let result = try #require(try IntraclassCorrelation(ratings)[.agreementSingle])
            if holds(result.estimate.interval, truth) { held.satterthwaite += 1 }
            if holds(result.generalizedInterval, truth) { held.generalized += 1 }
        }
        print(
            "coverage of ICC(2,1), \(setting.testDescription):", Double(held.satterthwaite) / Double(Self.samples),
            "generalized",
            Double(held.generalized) / Double(Self.samples))
        // What a true coverage of 0.93 to 0.98 gives in all but 1 of 10,000 runs.
        let low = BinomialDistribution(trials: Self.samples, probability: 0.93).quantile(1e-4)
        let high = BinomialDistribution(trials: Self.samples, probability: 0.98).quantile(1 - 1e-4)
        #expect(held.generalized >= low ?? .max && held.generalized <= high ?? 0)
    }

    private func holds(_ interval: Interval?, _ value: Double) -> Bool {
        guard let interval else { return false }
        return interval.lower <= value && value <= interval.upper
    }
}
