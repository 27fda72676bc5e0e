// The mean square error of probabilities and the parts it is made of.

/// The Brier score of a yes-or-no outcome (Brier 1950, Mon Weather Rev 78:1; the half form, 0…1) and Murphy's decomposition.
///
/// score = reliability − resolution + uncertainty + withinBinVariance − withinBinCovariance. The first three are Murphy's
/// (1973, J Appl Meteorol 12:595) over the groups' mean probabilities; the last two are what grouping unequal probabilities adds
/// (Stephenson, Coelho and Jolliffe 2008, Weather Forecast 23:752) and are 0 with `ProbabilityBins.distinct`.
package struct BrierScore: Sendable, Hashable, Codable {
    /// 0 is perfect.
    package let score: Double
    /// How far groups' outcomes are from what was predicted; 0 is best.
    package let reliability: Double
    /// How far groups' outcomes differ from the prevalence; more is better.
    package let resolution: Double
    /// prevalence · (1 − prevalence): the score of predicting the prevalence for all.
    package let uncertainty: Double
    package let withinBinVariance: Double
    package let withinBinCovariance: Double
    /// 1 − score / uncertainty: 1 is perfect, 0 no better than the prevalence.
    package var skill: Double { 1 - score / uncertainty }

    /// - Throws: `parameterInvalid` for an impossible number of bins.
    package init(_ forecasts: Forecasts, bins: ProbabilityBins = .distinct) throws(AgreementError) {
        let (places, groups) = try bins.grouped(forecasts)
        let count = Double(places.count)
        let prevalence = forecasts.prevalence
        var square = 0.0
        var variance = 0.0
        var covariance = 0.0
        for (index, place) in places.enumerated() {
            let probability = forecasts.probabilities[index]
            let outcome = forecasts.outcomes[index] ? 1.0 : 0.0
            let deviation = probability - groups[place].meanProbability
            square += (probability - outcome) * (probability - outcome)
            variance += deviation * deviation
            covariance += 2 * (outcome - groups[place].share) * deviation
        }
        var reliability = 0.0
        var resolution = 0.0
        for group in groups {
            let miss = group.meanProbability - group.share
            let lift = group.share - prevalence
            reliability += Double(group.count) * miss * miss
            resolution += Double(group.count) * lift * lift
        }
        score = square / count
        self.reliability = reliability / count
        self.resolution = resolution / count
        uncertainty = prevalence * (1 - prevalence)
        withinBinVariance = variance / count
        withinBinCovariance = covariance / count
    }
}
