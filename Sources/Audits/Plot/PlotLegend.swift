// What the marks and lines of a plot mean.

/// The legend below a plot: entries in rows, none over another.
struct PlotLegend {
    private(set) var elements: [String] = []
    private(set) var texts: [PlotText] = []
    private(set) var bottom: Double

    private static let (size, line, swatch, gap) = (12.0, 20.0, 34.0, 22.0)
    private var place: (x: Double, y: Double)
    private let left: Double
    private let width: Double

    init(_ plot: AuditPlot, confidence: Double, left: Double, top: Double, width: Double) {
        self.left = left
        self.width = width
        place = (left, top + Self.line / 2)
        bottom = top
        for (index, series) in plot.series.enumerated() where !series.points.isEmpty {
            entry(series.name) { x, y in
                "<path d=\"\(PlotMarker(series: index).path(x + 14, y))\" fill=\"none\" stroke=\"#12365c\" stroke-width=\"1.3\"/>"
            }
        }
        if plot.density != nil {
            entry("Many rows: the darker, the more") { x, y in
                "<rect x=\"\(Pixel.text(x + 8))\" y=\"\(Pixel.text(y - 6))\" width=\"12\" height=\"12\" fill=\"rgb(160,160,160)\"/>"
            }
        }
        var named: Set<String> = []
        for level in plot.levels where named.insert(level.name).inserted {
            stroke(level.name, level.stroke, level.labels.isEmpty ? 1 : 2)
        }
        if plot.levels.contains(where: { $0.lower != nil }) {
            entry("\(Figure.percent(confidence)) interval") { x, y in
                "<rect x=\"\(Pixel.text(x))\" y=\"\(Pixel.text(y - 6))\" width=\"28\" height=\"12\" fill=\"#000\" fill-opacity=\"0.1\"/>"
            }
        }
        if !plot.whiskers.isEmpty {
            entry("With \(Figure.percent(confidence)) interval") { x, y in
                "<path d=\"M\(Pixel.text(x + 14)) \(Pixel.text(y - 8))v16m-4 0h8m-8 -16h8\(PlotMarker.circle.path(x + 14, y))\" "
                    + "fill=\"none\" stroke=\"#000\" stroke-width=\"1.3\"/>"
            }
        }
        for curve in plot.curves where named.insert(curve.name).inserted { stroke(curve.name, curve.stroke, 1.6) }
        bottom = place.y + Self.line
    }

    private mutating func stroke(_ name: String, _ stroke: AuditPlot.Stroke, _ width: Double) {
        let dashes = stroke.dashes.map { " stroke-dasharray=\"\($0)\"" } ?? ""
        entry(name) { x, y in
            "<path d=\"M\(Pixel.text(x)) \(Pixel.text(y))h28\" stroke=\"#000\" stroke-width=\"\(Pixel.text(width))\"\(dashes)/>"
        }
    }

    private mutating func entry(_ name: String, _ swatch: (Double, Double) -> String) {
        let text = PlotText.fitted(name, size: Self.size, width: width - Self.swatch)
        let needed = Self.swatch + PlotText.width(text, size: Self.size)
        if place.x > left, place.x + needed > left + width { place = (left, place.y + Self.line) }
        elements.append(swatch(place.x, place.y))
        texts.append(PlotText(text: text, x: place.x + Self.swatch, y: place.y + 4, size: Self.size))
        place.x += needed + Self.gap
    }
}
