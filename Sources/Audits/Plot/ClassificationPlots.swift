// The plots of a classification audit.
import Agreement

/// ROC, calibration and decision curves.
struct ClassificationPlots {
    let plots: [AuditPlot]
    /// More points of a curve than this are thinned (our choice).
    private static let limit = 500

    /// - Throws: `AgreementError`.
    init(_ cases: ClassificationCases, _ settings: AuditSettings) throws {
        guard let scores = cases.scores else {
            plots = []
            return
        }
        var plots = [try Self.roc(cases, scores)]
        if cases.areProbabilities {
            let forecasts = try Forecasts(probabilities: scores, outcomes: cases.outcomes)
            plots += [try Self.calibration(forecasts, settings), try Self.decision(forecasts)]
        }
        self.plots = plots
    }

    private static func plot(_ title: String, _ description: String, x: String, y: String) -> AuditPlot {
        AuditPlot(title: title, description: description, xLabel: x, yLabel: y, xRange: [0, 1], yRange: [0, 1])
    }

    private static func roc(_ cases: ClassificationCases, _ scores: [Double]) throws -> AuditPlot {
        var plot = plot(
            "ROC curve of \(cases.outcomes.count) rows",
            "Sensitivity against 1 - specificity at every threshold, with the diagonal of chance.",
            x: "1 - specificity",
            y: "Sensitivity")
        plot.curves = [
            try curve(cases.scoreName, scores, cases.outcomes, .solid),
            AuditPlot.Curve(name: "Chance", points: [[0, 0], [1, 1]], stroke: .dotted),
        ]
        if let second = cases.secondScores {
            plot.curves.append(try curve(cases.secondName, second, cases.outcomes, .dashed))
        }
        return plot
    }

    private static func curve(
        _ name: String, _ scores: [Double], _ outcomes: [Bool], _ stroke: AuditPlot.Stroke
    ) throws -> AuditPlot.Curve {
        let points = ROCCurve(try ScoredCases(scores: scores, outcomes: outcomes)).points
        let step = max(1, points.count / limit)
        let kept = points.indices.filter { $0 % step == 0 || $0 == points.count - 1 }
        return AuditPlot.Curve(
            name: name, points: kept.map { [1 - points[$0].specificity, points[$0].sensitivity] }, stroke: stroke)
    }

    private static func calibration(_ forecasts: Forecasts, _ settings: AuditSettings) throws -> AuditPlot {
        var plot = plot(
            "Calibration in \(settings.bins) groups of risk",
            "Observed share of the outcome with its interval against the mean predicted probability, with the line of equality.",
            x: "Mean predicted probability", y: "Observed share")
        plot.curves = [AuditPlot.Curve(name: "Observed as predicted", points: [[0, 0], [1, 1]], stroke: .dotted)]
        let points = try CalibrationCurve(forecasts, bins: .quantiles(settings.bins), confidence: settings.confidence)
            .points
        plot.whiskers = points.compactMap { point in
            guard let interval = point.observed.interval else { return nil }
            return AuditPlot.Whisker(
                x: point.meanPredicted, y: point.observed.value, lower: interval.lower, upper: interval.upper)
        }
        return plot
    }

    private static func decision(_ forecasts: Forecasts) throws -> AuditPlot {
        let points = try DecisionCurve(forecasts).points
        var plot = AuditPlot(
            title: "Decision curve",
            description: "Net benefit of acting on the prediction, on all and on none, at each threshold probability.",
            xLabel: "Threshold probability", yLabel: "Net benefit")
        plot.xRange = [0, 1]
        // Treating all falls without end: the scale keeps to what can be gained.
        let best = max(forecasts.prevalence, points.map(\.model).max() ?? 0)
        let floor = -0.25 * best
        plot.yRange = [floor, 1.1 * best]
        func line(_ name: String, _ stroke: AuditPlot.Stroke, _ value: (DecisionCurve.Point) -> Double)
            -> AuditPlot.Curve
        {
            AuditPlot.Curve(
                name: name, points: points.filter { value($0) >= floor }.map { [$0.threshold, value($0)] },
                stroke: stroke)
        }
        plot.curves = [
            line("By the prediction", .solid) { $0.model }, line("All", .dashed) { $0.treatAll },
            AuditPlot.Curve(name: "None", points: [[0, 0], [1, 0]], stroke: .dotted),
        ]
        return plot
    }
}
