// Draws one plot.
import Foundation

/// One plot laid out: elements in drawing order, and every text with its place.
struct PlotPanel {
    static let width = 900.0
    private static let margins = (left: 78.0, top: 46.0, right: 186.0)
    private static let small = 12.0
    /// The least room for a name along x.
    private static let narrowest = 62.0

    private(set) var elements: [String] = []
    private(set) var texts: [PlotText] = []
    /// Where the panel ends below.
    private(set) var bottom = 0.0
    private let plot: AuditPlot
    private let confidence: Double
    private let scale: PlotScale

    /// - Parameter confidence: of the intervals drawn, 0…1.
    init(_ plot: AuditPlot, confidence: Double, top: Double, height: Double = 420) {
        self.plot = plot
        self.confidence = confidence
        scale = PlotScale(
            plot, left: Self.margins.left, top: top + Self.margins.top,
            width: Self.width - Self.margins.left - Self.margins.right, height: height)
        bands()
        axes()
        if let density = plot.density { cells(density) }
        points()
        lines()
        levelLabels()
        headings(top: top)
        legend()
    }

    private mutating func bands() {
        for level in plot.levels {
            guard let lower = level.lower, let upper = level.upper else { continue }
            let (from, to) = (clampedY(upper), clampedY(lower))
            elements.append(
                "<rect x=\"\(Pixel.text(scale.left))\" y=\"\(Pixel.text(from))\" width=\"\(Pixel.text(scale.width))\" "
                    + "height=\"\(Pixel.text(max(0.5, to - from)))\" fill=\"#000\" fill-opacity=\"0.1\"/>")
        }
    }

    private mutating func axes() {
        let yTicks = AxisTicks(from: scale.yLow, to: scale.yHigh, about: 7)
        var ticks = ""
        for value in yTicks.values {
            let y = scale.y(value)
            ticks += "M\(Pixel.text(scale.left - 5)) \(Pixel.text(y))h5"
            texts.append(
                PlotText(text: yTicks.label(value), x: scale.left - 8, y: y + 4, size: Self.small, anchor: .end))
        }
        let xTicks = AxisTicks(from: scale.xLow, to: scale.xHigh, about: 7)
        let names = plot.xNames.enumerated().map { (Double($0), $1) }
        let labels = names.isEmpty ? xTicks.values.map { ($0, xTicks.label($0)) } : names
        let room = names.isEmpty ? 150 : max(scale.width / Double(names.count), Self.narrowest) - 6
        for (index, (value, label)) in labels.enumerated() where index % nameStep == 0 {
            let x = scale.x(value)
            ticks += "M\(Pixel.text(x)) \(Pixel.text(scale.bottom))v5"
            texts.append(
                PlotText(
                    text: PlotText.fitted(label, size: Self.small, width: room), x: x, y: scale.bottom + 19,
                    size: Self.small, anchor: .middle))
        }
        elements.append("<path d=\"\(ticks)\" fill=\"none\" stroke=\"#000\"/>")
        elements.append(
            "<rect x=\"\(Pixel.text(scale.left))\" y=\"\(Pixel.text(scale.top))\" width=\"\(Pixel.text(scale.width))\" "
                + "height=\"\(Pixel.text(scale.height))\" fill=\"none\" stroke=\"#000\"/>")
    }

    /// Every how many names along x one is written, so that they do not touch.
    private var nameStep: Int {
        max(1, Int((Self.narrowest * Double(plot.xNames.count) / scale.width).rounded(.up)))
    }

    /// Squares, darker for more points; cells with few points are left to the points themselves.
    private mutating func cells(_ density: AuditPlot.Density) {
        let crowded = density.cells.filter { $0[2] > density.sparse }
        let most = Double(crowded.map { $0[2] }.max() ?? 1)
        let shades = 5
        var paths = [String](repeating: "", count: shades)
        let width = scale.x(density.xFrom + density.xStep) - scale.x(density.xFrom)
        let height = scale.y(density.yFrom) - scale.y(density.yFrom + density.yStep)
        for cell in crowded {
            let share = log(Double(cell[2]) / Double(density.sparse)) / max(log(most / Double(density.sparse)), 1e-9)
            let x = scale.x(density.xFrom + Double(cell[0]) * density.xStep)
            let y = scale.y(density.yFrom + Double(cell[1] + 1) * density.yStep)
            paths[min(shades - 1, Int(share * Double(shades)))] +=
                "M\(Pixel.text(x)) \(Pixel.text(y))h\(Pixel.text(width))v\(Pixel.text(height))h-\(Pixel.text(width))z"
        }
        for (shade, path) in paths.enumerated() where !path.isEmpty {
            let grey = 226 - shade * 26
            elements.append("<path d=\"\(path)\" fill=\"rgb(\(grey),\(grey),\(grey))\"/>")
        }
    }

