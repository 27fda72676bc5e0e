// The statistics of one set of differences.
import Agreement
import Foundation

/// Bias, limits, proportional bias, normality and non-parametric limits of one set of rows, as figures and as lines of the plot.
struct BlandAltmanResult {
    /// A line across the plot with its band, on the scale of the differences.
    struct Line {
        let value: Double
        let interval: Interval?
    }

    let figures: [AuditFigure]
    let bias: Line
    let lower: Line
    let upper: Line
    /// nil where differences have nothing to be regressed on.
    let proportional: ProportionalBias?

    /// - Throws: `AgreementError` for fewer than three rows, or differences that are all equal.
    init(_ set: DifferenceSet, _ settings: AuditSettings) throws(AgreementError) {
        var figures: [AuditFigure] = []
        let spread: Double
        if let repeats = set.repeats {
            let limits = try Self.repeated(set, repeats, settings)
            spread = limits.standardDeviation
            bias = Line(value: limits.bias.value, interval: limits.bias.interval)
            lower = Line(value: limits.lowerLimit.value, interval: limits.lowerLimit.interval)
            upper = Line(value: limits.upperLimit.value, interval: limits.upperLimit.interval)
            figures += Self.figures(limits, set, settings)
        } else {
            let limits = try BlandAltman(
                differences: set.differences, coverage: settings.coverage, confidence: settings.confidence)
            spread = limits.standardDeviation.value
            bias = Line(value: limits.bias.value, interval: limits.bias.interval)
            lower = Line(value: limits.lowerLimit.value, interval: limits.lowerLimit.exact)
            upper = Line(value: limits.upperLimit.value, interval: limits.upperLimit.exact)
            figures += Self.figures(limits, set, settings)
        }
        let proportional = Self.proportional(set, settings)
        self.proportional = proportional
        figures += Self.figures(proportional, set, decimals: Figure.decimals(spread: spread))
        figures += Self.normality(set)
        figures += try Self.nonparametric(set, settings, spread: spread)
        self.figures = figures
    }

    private static func repeated(
        _ set: DifferenceSet, _ repeats: [[Int]], _ settings: AuditSettings
    ) throws(AgreementError) -> RepeatedLimits {
        switch settings.truth {
        case .varying:
            return try RepeatedLimits(
                varyingTruth: repeats.map { $0.map { set.differences[$0] } }, coverage: settings.coverage,
                confidence: settings.confidence)
        case .constant:
            let first = settings.form == .log ? set.first.map { log($0) } : set.first
            let second = settings.form == .log ? set.second.map { log($0) } : set.second
            return try RepeatedLimits(
                constantTruth: repeats.map { $0.map { first[$0] } }, repeats.map { $0.map { second[$0] } },
                coverage: settings.coverage, confidence: settings.confidence)
        }
    }

    /// Differences regressed on the size, which for a known value per row is that value.
    private static func proportional(_ set: DifferenceSet, _ settings: AuditSettings) -> ProportionalBias? {
        guard settings.reference == nil else { return nil }
        // Pairs whose mean is the size and whose difference is the difference.
        let pairs = try? Pairs(
            zip(set.sizes, set.differences).map { $0 + $1 / 2 }, zip(set.sizes, set.differences).map { $0 - $1 / 2 })
        return try? pairs.map { pairs throws(AgreementError) in
            try ProportionalBias(pairs, coverage: settings.coverage, confidence: settings.confidence)
        }
    }
}
