// The plot of a control chart.

extension AuditPlot {
    /// Mean differences in order with their control limits; nil for fewer than two groups.
    init?(drift chart: ControlChart) {
        guard chart.points.count > 1 else { return nil }
        title = "Bias by group (\(chart.grouping))"
        xLabel = chart.grouping
        yLabel = chart.label
        xNames = chart.points.map(\.name)
        let flagged = chart.flagged.map(\.name)
        description =
            "Control chart of the bias in \(chart.points.count) groups. "
            + (flagged.isEmpty ? "None is flagged." : "Flagged: \(flagged.joined(separator: ", ")).")
        let places = chart.points.enumerated().map { (Double($0), $1) }
        series = [
            Series(name: "Mean of a group", points: places.filter { $0.1.flags.isEmpty }.map { [$0.0, $0.1.mean] }),
            Series(name: "Flagged", points: places.filter { !$0.1.flags.isEmpty }.map { [$0.0, $0.1.mean] }),
        ]
        // Limits differ with the number of rows: a step for each group.
        for limit in [\ControlChart.Point.lower, \.upper] {
            let steps = places.flatMap { place, point in
                point[keyPath: limit].map { [[place - 0.5, $0], [place + 0.5, $0]] } ?? []
            }
            if !steps.isEmpty { curves.append(Curve(name: "Control limits", points: steps, stroke: .dashed)) }
        }
        curves.append(Curve(name: "Means", points: places.map { [$0.0, $0.1.mean] }, stroke: .dotted))
        let mean =
            chart.withinSD.flatMap { Figure.decimals(spread: $0) }.map { Figure.text(chart.centre, decimals: $0) }
            ?? Figure.text(chart.centre)
        levels = [
            Level(
                name: "Mean of all", value: chart.centre, lower: nil, upper: nil, stroke: .solid,
                labels: ["Mean \(mean)\(chart.unit.map { " \($0)" } ?? "")"])
        ]
    }
}
