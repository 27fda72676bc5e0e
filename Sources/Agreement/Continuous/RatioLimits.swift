// Limits of agreement as ratios.
import Foundation

/// Bland–Altman on natural logarithms, turned back into ratios first / second.
/// Source: Bland & Altman, Stat Methods Med Res 1999;8:135, §3.1 (logarithmic transformation).
package struct RatioLimits: Sendable, Hashable, Codable {
    /// The geometric mean of the ratios.
    package let meanRatio: Estimate
    package let lowerLimit: LimitOfAgreement
    package let upperLimit: LimitOfAgreement
    /// The same on the logarithmic scale.
    package let logarithmic: BlandAltman

    /// - Throws: `AgreementError.notPositive` naming row and column, and what `BlandAltman` throws.
    package init(_ pairs: Pairs, coverage: Double = 0.95, confidence: Double = 0.95) throws(AgreementError) {
        let log = try BlandAltman(try pairs.logarithms(), coverage: coverage, confidence: confidence)
        logarithmic = log
        meanRatio = Estimate(exp(log.bias.value), log.bias.interval.map(Self.ratio), confidence: confidence)
        lowerLimit = Self.ratio(log.lowerLimit)
        upperLimit = Self.ratio(log.upperLimit)
    }

    private static func ratio(_ interval: Interval) -> Interval {
        Interval(lower: exp(interval.lower), upper: exp(interval.upper))
    }

    private static func ratio(_ limit: LimitOfAgreement) -> LimitOfAgreement {
        LimitOfAgreement(
            value: exp(limit.value), exact: ratio(limit.exact), approximate: ratio(limit.approximate))
    }
}
