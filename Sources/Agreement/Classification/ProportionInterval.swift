// The interval of a proportion.

/// How the interval of a proportion is made.
package enum ProportionInterval: String, Sendable, Codable, CaseIterable {
    /// The score interval (Wilson 1927, J Am Stat Assoc 22:209), without continuity correction.
    case wilson
    /// The exact interval (Clopper and Pearson 1934, Biometrika 26:404): never covers less than it says.
    case clopperPearson = "clopper-pearson"

    /// The proportion with its interval.
    ///
    /// - Throws: `tooFew` with no trials, `parameterInvalid` for successes outside 0…trials or an impossible confidence.
    package func estimate(
        successes: Int, trials: Int, confidence: Double = 0.95
    ) throws(AgreementError) -> Estimate {
        guard trials > 0 else { throw .tooFew(what: "trials", count: trials, required: 1) }
        guard (0...trials).contains(successes) else {
            throw .parameterInvalid(name: "successes", value: Double(successes), allowed: "0 to \(trials)")
        }
        let z = try Confidence.normalMultiplier(confidence)
        let interval =
            switch self {
            case .wilson: Self.wilson(Double(successes), Double(trials), z)
            case .clopperPearson: Self.exact(Double(successes), Double(trials), (1 - confidence) / 2)
            }
        return Estimate(Double(successes) / Double(trials), interval, confidence: confidence)
    }

    private static func wilson(_ successes: Double, _ trials: Double, _ z: Double) -> Interval {
        let bounds = WilsonInterval.bounds(share: successes / trials, trials: trials, multiplier: z)
        return Interval(lower: bounds.lowerBound, upper: bounds.upperBound)
    }

    private static func exact(_ successes: Double, _ trials: Double, _ tail: Double) -> Interval {
        Interval(
            lower: successes == 0 ? 0 : BetaDistribution(a: successes, b: trials - successes + 1).quantile(tail) ?? 0,
            upper: successes == trials
                ? 1 : BetaDistribution(a: successes + 1, b: trials - successes).upperQuantile(tail) ?? 1)
    }
}
