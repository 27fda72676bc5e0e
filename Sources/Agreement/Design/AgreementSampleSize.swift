// How many pairs a study of agreement needs.
import Foundation

/// Sample size for limits of agreement.
package enum AgreementSampleSize {
    /// No study is planned with more pairs than this (our choice).
    static let limit = 1_000_000

    /// The power to show that both limits, with their intervals, lie within ±`maximumDifference`.
    ///
    /// 1 − β₁ − β₂ from the noncentral t, with the standard error s √(1/n + z²/2(n − 1)) of a limit.
    /// Source: M.-J. Lu et al., Int J Biostat 2016;12(2):20150039, and SimplyAgree, whose powers these are. For the paper's example
    /// (mean 0.001167, SD 0.001129, limit 0.004, power 0.8) these formulas need 79 pairs; the paper and MedCalc print 83.
    package static func power(
        count: Int, meanDifference: Double, standardDeviation: Double, maximumDifference: Double,
        coverage: Double = 0.95, alpha: Double = 0.05
    ) -> Double {
        let n = Double(count)
        let z = NormalDistribution().twoSided(coverage)
        let error = standardDeviation * (1 / n + z * z / (2 * (n - 1))).squareRoot()
        let critical = StudentT(degreesOfFreedom: n - 1).twoSided(1 - alpha)
        let room = [-1.0, 1.0].map { side in
            (maximumDifference - z * standardDeviation - side * meanDifference) / error
        }
        let missed = room.reduce(0) {
            $0 + NoncentralT(degreesOfFreedom: n - 1, noncentrality: $1).cumulative(critical)
        }
        return max(0, 1 - missed)
    }

    /// The smallest number of pairs with that power.
    /// - Throws: `AgreementError.parameterInvalid` where the limits themselves reach beyond the maximum difference, so that no number
    ///   is enough, or for a power or SD out of range.
    package static func count(
        power target: Double, meanDifference: Double, standardDeviation: Double, maximumDifference: Double,
        coverage: Double = 0.95, alpha: Double = 0.05
    ) throws(AgreementError) -> Int {
        try Sample.checkFraction(target, name: "power")
        try Sample.checkFraction(alpha, name: "alpha")
        try Sample.checkFraction(coverage, name: "coverage")
        guard standardDeviation > 0, standardDeviation.isFinite else {
            throw .parameterInvalid(name: "standardDeviation", value: standardDeviation, allowed: "above 0")
        }
        let z = NormalDistribution().twoSided(coverage)
        let reach = abs(meanDifference) + z * standardDeviation
        guard maximumDifference > reach else {
            throw .parameterInvalid(name: "maximumDifference", value: maximumDifference, allowed: "above \(reach)")
        }
        return try smallest {
            power(
                count: $0, meanDifference: meanDifference, standardDeviation: standardDeviation,
                maximumDifference: maximumDifference, coverage: coverage, alpha: alpha) >= target
        }
    }

    /// The smallest number of pairs for which the interval of a limit is no wider than ± `halfWidthInSD` times the SD.
    /// Source: Bland & Altman 1999, §3.1: t √(1/n + z²/2(n − 1)).
    package static func count(
        halfWidthInSD: Double, coverage: Double = 0.95, confidence: Double = 0.95
    ) throws(AgreementError) -> Int {
        try Sample.checkFraction(coverage, name: "coverage")
        try Sample.checkFraction(confidence, name: "confidence")
        guard halfWidthInSD > 0 else {
            throw .parameterInvalid(name: "halfWidthInSD", value: halfWidthInSD, allowed: "above 0")
        }
        let z = NormalDistribution().twoSided(coverage)
        return try smallest { count in
            let n = Double(count)
            return StudentT(degreesOfFreedom: n - 1).twoSided(confidence)
                * (1 / n + z * z / (2 * (n - 1))).squareRoot() <= halfWidthInSD
        }
    }

    private static func smallest(_ suffices: (Int) -> Bool) throws(AgreementError) -> Int {
        if suffices(3) { return 3 }
        var low = 3
        var high = 6
        while !suffices(high) {
            guard high < limit else { throw .tooManyRows(count: high, limit: limit) }
            (low, high) = (high, high * 2)
        }
        while high - low > 1 {
            let middle = (low + high) / 2
            if suffices(middle) { high = middle } else { low = middle }
        }
        return high
    }
}
