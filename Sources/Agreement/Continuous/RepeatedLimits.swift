// Limits of agreement from several readings of each subject.
import Foundation

/// Limits for single readings, from replicates.
///
/// Bias is the mean of the subjects' mean differences; the variance of a single difference is put together from the
/// variance between subjects and the variance within them, with the harmonic mean of the numbers of readings. Intervals by the method of
/// variance estimates recovery. Source: Bland & Altman, Stat Methods Med Res 1999;8:135, §5, and J Biopharm Stat
/// 2007;17:571; G. Y. Zou, Stat Methods Med Res 2013;22:630 (intervals).
package struct RepeatedLimits: Sendable, Hashable, Codable {
    package let subjects: Int
    package let observations: Int
    package let bias: Estimate
    /// SD of the difference between single readings.
    package let standardDeviation: Double
    /// Variance of the subjects' mean differences.
    package let varianceOfMeans: Double
    /// Within-subject variances: one of the paired differences, or one of each method.
    package let withinVariances: [Double]
    package let lowerLimit: Estimate
    package let upperLimit: Estimate

    /// The truth stays while a subject is measured: each method has replicates of its own, not paired, not necessarily as many.
    /// - Parameter first, second: the readings of each subject.
    /// - Throws: `AgreementError` naming the subject (row) without readings or with one that is not finite; `tooFew` where no
    ///   subject has a replicate.
    package init(
        constantTruth first: [[Double]], _ second: [[Double]], coverage: Double = 0.95, confidence: Double = 0.95
    ) throws(AgreementError) {
        guard first.count == second.count else {
            throw .lengthsDiffer(
                first: "first", firstCount: first.count, second: "second", secondCount: second.count)
        }
        let parts = [try Replicates(first, column: "first"), try Replicates(second, column: "second")]
        let means = zip(parts[0].means, parts[1].means).map { $0 - $1 }
        try self.init(means: means, parts: parts, coverage: coverage, confidence: confidence)
    }

    /// The truth varies while a subject is measured: readings come in pairs.
    /// - Parameter pairedDifferences: first − second of each pair, by subject.
    package init(
        varyingTruth pairedDifferences: [[Double]], coverage: Double = 0.95, confidence: Double = 0.95
    ) throws(AgreementError) {
        let part = try Replicates(pairedDifferences, column: "difference")
        try self.init(means: part.means, parts: [part], coverage: coverage, confidence: confidence)
    }

    private init(means: [Double], parts: [Replicates], coverage: Double, confidence: Double) throws(AgreementError) {
        try Sample.checkFraction(coverage, name: "coverage")
        try Sample.checkFraction(confidence, name: "confidence")
        let sample = Sample(means)
        let n = Double(sample.count)
        // (variance, its share of the total, degrees of freedom)
        let components =
            [(sample.variance, 1.0, n - 1)]
            + parts.map { ($0.withinVariance, 1 - 1 / $0.harmonicMeanCount, $0.degreesOfFreedom) }
        let total = components.reduce(0) { $0 + $1.0 * $1.1 }
        guard total > 0 else { throw .constantColumn(column: "difference") }
        let tail = (1 - confidence) / 2
        var (below, above) = (0.0, 0.0)
        for (variance, share, freedom) in components {
            let chi = ChiSquared(degreesOfFreedom: freedom)
            let low = variance * share * (1 - freedom / (chi.upperQuantile(tail) ?? .infinity))
            let high = variance * share * (freedom / (chi.quantile(tail) ?? 1) - 1)
            below += low * low
            above += high * high
        }
        let sd = total.squareRoot()
        let sdLow = max(0, total - below.squareRoot()).squareRoot()
        let sdHigh = (total + above.squareRoot()).squareRoot()
        let z = NormalDistribution().twoSided(coverage)
        let error = NormalDistribution().twoSided(confidence) * (sample.variance / n).squareRoot()
        let inward = (error * error + z * z * (sd - sdLow) * (sd - sdLow)).squareRoot()
        let outward = (error * error + z * z * (sdHigh - sd) * (sdHigh - sd)).squareRoot()
        let t = StudentT(degreesOfFreedom: n - 1).twoSided(confidence) * (sample.variance / n).squareRoot()
        let (low, high) = (sample.mean - z * sd, sample.mean + z * sd)
        subjects = sample.count
        observations = parts.reduce(0) { $0 + $1.observations }
        bias = Estimate(
            sample.mean, Interval(lower: sample.mean - t, upper: sample.mean + t), confidence: confidence)
        standardDeviation = sd
        varianceOfMeans = sample.variance
        withinVariances = parts.map(\.withinVariance)
        lowerLimit = Estimate(low, Interval(lower: low - outward, upper: low + inward), confidence: confidence)
        upperLimit = Estimate(high, Interval(lower: high - inward, upper: high + outward), confidence: confidence)
    }
}
