// Observed against predicted, group by group.

/// The points of a calibration (reliability) plot.
package struct CalibrationCurve: Sendable, Hashable {
    /// One group of forecasts.
    package struct Point: Sendable, Hashable, Codable {
        package let cases: Int
        package let meanPredicted: Double
        /// The part with the outcome, with its interval.
        package let observed: Estimate
    }

    /// Groups that hold cases, lowest probability first.
    package let points: [Point]

    /// - Throws: `parameterInvalid`.
    package init(
        _ forecasts: Forecasts, bins: ProbabilityBins = .quantiles(10), interval: ProportionInterval = .wilson,
        confidence: Double = 0.95
    ) throws(AgreementError) {
        var points: [Point] = []
        for group in try bins.grouped(forecasts).groups {
            let observed = try interval.estimate(
                successes: group.positives, trials: group.count, confidence: confidence)
            points.append(Point(cases: group.count, meanPredicted: group.meanProbability, observed: observed))
        }
        self.points = points
    }
}
