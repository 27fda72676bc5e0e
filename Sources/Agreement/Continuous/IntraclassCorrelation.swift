// Intraclass correlation in its six forms.
import Foundation

/// The six forms of Shrout & Fleiss, each for single readings and for the mean of all raters.
package enum IntraclassForm: String, Sendable, Hashable, Codable, CaseIterable {
    /// Each subject has raters of its own; McGraw & Wong ICC(1).
    case oneWaySingle = "ICC(1,1)"
    case oneWayAverage = "ICC(1,k)"
    /// Raters are a sample and their bias counts (absolute agreement); McGraw & Wong ICC(A,1).
    case agreementSingle = "ICC(2,1)"
    case agreementAverage = "ICC(2,k)"
    /// Raters are fixed and their bias does not count (consistency); McGraw & Wong ICC(C,1).
    case consistencySingle = "ICC(3,1)"
    case consistencyAverage = "ICC(3,k)"
}

/// One form with its F test against 0.
package struct IntraclassResult: Sendable, Hashable, Codable {
    package let form: IntraclassForm
    /// The interval is nil where the residual variance is 0.
    package let estimate: Estimate
    /// F with its degrees of freedom; F and p are nil where the residual variance is 0.
    package let f: Double?
    package let numeratorDF: Double
    package let denominatorDF: Double
    package let p: Double?
    /// ICC(2,1) and ICC(2,k) only: the generalized confidence interval, which keeps its coverage where raters are few and subjects many
    /// and the interval of `estimate` does not. nil for the other forms and where the residual variance is 0.
    package let generalizedInterval: Interval?
}

/// Intraclass correlation of a complete table subjects × raters.
///
/// Estimates: Shrout & Fleiss, Psychol Bull 1979;86:420. Intervals: McGraw & Wong, Psychol Methods 1996;1:30 (with the correction 1:390);
/// those of ICC(2,k) are ICC(2,1)'s by Spearman–Brown. ICC(2,1)'s stands on Satterthwaite's degrees of freedom, which a rater variance of
/// k − 1 degrees of freedom upsets: with few raters and 200 subjects it holds the truth in fewer than 93 of 100 samples in simulation
/// (docs/models/agreement.md). Read `generalizedInterval` there (Ionan et al., BMC Med Res Methodol 2014;14:121).
package struct IntraclassCorrelation: Sendable, Hashable, Codable {
    package let subjects: Int
    package let raters: Int
    /// In the order of `IntraclassForm.allCases`.
    package let results: [IntraclassResult]

    /// - Parameters:
    ///   - ratings: index order [subject][rater].
    ///   - generalized: false leaves `generalizedInterval` out, which costs some milliseconds: for loops over many tables.
    /// - Throws: `AgreementError` for fewer than three subjects or two raters, a row of another length, a value that is not finite, or
    ///   a table of equal values.
    package init(
        _ ratings: [[Double]], confidence: Double = 0.95, generalized: Bool = true
    ) throws(AgreementError) {
        try Sample.checkFraction(confidence, name: "confidence")
        let table = try TwoWayTable(ratings)
        subjects = table.subjects
        raters = table.raters
        let (n, k) = (Double(table.subjects), Double(table.raters))
        let tail = (1 - confidence) / 2
        func result(
            _ form: IntraclassForm, _ value: Double, _ interval: Interval?, _ error: Double, _ freedom: Double,
            generalized: Interval? = nil
        ) -> IntraclassResult {
            let f = error > 0 ? table.subjectMS / error : nil
            return IntraclassResult(
                form: form, estimate: Estimate(value, interval, confidence: confidence), f: f, numeratorDF: n - 1,
                denominatorDF: freedom,
                p: f.map { FDistribution(numerator: n - 1, denominator: freedom).survival($0) },
                generalizedInterval: generalized)
        }
        /// ICC(1) and ICC(3), which differ in the error term only.
        func pair(_ single: IntraclassForm, _ average: IntraclassForm, _ error: Double, _ freedom: Double)
            -> [IntraclassResult]
        {
            let ms = table.subjectMS
            var intervals: (Interval, Interval)?
            if error > 0, let up = FDistribution(numerator: n - 1, denominator: freedom).upperQuantile(tail),
                let down = FDistribution(numerator: freedom, denominator: n - 1).upperQuantile(tail)
            {
                let (low, high) = (ms / error / up, ms / error * down)
                intervals = (
                    Interval(lower: (low - 1) / (low + k - 1), upper: (high - 1) / (high + k - 1)),
                    Interval(lower: 1 - 1 / low, upper: 1 - 1 / high)
                )
            }
            return [
                result(single, (ms - error) / (ms + (k - 1) * error), intervals?.0, error, freedom),
                result(average, (ms - error) / ms, intervals?.1, error, freedom),
            ]
        }
        let interval = Self.agreementInterval(table, tail: tail)
        let pivotal =
            generalized && table.residualMS > 0 ? GeneralizedAgreement(table).interval(tail: tail) : nil
        /// Spearman–Brown: the interval of the mean of k raters; nil where the single one reaches below any ICC.
        func average(_ single: Interval?) -> Interval? {
            guard let single, 1 + (k - 1) * single.lower > 0 else { return nil }
            return Interval(
                lower: k * single.lower / (1 + (k - 1) * single.lower),
                upper: k * single.upper / (1 + (k - 1) * single.upper))
        }
        let (ms, error, raterMS) = (table.subjectMS, table.residualMS, table.raterMS)
        let freedom = (n - 1) * (k - 1)
        results =
            pair(.oneWaySingle, .oneWayAverage, table.withinMS, n * (k - 1))
            + [
                result(
                    .agreementSingle, Self.agreement(table), interval, error, freedom, generalized: pivotal),
                result(
                    .agreementAverage, (ms - error) / (ms + (raterMS - error) / n), average(interval), error, freedom,
                    generalized: average(pivotal)),
            ]
            + pair(.consistencySingle, .consistencyAverage, error, freedom)
    }

    package subscript(form: IntraclassForm) -> IntraclassResult? { results.first { $0.form == form } }

    private static func agreement(_ table: TwoWayTable) -> Double {
        let (n, k) = (Double(table.subjects), Double(table.raters))
        return (table.subjectMS - table.residualMS)
            / (table.subjectMS + (k - 1) * table.residualMS + k * (table.raterMS - table.residualMS) / n)
    }

    /// Satterthwaite degrees of freedom for ICC(A,1) (McGraw & Wong 1996, table 7).
    private static func agreementInterval(_ table: TwoWayTable, tail: Double) -> Interval? {
        guard table.residualMS > 0 else { return nil }
        let (n, k) = (Double(table.subjects), Double(table.raters))
        let rho = agreement(table)
        let raterF = table.raterMS / table.residualMS
        let rest = n * (1 + (k - 1) * rho) - k * rho
        let numerator = (k - 1) * (n - 1) * (k * rho * raterF + rest) * (k * rho * raterF + rest)
        let freedom = numerator / ((n - 1) * k * k * rho * rho * raterF * raterF + rest * rest)
        guard let up = FDistribution(numerator: n - 1, denominator: freedom).upperQuantile(tail),
            let down = FDistribution(numerator: freedom, denominator: n - 1).upperQuantile(tail)
        else { return nil }
        let (ms, error) = (table.subjectMS, table.residualMS)
        let other = k * table.raterMS + (k * n - k - n) * error
        return Interval(
            lower: n * (ms - up * error) / (up * other + n * ms),
            upper: n * (down * ms - error) / (other + n * down * ms))
    }
}
