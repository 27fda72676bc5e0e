// The plot of a figure that every case has.

extension AuditPlot {
    /// Every case's value, one column of points for each group, with the mean and its interval.
    init(casesOf name: String, _ values: [Double], groups: RowGroups?, sections: [AuditSection]) {
        let isDistance = SegmentationMetric(name) == .distance
        title = "\(name) of \(values.count) cases"
        xLabel = groups?.column ?? ""
        yLabel = isDistance ? "\(name), mm" : name
        xNames = groups?.names ?? ["all"]
        let columns = groups?.rows ?? [Array(values.indices)]
        var xs: [Double] = []
        var ys: [Double] = []
        for (place, rows) in columns.enumerated() {
            // Side by side in the order of the table, so that equal values are seen as several.
            for (order, row) in rows.enumerated() {
                xs.append(Double(place) + 0.5 * ((Double(order) + 0.5) / Double(rows.count) - 0.5))
                ys.append(values[row])
            }
        }
        let thinning = PointThinning(x: xs, y: ys)
        series = [Series(name: "Case", points: thinning.kept.map { [xs[$0], ys[$0]] })]
        if let grid = thinning.density {
            density = grid
            self.thinning = Thinning(shown: thinning.kept.count, total: xs.count, rule: PointThinning.rule)
        }
        whiskers = xNames.enumerated().compactMap { place, group in
            let section = groups == nil ? sections[0] : sections.dropFirst().first { $0.name == group }
            guard let mean = section?["\(name).mean"], let value = mean.value, let lower = mean.lower,
                let upper = mean.upper
            else { return nil }
            return Whisker(x: Double(place) + 0.36, y: value, lower: lower, upper: upper)
        }
        let mean = sections[0]["\(name).mean"]
        description =
            "\(title): mean \(mean?.valueText ?? "undefined")\(mean?.intervalText.map { " (\($0))" } ?? ""), worst "
            + "\(sections[0]["\(name).worst"]?.valueText ?? "undefined")."
    }
}
