// Limits of agreement without a normal distribution.
import Foundation

/// Sample quantiles of the differences.
///
/// Quantiles at (n + 1)p between the ordered values (Hyndman & Fan, The American Statistician 1996;50:361, type 6), no further than
/// the extremes. Intervals are pairs of ordered values whose binomial coverage is at least the confidence; nil where n is
/// too small to have them (below 147 for 2.5 % at 95 % confidence).
/// Source: Bland & Altman, Stat Methods Med Res 1999;8:135, §4; W. J. Conover, Practical Nonparametric Statistics, 3rd ed., §3.2.
package struct NonparametricLimits: Sendable, Hashable, Codable {
    package let median: Estimate
    package let lowerLimit: Estimate
    package let upperLimit: Estimate
    package let coverage: Double

    package init(_ pairs: Pairs, coverage: Double = 0.95, confidence: Double = 0.95) throws(AgreementError) {
        try self.init(differences: pairs.differences, coverage: coverage, confidence: confidence)
    }

    package init(differences: [Double], coverage: Double = 0.95, confidence: Double = 0.95) throws(AgreementError) {
        try Sample.checkFraction(coverage, name: "coverage")
        try Sample.checkFraction(confidence, name: "confidence")
        try Sample.check(differences, column: "difference", what: "pairs", required: 3)
        let sorted = differences.sorted()
        self.coverage = coverage
        median = Self.quantile(0.5, of: sorted, confidence: confidence)
        lowerLimit = Self.quantile((1 - coverage) / 2, of: sorted, confidence: confidence)
        upperLimit = Self.quantile((1 + coverage) / 2, of: sorted, confidence: confidence)
    }

    private static func quantile(_ p: Double, of sorted: [Double], confidence: Double) -> Estimate {
        let n = sorted.count
        let place = min(max(Double(n + 1) * p, 1), Double(n))
        let below = min(Int(place), n - 1)
        let value = sorted[below - 1] + (place - Double(below)) * (sorted[below] - sorted[below - 1])
        let binomial = BinomialDistribution(trials: n, probability: p)
        let tail = (1 - confidence) / 2
        // P(X < l) ≤ tail and P(X ≥ u) ≤ tail for the ordered values l and u, counted from 1.
        guard let low = binomial.quantile(tail), let high = binomial.quantile(1 - tail), low >= 1, high + 1 <= n else {
            return Estimate(value, nil, confidence: confidence)
        }
        return Estimate(value, Interval(lower: sorted[low - 1], upper: sorted[high]), confidence: confidence)
    }
}
