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
        var names = ["rows"]
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
            Level(name: "No difference", value: 0, lower: nil, upper: nil, stroke: .dotted, label: nil),
            Self.level("Upper limit", result.upper, .dashed), Self.level("Bias", result.bias, .solid),
            Self.level("Lower limit", result.lower, .dashed),
        ]
        curves = Self.curves(result.proportional, set)
    }

    private static func level(_ name: String, _ line: BlandAltmanResult.Line, _ stroke: Stroke) -> Level {
        Level(
            name: name, value: line.value, lower: line.interval?.lower, upper: line.interval?.upper, stroke: stroke,
            label: "\(name) \(Figure.text(line.value))")
    }

    private static func curves(_ bias: ProportionalBias?, _ set: DifferenceSet) -> [Curve] {
        guard let bias, let from = set.sizes.min(), let to = set.sizes.max() else { return [] }
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
                    name: "Regression-based limits", points: zip(places, limits).map { [$0, $1.upper] }, stroke: .dotted
                ))
            curves.append(
                Curve(
                    name: "Regression-based limits", points: zip(places, limits).map { [$0, $1.lower] }, stroke: .dotted
                ))
        }
        return curves
    }

    private static func description(_ set: DifferenceSet, _ result: BlandAltmanResult) -> String {
        func told(_ line: BlandAltmanResult.Line) -> String {
            let interval = line.interval.map { " (\(Figure.text($0.lower)) to \(Figure.text($0.upper)))" } ?? ""
            return Figure.text(line.value) + interval
        }
        return "Bland-Altman plot of \(set.count) rows: \(set.differenceLabel) against \(set.sizeLabel). "
            + "Bias \(told(result.bias)), lower limit \(told(result.lower)), upper limit \(told(result.upper))."
    }
}
