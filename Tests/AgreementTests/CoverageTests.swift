import Foundation
import Testing

@testable import Agreement

/// How often 95 % intervals hold the truth, on seeded normal samples. OSTEON_ACCEPTANCE=full draws 10,000 samples of each size.
@Suite struct CoverageTests {
    private static let isFull = ProcessInfo.processInfo.environment["OSTEON_ACCEPTANCE"] == "full"
    private static var samples: Int { isFull ? 10_000 : 600 }

    /// Four standard errors of a proportion of 0.95 beside the band of 94 to 96 %.
    private static var slack: Double { isFull ? 0 : 4 * (0.05 * 0.95 / Double(samples)).squareRoot() - 0.01 }

    @Test(arguments: [20, 50, 200])
    func `intervals of exact limits, ICC and CCC hold the truth in 94 to 96 of 100 samples`(n: Int) throws {
        var source = NormalSource(seed: UInt64(n))
        var hits: [String: Int] = [:]
        func count(_ name: String, _ interval: Interval?, _ truth: Double) {
            guard let interval, interval.lower <= truth, truth <= interval.upper else { return }
            hits[name, default: 0] += 1
        }
        let z = NormalDistribution().twoSided(0.95)
        let noncentral = NoncentralT(degreesOfFreedom: Double(n - 1), noncentrality: z * Double(n).squareRoot())
        let (inner, outer) = (try #require(noncentral.quantile(0.025)), try #require(noncentral.upperQuantile(0.025)))
        for index in 0..<Self.samples {
            // Subjects of SD 1; methods with errors of SD 0.5 and biases 0 and 0.3.
            let truth = (0..<n).map { _ in source.next() }
            let first = truth.map { $0 + 0.5 * source.next() }
            let second = truth.map { $0 + 0.3 + 0.5 * source.next() }
            let pairs = try Pairs(first, second)
            let sd = (0.5 as Double).squareRoot()
            let sample = Sample(pairs.differences)
            let error = sample.standardDeviation / Double(n).squareRoot()
            count(
                "limit, exact", Interval(lower: sample.mean + inner * error, upper: sample.mean + outer * error),
                -0.3 + z * sd)
            if index == 0 {
                // The factors are the same for all samples of a size; they are BlandAltman's.
                let upper = try BlandAltman(pairs).upperLimit.exact
                #expect(relativeDifference(sample.mean + inner * error, upper.lower) < 1e-9)
            }
            let margin =
                StudentT(degreesOfFreedom: Double(n - 1)).twoSided(0.95) * sample.standardDeviation
                * (1 / Double(n) + z * z / (2 * Double(n - 1))).squareRoot()
            let upper = sample.mean + z * sample.standardDeviation
            count("limit, approximate", Interval(lower: upper - margin, upper: upper + margin), -0.3 + z * sd)
            let table = zip(first, second).map { [$0, $1] }
            let icc = try IntraclassCorrelation(table, generalized: false)
            count("ICC(3,1)", icc[.consistencySingle]?.estimate.interval, 0.8)
            count("CCC", try Concordance(pairs).estimate.interval, 2 / (1.25 + 1.25 + 0.09))
        }
        let coverage = hits.mapValues { Double($0) / Double(Self.samples) }
        print("coverage at n = \(n):", coverage.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
        // Known shortfalls, of 10,000 samples: approximate limits (93.8 to 94.0 %) and CCC (93.9 to 94.1 %) at n = 20.
        for name in ["limit, exact", "ICC(3,1)"] + (n >= 50 ? ["CCC"] : []) {
            let share = try #require(coverage[name])
            #expect(share > 0.94 - Self.slack && share < 0.96 + Self.slack, "\(name) at n = \(n)")
        }
        #expect(coverage.count == 4)
    }
}
