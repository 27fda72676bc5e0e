// From the units of the data to pixels.

/// The frame of a plot and the values at its edges.
struct PlotScale {
    /// The frame in pixels.
    let left: Double
    let top: Double
    let width: Double
    let height: Double
    let xLow: Double
    let xHigh: Double
    let yLow: Double
    let yHigh: Double

    var right: Double { left + width }
    var bottom: Double { top + height }

    init(_ plot: AuditPlot, left: Double, top: Double, width: Double, height: Double) {
        (self.left, self.top, self.width, self.height) = (left, top, width, height)
        var xs: [Double] = []
        var ys: [Double] = []
        for points in plot.series.map(\.points) + plot.curves.map(\.points) {
            for point in points {
                xs.append(point[0])
                ys.append(point[1])
            }
        }
        for level in plot.levels { ys += [level.value, level.lower ?? level.value, level.upper ?? level.value] }
        for whisker in plot.whiskers {
            xs.append(whisker.x)
            ys += [whisker.lower, whisker.y, whisker.upper]
        }
        (xLow, xHigh) =
            plot.xNames.isEmpty
            ? plot.xRange.map { ($0[0], $0[1]) } ?? Self.padded(xs) : (-0.5, Double(plot.xNames.count) - 0.5)
        (yLow, yHigh) = plot.yRange.map { ($0[0], $0[1]) } ?? Self.padded(ys)
    }

    func x(_ value: Double) -> Double { left + (value - xLow) / (xHigh - xLow) * width }
    func y(_ value: Double) -> Double { top + (yHigh - value) / (yHigh - yLow) * height }

    /// The ends with some air; equal ends are moved apart.
    private static func padded(_ values: [Double]) -> (Double, Double) {
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        let air = high > low ? 0.04 * (high - low) : max(abs(low) * 0.1, 1)
        return (low - air, high + air)
    }
}
