// Which of many points a plot shows.

/// A choice of points that keeps the shape of the cloud and its extremes.
struct PointThinning {
    /// More points than this are thinned (our choice).
    static let limit = 5000
    private static let (columns, rows) = (64, 48)
    static let rule = """
        On a grid of \(columns) by \(rows) cells over all points, each cell keeps up to so many points that at most \(limit) are \
        shown, evenly chosen in the order of the table; the smallest and largest in both directions are always kept. Numbers are \
        from all rows.
        """

    /// Places of the points shown, ascending.
    let kept: [Int]
    /// nil where all are shown.
    let density: AuditPlot.Density?

    init(x: [Double], y: [Double]) {
        guard x.count > Self.limit, let xLow = x.min(), let xHigh = x.max(), let yLow = y.min(), let yHigh = y.max()
        else {
            kept = Array(x.indices)
            density = nil
            return
        }
        let (columns, rows) = (Self.columns, Self.rows)
        let xStep = max((xHigh - xLow) / Double(columns), .leastNormalMagnitude)
        let yStep = max((yHigh - yLow) / Double(rows), .leastNormalMagnitude)
        var counts = [Int](repeating: 0, count: columns * rows)
        var cellOf = [Int](repeating: 0, count: x.count)
        for point in x.indices {
            let column = min(columns - 1, Int((x[point] - xLow) / xStep))
            let row = min(rows - 1, Int((y[point] - yLow) / yStep))
            cellOf[point] = row * columns + column
            counts[cellOf[point]] += 1
        }
        // Four places are for the extremes.
        var perCell = 1
        while counts.reduce(0, { $0 + min($1, perCell + 1) }) <= Self.limit - 4 { perCell += 1 }
        var seen = [Int](repeating: 0, count: counts.count)
        var kept: [Int] = []
        let extremes = Set([
            x.firstIndex(of: xLow), x.firstIndex(of: xHigh), y.firstIndex(of: yLow), y.firstIndex(of: yHigh),
        ])
        for point in x.indices {
            let cell = cellOf[point]
            let share = min(perCell, counts[cell])
            let isTurn = (seen[cell] + 1) * share / counts[cell] > seen[cell] * share / counts[cell]
            seen[cell] += 1
            if isTurn || extremes.contains(point) { kept.append(point) }
        }
        self.kept = kept
        density = AuditPlot.Density(
            xFrom: xLow, xStep: xStep, yFrom: yLow, yStep: yStep, columns: columns, rows: rows, sparse: perCell,
            cells: counts.indices.filter { counts[$0] > 0 }.map { [$0 % columns, $0 / columns, counts[$0]] })
    }
}
