// Whether predicted and observed differ more than chance, over groups of risk.

/// The goodness-of-fit test of Hosmer and Lemeshow (1980, Commun Stat Theory Methods 9:1043): groups by quantiles of risk.
/// It tells little with few cases and finds trifles with many: read it beside the calibration curve.
package struct HosmerLemeshow: Sendable, Hashable, Codable {
    /// Where the probabilities come from, which sets the degrees of freedom.
    package enum Sample: String, Sendable, Codable, CaseIterable {
        /// The model was fitted to these cases: groups − 2.
        case development
        /// The model saw none of them: groups (Hosmer, Lemeshow and Sturdivant 2013, Applied Logistic Regression, 5.2.2).
        case validation
    }

    /// χ².
    package let statistic: Double
    package let degreesOfFreedom: Int
    package let pValue: Double
    /// Groups that hold cases; ties can leave fewer than asked for.
    package let groups: Int

    /// - Throws: `parameterInvalid`, `tooFew` where ties leave too few groups, `varianceVanishes` where a group's probabilities
    ///   are all 0 or all 1.
    package init(_ forecasts: Forecasts, groups: Int = 10, sample: Sample = .validation) throws(AgreementError) {
        let risk = try ProbabilityBins.quantiles(groups).grouped(forecasts).groups
        let needed = sample == .development ? 3 : 2
        guard risk.count >= needed else {
            throw .tooFew(what: "groups of risk", count: risk.count, required: needed)
        }
        var sum = 0.0
        for group in risk {
            let variance = group.probabilitySum * (1 - group.meanProbability)
            guard variance > 0 else { throw .varianceVanishes(what: "a group of risk") }
            let miss = Double(group.positives) - group.probabilitySum
            sum += miss * miss / variance
        }
        statistic = sum
        degreesOfFreedom = risk.count - (sample == .development ? 2 : 0)
        pValue = ChiSquared(degreesOfFreedom: Double(degreesOfFreedom)).survival(sum)
        self.groups = risk.count
    }
}
