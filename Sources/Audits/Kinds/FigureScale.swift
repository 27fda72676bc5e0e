// Figures of differences on the scale in which they are told.
import Agreement
import Foundation

/// Turns numbers of logarithms back into ratios; leaves others as they are.
struct FigureScale {
    private let isRatio: Bool
    private let confidence: Double
    private let unit: String?
    private let decimals: Int?
    private static let ratioSource = "Bland & Altman, Stat Methods Med Res 1999;8:135, section 3.1"

    /// - Parameter spread: the SD of the differences, which says how many decimals tell anything.
    init(_ settings: AuditSettings, unit: String?, spread: Double) {
        isRatio = settings.form == .log
        confidence = settings.confidence
        self.unit = unit
        decimals = Figure.decimals(spread: spread)
    }

    func figure(
        _ name: String, _ label: String, _ value: Double, _ interval: Interval?, method: String, source: String,
        reason: String? = nil
    ) -> AuditFigure {
        guard isRatio else {
            return AuditFigure(
                name, label, value, interval, confidence: confidence, unit: unit, method: method, source: source,
                reason: interval == nil ? reason : nil, decimals: decimals)
        }
        return AuditFigure(
            name, "\(label), ratio", exp(value), interval.map { Interval(lower: exp($0.lower), upper: exp($0.upper)) },
            confidence: confidence, method: "\(method), logarithms turned back",
            source: "\(source); \(Self.ratioSource)",
            reason: interval == nil ? reason : nil, decimals: decimals)
    }

    func figure(
        _ name: String, _ label: String, _ estimate: Estimate, method: String, source: String, reason: String? = nil
    ) -> AuditFigure {
        figure(name, label, estimate.value, estimate.interval, method: method, source: source, reason: reason)
    }

    /// An SD, which stays on the scale of logarithms.
    func spread(_ name: String, _ label: String, _ estimate: Estimate, source: String) -> AuditFigure {
        AuditFigure(
            name, isRatio ? "\(label) of logarithms" : label, estimate.value, estimate.interval, confidence: confidence,
            unit: unit, method: estimate.interval == nil ? "n - 1" : "n - 1, chi-squared interval", source: source,
            decimals: decimals)
    }
}