    private mutating func points() {
        let isCrowd = plot.series.reduce(0) { $0 + $1.points.count } > 600
        for (index, series) in plot.series.enumerated() {
            let marker = PlotMarker(series: index)
            var path = ""
            for point in series.points where !isInCrowdedCell(point) {
                path += marker.path(scale.x(point[0]), scale.y(point[1]), isCrowd ? 1.4 : 3.4)
            }
            elements.append(
                "<path d=\"\(path)\" fill=\"none\" stroke=\"#12365c\" stroke-width=\"\(isCrowd ? "0.9" : "1.3")\"/>")
        }
        for whisker in plot.whiskers {
            let (x, low, high) = (scale.x(whisker.x), scale.y(whisker.lower), scale.y(whisker.upper))
            let bar =
                "M\(Pixel.text(x)) \(Pixel.text(low))V\(Pixel.text(high))M\(Pixel.text(x - 4)) \(Pixel.text(low))h8"
            elements.append(
                "<path d=\"\(bar)M\(Pixel.text(x - 4)) \(Pixel.text(high))h8\(PlotMarker.circle.path(x, scale.y(whisker.y)))\" "
                    + "fill=\"none\" stroke=\"#000\" stroke-width=\"1.3\"/>")
        }
    }

    private func isInCrowdedCell(_ point: [Double]) -> Bool {
        guard let density = plot.density else { return false }
        let column = min(density.columns - 1, Int((point[0] - density.xFrom) / density.xStep))
        let row = min(density.rows - 1, Int((point[1] - density.yFrom) / density.yStep))
        return density.cells.contains { $0[0] == column && $0[1] == row && $0[2] > density.sparse }
    }

    private mutating func lines() {
        for curve in plot.curves {
            let path = curve.points.enumerated().map { index, point in
                "\(index == 0 ? "M" : "L")\(Pixel.text(scale.x(point[0]))) \(Pixel.text(clampedY(point[1])))"
            }.joined()
            line(path, curve.stroke, width: 1.6)
        }
        for level in plot.levels {
            let path = "M\(Pixel.text(scale.left)) \(Pixel.text(clampedY(level.value)))h\(Pixel.text(scale.width))"
            line(path, level.stroke, width: level.labels.isEmpty ? 1 : 2)
        }
    }

    private mutating func line(_ path: String, _ stroke: AuditPlot.Stroke, width: Double) {
        let dashes = stroke.dashes.map { " stroke-dasharray=\"\($0)\"" } ?? ""
        elements.append(
            "<path d=\"\(path)\" fill=\"none\" stroke=\"#000\" stroke-width=\"\(Pixel.text(width))\"\(dashes)/>")
    }

    /// Labels beside the ends of levels, pushed apart where lines are close, each tied to its line.
    private mutating func levelLabels() {
        let labelled = plot.levels.filter { !$0.labels.isEmpty }.sorted { $0.value > $1.value }
        let line = 15.0
        let heights = labelled.map { line * Double($0.labels.count) }
        var tops = zip(labelled, heights).map { clampedY($0.value) - $1 / 2 }
        for index in tops.indices.dropFirst() {
            tops[index] = max(tops[index], tops[index - 1] + heights[index - 1] + 3)
        }
        let over = max(0, (tops.last ?? 0) + (heights.last ?? 0) - scale.bottom)
        for index in tops.indices.reversed() {
            let ceiling = index + 1 < tops.count ? tops[index + 1] - heights[index] - 3 : tops[index] - over
            tops[index] = min(tops[index], ceiling)
        }
        for (index, level) in labelled.enumerated() {
            elements.append(
                "<path d=\"M\(Pixel.text(scale.right)) \(Pixel.text(clampedY(level.value)))L\(Pixel.text(scale.right + 12)) "
                    + "\(Pixel.text(tops[index] + heights[index] / 2))\" fill=\"none\" stroke=\"#000\" stroke-width=\"0.8\"/>"
            )
            for (number, label) in level.labels.enumerated() {
                texts.append(
                    PlotText(
                        text: PlotText.fitted(label, size: Self.small, width: Self.margins.right - 18),
                        x: scale.right + 16,
                        y: tops[index] + 11 + line * Double(number), size: Self.small, isBold: number == 0))
            }
        }
    }

    private mutating func headings(top: Double) {
        texts.append(
            PlotText(
                text: PlotText.fitted(plot.title, size: 16, width: Self.width - scale.left - 12), x: scale.left,
                y: top + 28,
                size: 16,
                isBold: true))
        texts.append(
            PlotText(
                text: PlotText.fitted(plot.xLabel, size: 13, width: scale.width), x: scale.left + scale.width / 2,
                y: scale.bottom + 42, anchor: .middle))
        texts.append(
            PlotText(
                text: PlotText.fitted(plot.yLabel, size: 13, width: scale.height), x: 20,
                y: scale.top + scale.height / 2,
                anchor: .middle, readsUpwards: true))
    }

    private mutating func legend() {
        let legend = PlotLegend(
            plot, confidence: confidence, left: scale.left, top: scale.bottom + 58, width: Self.width - scale.left - 12)
        elements += legend.elements
        texts += legend.texts
        bottom = legend.bottom
    }

    private func clampedY(_ value: Double) -> Double { min(max(scale.y(value), scale.top), scale.bottom) }
}
