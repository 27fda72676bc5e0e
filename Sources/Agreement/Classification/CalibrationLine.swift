// Calibration as a line on the logit scale.
import Foundation

/// Cox's calibration line (1958, Biometrika 45:562): logit P(outcome) = intercept + slope · logit(predicted), by maximum likelihood,
/// with Wald intervals.
package struct CalibrationLine: Sendable, Hashable, Codable {
    /// 1 is right; below 1 the predictions are too extreme.
    package let slope: Estimate
    /// Beside the slope; 0 is right.
    package let intercept: Estimate
    /// The intercept with the slope held at 1, "calibration in the large": above 0 the predictions are too low.
    package let interceptInTheLarge: Estimate
    package let slopeStandardError: Double
    package let interceptStandardError: Double
    package let interceptInTheLargeStandardError: Double
    /// Outcomes that occurred over the sum of the probabilities; 1 is right.
    package let observedOverExpected: Double

    /// - Throws: `outOfRange` for a probability of 0 or 1, whose logit is infinite (rows count from 1); `constantColumn` where all
    ///   probabilities are equal; `separated`.
    package init(_ forecasts: Forecasts, confidence: Double = 0.95) throws(AgreementError) {
        let z = try Confidence.normalMultiplier(confidence)
        if let row = forecasts.probabilities.firstIndex(where: { $0 <= 0 || $0 >= 1 }) {
            throw .outOfRange(
                row: row + 1, column: "probabilities", value: forecasts.probabilities[row],
                allowed: "above 0 and below 1 for a calibration line")
        }
        let logits = forecasts.probabilities.map { log($0) - log1p(-$0) }
        try Self.checkOverlap(logits, forecasts.outcomes)
        let line = LogisticFit(logits, forecasts.outcomes, intercept: 0, slope: 1, slopeIsFree: true)
        let shift = LogisticFit(logits, forecasts.outcomes, intercept: 0, slope: 1, slopeIsFree: false)
        func estimate(_ value: Double, _ error: Double) -> Estimate {
            Estimate(value, Interval(lower: value - z * error, upper: value + z * error), confidence: confidence)
        }
        slopeStandardError = line.slopeError
        interceptStandardError = line.interceptError
        interceptInTheLargeStandardError = shift.interceptError
        slope = estimate(line.slope, line.slopeError)
        intercept = estimate(line.intercept, line.interceptError)
        interceptInTheLarge = estimate(shift.intercept, shift.interceptError)
        observedOverExpected = Double(forecasts.positives) / forecasts.probabilities.reduce(0, +)
    }

    /// With one predictor a finite maximum exists exactly where the two classes' ranges overlap (Albert and Anderson 1984, Biometrika 71:1).
    private static func checkOverlap(_ logits: [Double], _ outcomes: [Bool]) throws(AgreementError) {
        var lowest = [Double.infinity, .infinity]
        var highest = [-Double.infinity, -.infinity]
        for (value, outcome) in zip(logits, outcomes) {
            lowest[outcome ? 1 : 0] = min(lowest[outcome ? 1 : 0], value)
            highest[outcome ? 1 : 0] = max(highest[outcome ? 1 : 0], value)
        }
        guard min(lowest[0], lowest[1]) < max(highest[0], highest[1]) else {
            throw .constantColumn(column: "probabilities")
        }
        guard highest[0] > lowest[1], highest[1] > lowest[0] else { throw .separated }
    }
}
