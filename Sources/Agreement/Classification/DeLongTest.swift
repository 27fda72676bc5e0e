// Whether two scores rank the cases differently well.
import Foundation

/// DeLong's test that two areas under ROC curves are equal.
package struct DeLongTest: Sendable, Hashable {
    /// First area minus second, with its interval.
    package let difference: Estimate
    package let first: AreaUnderROC
    package let second: AreaUnderROC
    package let standardError: Double
    /// z (paired) or t (unpaired).
    package let statistic: Double
    /// nil for the paired test, whose statistic is normal.
    package let degreesOfFreedom: Double?
    /// Two-sided.
    package let pValue: Double

    /// Two scores of the same cases (DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837).
    ///
    /// - Throws: what `ScoredCases` and `AreaUnderROC` throw, `lengthsDiffer`, `tooFew` for a class with one case,
    ///   `varianceVanishes` where the two rank all cases alike.
    package static func paired(
        first: [Double], second: [Double], outcomes: [Bool], confidence: Double = 0.95
    ) throws(AgreementError) -> DeLongTest {
        guard first.count == second.count else {
            throw .lengthsDiffer(
                first: "first scores", firstCount: first.count, second: "second scores", secondCount: second.count)
        }
        let cases = try (
            ScoredCases(scores: first, outcomes: outcomes), ScoredCases(scores: second, outcomes: outcomes)
        )
        let placements = (Placements(cases.0), Placements(cases.1))
        let variances = try (variance(cases.0, placements.0), variance(cases.1, placements.1))
        let shared = placements.0.covariance(with: placements.1) ?? 0
        return try DeLongTest(
            first: AreaUnderROC(cases.0, placements.0), second: AreaUnderROC(cases.1, placements.1),
            variance: variances.0 + variances.1 - 2 * shared, degreesOfFreedom: nil, confidence: confidence)
    }

    /// Scores of two separate groups of cases: t with Welch and Satterthwaite's degrees of freedom, counted over all cases
    /// of a group (as pROC's `roc.test`, Robin et al 2011, BMC Bioinformatics 12:77).
    ///
    /// - Throws: as `paired`.
    package static func unpaired(
        _ first: ScoredCases, _ second: ScoredCases, confidence: Double = 0.95
    ) throws(AgreementError) -> DeLongTest {
        let placements = (Placements(first), Placements(second))
        let variances = try (variance(first, placements.0), variance(second, placements.1))
        let sum = variances.0 + variances.1
        let spread =
            variances.0 * variances.0 / Double(first.scores.count - 1)
            + variances.1 * variances.1 / Double(second.scores.count - 1)
        return try DeLongTest(
            first: AreaUnderROC(first, placements.0), second: AreaUnderROC(second, placements.1),
            variance: sum, degreesOfFreedom: sum * sum / spread, confidence: confidence)
    }

    private static func variance(_ cases: ScoredCases, _ placements: Placements) throws(AgreementError) -> Double {
        guard let variance = placements.variance else {
            throw .tooFew(what: "cases in a class", count: min(cases.positives, cases.negatives), required: 2)
        }
        return variance
    }

    private init(
        first: AreaUnderROC, second: AreaUnderROC, variance: Double, degreesOfFreedom: Double?, confidence: Double
    ) throws(AgreementError) {
        // Areas are of the order of 1: below this the sum is rounding (our choice).
        guard variance > 1e-20 else { throw .varianceVanishes(what: "the difference of the two areas") }
        let value = first.area - second.area
        let error = variance.squareRoot()
        let multiplier: Double
        if let degreesOfFreedom {
            multiplier = try Confidence.studentMultiplier(confidence, degreesOfFreedom)
            pValue = StudentT(degreesOfFreedom: degreesOfFreedom).twoSidedP(value / error)
        } else {
            multiplier = try Confidence.normalMultiplier(confidence)
            pValue = 2 * NormalDistribution().survival(abs(value / error))
        }
        self.first = first
        self.second = second
        self.degreesOfFreedom = degreesOfFreedom
        standardError = error
        statistic = value / error
        difference = Estimate(
            value, Interval(lower: value - multiplier * error, upper: value + multiplier * error),
            confidence: confidence)
    }
}
