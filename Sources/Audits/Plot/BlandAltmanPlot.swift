// The plot of a Bland–Altman audit.
import Agreement
import Foundation

extension AuditPlot {
    /// As many groups as there are markers; more are drawn alike.
    private static let markers = 6

    /// Differences against sizes, with bias, limits, their bands, and regression lines.
    init(blandAltman set: DifferenceSet, _ result: BlandAltmanResult, _ readings: PairedReadings, groups: RowGroups?) {
        title = "\(readings.firstName) against \(readings.secondName): \(set.count) rows"
        xLabel = set.sizeLabel
        yLabel = set.differenceLabel
        description = Self.description(set, result)
        let thinning = PointThinning(x: set.sizes, y: set.differences)
        if let grid = thinning.density {
            density = grid
            self.thinning = Thinning(shown: thinning.kept.count, total: set.count, rule: PointThinning.rule)
        }
        var groupOf = [Int](repeating: 0, count: set.count)
        var names = ["Row"]
        if let groups, groups.names.count <= Self.markers, density == nil {
            names = groups.names
            for (group, rows) in groups.rows.enumerated() {
                for row in rows { groupOf[row] = group }
            }
        }
        series = names.indices.map { group in
            Series(
                name: names[group],
                points: thinning.kept.filter { groupOf[$0] == group }.map { [set.sizes[$0], set.differences[$0]] })
        }
        levels = [
            Level(name: "No difference", value: 0, lower: nil, upper: nil, stroke: .dotted, labels: []),
            Self.level("Limits of agreement", "Upper limit", figure: "upperLimit", result, result.upper, .dashed),
            Self.level("Bias", "Bias", figure: "bias", result, result.bias, .solid),
            Self.level("Limits of agreement", "Lower limit", figure: "lowerLimit", result, result.lower, .dashed),
        ]
        curves = Self.curves(result.proportional, set)
    }

    /// A line with its figure beside it: a ratio for logarithms.
    private static func level(
        _ name: String, _ label: String, figure: String, _ result: BlandAltmanResult, _ line: BlandAltmanResult.Line,
        _ stroke: Stroke
    ) -> Level {
        let figure = result.figures.first { $0.name == figure }
        return Level(
            name: name, value: line.value, lower: line.interval?.lower, upper: line.interval?.upper, stroke: stroke,
            labels: ["\(label) \(figure?.valueText ?? "")"] + [figure?.intervalText].compactMap { $0 })
    }

    private static func curves(_ bias: ProportionalBias?, _ set: DifferenceSet) -> [Curve] {
        guard let bias, let from = set.sizes.min(), let to = set.sizes.max() else { return [] }
        // Straight limits need two places; limits that spread, more.
        let steps = bias.isSpreadProportional ? 24 : 1
        let places = (0...steps).map { from + (to - from) * Double($0) / Double(steps) }
        let limits = places.map { bias.limits(at: $0) }
        var curves = [
            Curve(
                name: "Regression of difference on size", points: zip(places, limits).map { [$0, $1.bias] },
                stroke: .dashDotted)
        ]
        // Limits that follow a slope which is not there only clutter.
        if (bias.difference.slopeP ?? 1) < 0.05 || bias.isSpreadProportional {
            curves.append(
                Curve(
                    name: "Regression-based limits", points: zip(places, limits).map { [$0, $1.upper] },
                    stroke: .dashDoubleDotted
                ))
            curves.append(
                Curve(
                    name: "Regression-based limits", points: zip(places, limits).map { [$0, $1.lower] },
                    stroke: .dashDoubleDotted
                ))
        }
        return curves
    }

    private static func description(_ set: DifferenceSet, _ result: BlandAltmanResult) -> String {
        func told(_ name: String) -> String {
            guard let figure = result.figures.first(where: { $0.name == name }), let value = figure.valueText else {
                return "undefined"
            }
            return value + (figure.intervalText.map { " (\($0))" } ?? "")
        }
        return
            "Bland-Altman plot of \(set.count) rows: \(set.differenceLabel) against \(set.sizeLabel). Bias \(told("bias")), "
            + "lower limit \(told("lowerLimit")), upper limit \(told("upperLimit"))."
    }
}
