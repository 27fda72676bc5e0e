// Limits of agreement by analysis of variance where the truth varies.
import Foundation

/// Limits for single readings from pairs whose truth varies within a subject, in the form of Bland and Altman 2007.
///
/// A one-way analysis of variance of the differences, subjects as groups: the variance of a single difference is MS_within plus the
/// component between subjects (MS_between − MS_within) / m₀ with m₀ = (N² − Σm²) / ((n − 1) N), counted as 0 below 0; the bias is
/// the mean of all differences, so that subjects with more pairs weigh more. With as many pairs of each subject the limits are those of
/// `RepeatedLimits(varyingTruth:)`, which weighs subjects alike and has intervals.
/// Source: Bland & Altman, J Biopharm Stat 2007;17:571, §3.
package struct VaryingTruthLimits: Sendable, Hashable, Codable {
    package let bias: Double
    package let withinVariance: Double
    package let betweenVariance: Double
    package let lowerLimit: Double
    package let upperLimit: Double

    package var standardDeviation: Double { (withinVariance + betweenVariance).squareRoot() }

    /// - Parameter pairedDifferences: first − second of each pair, by subject.
    /// - Throws: as `RepeatedLimits(varyingTruth:)`.
    package init(_ pairedDifferences: [[Double]], coverage: Double = 0.95) throws(AgreementError) {
        try Sample.checkFraction(coverage, name: "coverage")
        let part = try Replicates(pairedDifferences, column: "difference")
        let (subjects, total) = (Double(pairedDifferences.count), Double(part.observations))
        let mean = Sample(pairedDifferences.flatMap { $0 }).mean
        var between = 0.0
        var squaredCounts = 0.0
        for (values, subjectMean) in zip(pairedDifferences, part.means) {
            let count = Double(values.count)
            between += count * (subjectMean - mean) * (subjectMean - mean)
            squaredCounts += count * count
        }
        let size = (total * total - squaredCounts) / ((subjects - 1) * total)
        let component = max(0, (between / (subjects - 1) - part.withinVariance) / size)
        let variance = part.withinVariance + component
        guard variance > 0 else { throw .constantColumn(column: "difference") }
        let margin = NormalDistribution().twoSided(coverage) * variance.squareRoot()
        bias = mean
        withinVariance = part.withinVariance
        betweenVariance = component
        lowerLimit = mean - margin
        upperLimit = mean + margin
    }
}
