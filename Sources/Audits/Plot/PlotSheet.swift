// The plots of a report as one SVG.

/// Plots one below the other, with the notice that belongs to them.
struct PlotSheet {
    private let report: AuditReport
    private let panels: [PlotPanel]
    private let notes: [PlotText]
    private let height: Double

    init(_ report: AuditReport) {
        self.report = report
        var top = 0.0
        var panels: [PlotPanel] = []
        for plot in report.plots {
            let panel = PlotPanel(plot, confidence: report.settings.confidence, top: top)
            panels.append(panel)
            top = panel.bottom + 12
        }
        self.panels = panels
        var lines = ["Osteon \(report.version). \(report.disclaimer)"]
        if let thinning = report.plots.compactMap(\.thinning).first {
            lines.insert("\(thinning.shown) of \(thinning.total) rows are kept as points; all are counted.", at: 0)
        }
        notes = lines.enumerated().map { index, line in
            PlotText(
                text: PlotText.fitted(line, size: 11, width: PlotPanel.width - 90), x: 78,
                y: top + 14 + 16 * Double(index),
                size: 11)
        }
        height = top + 16 * Double(lines.count) + 12
    }

    /// Every text on the sheet, with its place.
    var texts: [PlotText] { panels.flatMap(\.texts) + notes }

    var svg: String {
        let size = "width=\"\(Pixel.text(PlotPanel.width))\" height=\"\(Pixel.text(height))\""
        let box = "viewBox=\"0 0 \(Pixel.text(PlotPanel.width)) \(Pixel.text(height))\""
        let description = report.plots.map(\.description).joined(separator: " ")
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) \(box) role=\"img\" aria-labelledby=\"title description\" "
                + "font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\">",
            "<title id=\"title\">\(XMLText.escaped(report.title))</title>",
            "<desc id=\"description\">\(XMLText.escaped(description))</desc>",
            "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
        ]
        for panel in panels { lines += panel.elements + panel.texts.map(\.svg) }
        lines += notes.map(\.svg) + ["</svg>", ""]
        return lines.joined(separator: "\n")
    }
}
