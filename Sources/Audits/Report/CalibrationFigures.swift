// The straight line through predicted and observed risk, as figures of a report.
import Agreement

/// What logistic recalibration says of forecasts (Cox, Biometrika 1958;45:562).
struct CalibrationFigures {
    /// Identifiers of the figures.
    let slope: String
    let intercept: String
    let ratio: String

    private static let source = "Cox, Biometrika 1958;45:562"

    /// Slope, intercept and observed over expected; the slope alone, with its reason, where no line can be fitted.
    func figures(of forecasts: Forecasts, confidence: Double) -> [AuditFigure] {
        do {
            let line = try CalibrationLine(forecasts, confidence: confidence)
            return [
                figure(slope, "Calibration slope", line.slope, "logistic, Wald interval"),
                figure(
                    intercept, "Calibration in the large", line.interceptInTheLarge,
                    "logistic with slope 1, Wald interval"),
                AuditFigure(
                    ratio, "Observed over expected", line.observedOverExpected,
                    method: "sum of outcomes over sum of probabilities", source: Self.source, decimals: 3),
            ]
        } catch {
            return [
                AuditFigure(
                    slope, "Calibration slope", nil, method: "logistic", source: Self.source, reason: error.detail,
                    decimals: 3)
            ]
        }
    }

    private func figure(_ name: String, _ label: String, _ estimate: Estimate, _ method: String) -> AuditFigure {
        AuditFigure(name, label, estimate, method: method, source: Self.source, decimals: 3)
    }
}
