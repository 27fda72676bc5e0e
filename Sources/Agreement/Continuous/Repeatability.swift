// How well a method repeats itself.
import Foundation

/// Within-subject SD and the repeatability coefficient: two readings of one subject differ by less in 95 of 100 cases.
///
/// s_w² is the mean square within subjects of a one-way analysis of variance; the coefficient is z √2 s_w; intervals from χ².
/// Source: Bland & Altman, Stat Methods Med Res 1999;8:135, §4.1 (also BMJ 1996;313:744).
package struct Repeatability: Sendable, Hashable, Codable {
    package let withinSubjectSD: Estimate
    package let coefficient: Estimate

    /// - Parameter readings: of each subject, not necessarily as many of each.
    /// - Throws: `AgreementError` for fewer than three subjects, an empty or not finite one (row), no replicates, or no variation
    ///   within subjects.
    package init(_ readings: [[Double]], coverage: Double = 0.95, confidence: Double = 0.95) throws(AgreementError) {
        try Sample.checkFraction(coverage, name: "coverage")
        try Sample.checkFraction(confidence, name: "confidence")
        let replicates = try Replicates(readings, column: "reading")
        guard replicates.withinVariance > 0 else { throw .constantColumn(column: "reading within subjects") }
        let sd = replicates.withinVariance.squareRoot()
        let interval = BlandAltman.deviationInterval(
            sd, degreesOfFreedom: replicates.degreesOfFreedom, confidence: confidence)
        let factor = NormalDistribution().twoSided(coverage) * 2.0.squareRoot()
        withinSubjectSD = Estimate(sd, interval, confidence: confidence)
        coefficient = Estimate(
            factor * sd, interval.map { Interval(lower: factor * $0.lower, upper: factor * $0.upper) },
            confidence: confidence)
    }
}
