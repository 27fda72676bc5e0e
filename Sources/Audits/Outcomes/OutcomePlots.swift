// The plots of an outcome audit.
import Agreement

/// Hit rates of the map, and calibration of each source's probability of any leak.
struct OutcomePlots {
    let plots: [AuditPlot]

    /// - Throws: `AgreementError`.
    init(_ cases: OutcomeCases, _ all: AuditSection, _ settings: AuditSettings) throws {
        var plots = OutcomeColumns.PlaceKind.allCases.compactMap { Self.hits($0, all) }
        for source in OutcomeColumns.PredictionSource.allCases where all["any.\(source.rawValue).observed"] != nil {
            plots.append(try Self.calibration(cases, source, settings))
        }
        self.plots = plots
    }

    private static func hits(_ kind: OutcomeColumns.PlaceKind, _ all: AuditSection) -> AuditPlot? {
        let named = [("First", "firstHit"), ("First two", "firstTwoHit")] + kind.places.map { ($0, "\($0).firstHit") }
        let figures = named.compactMap { name, figure in
            all["\(kind.rawValue).\(figure)"].flatMap { $0.value == nil ? nil : (name, $0) }
        }
        guard !figures.isEmpty else { return nil }
        var plot = AuditPlot(
            title: "The map's \(kind.rawValue)s against the leaks that were seen",
            description:
                "Share of leaks whose \(kind.rawValue) the map ranked first, or among the first two, and by \(kind.rawValue), with exact "
                + "intervals and the line of chance.",
            xLabel: "What was ranked", yLabel: "Share of leaks")
        plot.yRange = [0, 1]
        plot.xNames = figures.map(\.0)
        plot.whiskers = figures.enumerated().compactMap { index, entry in
            guard let value = entry.1.value, let lower = entry.1.lower, let upper = entry.1.upper else { return nil }
            return AuditPlot.Whisker(x: Double(index), y: value, lower: lower, upper: upper)
        }
        let chance = 1 / Double(kind.places.count)
        plot.levels = [
            AuditPlot.Level(
                name: "Chance", value: chance, lower: nil, upper: nil, stroke: .dotted,
                labels: ["Chance of one in \(kind.places.count)"])
        ]
        return plot
    }

    private static func calibration(
        _ cases: OutcomeCases, _ source: OutcomeColumns.PredictionSource, _ settings: AuditSettings
    ) throws -> AuditPlot {
        let pairs = OutcomeResult.pairs(cases, "any", source, rows: 0..<cases.rowCount)
        let forecasts = try Forecasts(probabilities: pairs.probabilities, outcomes: pairs.outcomes)
        var plot = AuditPlot(
            title: "Any leak by \(source.rawValue): calibration in \(settings.bins) groups of risk",
            description:
                "Observed share of leaks with its exact interval against the mean predicted probability, with the line of equality.",
            xLabel: "Mean predicted probability", yLabel: "Observed share", xRange: [0, 1], yRange: [0, 1])
        plot.curves = [AuditPlot.Curve(name: "Observed as predicted", points: [[0, 0], [1, 1]], stroke: .dotted)]
        let points = try CalibrationCurve(
            forecasts, bins: .quantiles(settings.bins), interval: .clopperPearson, confidence: settings.confidence
        ).points
        plot.whiskers = points.compactMap { point in
            point.observed.interval.map {
                AuditPlot.Whisker(x: point.meanPredicted, y: point.observed.value, lower: $0.lower, upper: $0.upper)
            }
        }
        return plot
    }
}
