// Figures side by side with their intervals.

extension AuditPlot {
    /// One whisker for each figure that has an interval, in their order.
    init(intervalsOf figures: [AuditFigure], title: String, yLabel: String) {
        let told = figures.compactMap { figure -> (String, Whisker)? in
            guard let value = figure.value, let lower = figure.lower, let upper = figure.upper else { return nil }
            return (figure.label, Whisker(x: 0, y: value, lower: lower, upper: upper))
        }
        self.title = title
        self.yLabel = yLabel
        xLabel = ""
        xNames = told.map(\.0)
        whiskers = told.enumerated().map { place, item in
            Whisker(x: Double(place), y: item.1.y, lower: item.1.lower, upper: item.1.upper)
        }
        description = told.map { name, item in
            "\(name) \(Figure.text(item.y)) (\(Figure.text(item.lower)) to \(Figure.text(item.upper)))."
        }.joined(separator: " ")
    }
}
