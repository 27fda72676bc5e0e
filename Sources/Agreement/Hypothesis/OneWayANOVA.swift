// One-way analysis of variance with effect sizes and power.
import Foundation

/// Differences between the means of groups.
///
/// η² = SS_between / SS_total; ω² = (SS_b − (k − 1) MS_w) / (SS_t + MS_w); Cohen's f = √(η² / (1 − η²)); achieved power at that f
/// from the noncentral F with λ = f² N. Source: J. Cohen, Statistical Power Analysis, 2nd ed., 1988, ch. 8;
/// W. L. Hays, Statistics, 5th ed. (ω²); Faul et al., Behav Res Methods 2007;39:175 (achieved power).
package struct OneWayANOVA: Sendable, Hashable, Codable {
    package let f: Double
    package let betweenDF: Int
    package let withinDF: Int
    package let p: Double
    package let etaSquared: Double
    package let omegaSquared: Double
    package let cohensF: Double
    /// The power of this test at alpha, were the population's f the sample's.
    package let achievedPower: Double

    /// - Throws: `AgreementError` for fewer than two groups, an empty one (row), a value that is not finite, no degrees of freedom within
    ///   groups, or groups without variation inside.
    package init(_ groups: [[Double]], alpha: Double = 0.05) throws(AgreementError) {
        try Sample.checkFraction(alpha, name: "alpha")
        guard groups.count >= 2 else { throw .tooFew(what: "groups", count: groups.count, required: 2) }
        for (index, values) in groups.enumerated() {
            try Sample.check(
                values, column: "group \(index + 1)", what: "values in group \(index + 1)", required: 1)
        }
        let samples = groups.map { Sample($0) }
        let total = groups.reduce(0) { $0 + $1.count }
        guard total > groups.count else { throw .tooFew(what: "values", count: total, required: groups.count + 1) }
        let within = samples.reduce(0) { $0 + $1.squares }
        guard within > 0 else { throw .constantColumn(column: "value within groups") }
        let grand = samples.reduce(0) { $0 + $1.mean * Double($1.count) } / Double(total)
        let between = samples.reduce(0) { $0 + Double($1.count) * ($1.mean - grand) * ($1.mean - grand) }
        betweenDF = groups.count - 1
        withinDF = total - groups.count
        let (d1, d2) = (Double(groups.count - 1), Double(total - groups.count))
        f = (between / d1) / (within / d2)
        p = FDistribution(numerator: d1, denominator: d2).survival(f)
        etaSquared = between / (between + within)
        omegaSquared = (between - d1 * within / d2) / (between + within + within / d2)
        cohensF = (between / within).squareRoot()
        achievedPower = Self.power(cohensF: cohensF, groups: groups.count, count: total, alpha: alpha)
    }

    /// The power to find an effect f with `count` values in all, in equal groups.
    package static func power(cohensF: Double, groups: Int, count: Int, alpha: Double = 0.05) -> Double {
        let (d1, d2) = (Double(groups - 1), Double(count - groups))
        let critical = FDistribution(numerator: d1, denominator: d2).upperQuantile(alpha) ?? .infinity
        return NoncentralF(
            numerator: d1, denominator: d2, noncentrality: cohensF * cohensF * Double(count)
        ).survival(critical)
    }

    /// Cohen's f of a published η².
    package static func cohensF(etaSquared: Double) -> Double { (etaSquared / (1 - etaSquared)).squareRoot() }
}
