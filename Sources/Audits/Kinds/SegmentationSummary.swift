// One figure of a segmentation over all cases.
import Agreement

/// Mean, spread, median and the worst case of one figure.
struct SegmentationSummary {
    private(set) var figures: [AuditFigure]

    /// - Throws: `AgreementError` for fewer than three cases.
    init(_ name: String, _ values: [Double], rows: [Int]?, settings: AuditSettings) throws {
        let metric = SegmentationMetric(name) ?? .overlap
        let unit = metric == .distance ? "mm" : nil
        let decimals = metric == .distance ? 2 : 3
        let order = try NonparametricLimits(
            differences: values, coverage: settings.coverage, confidence: settings.confidence)
        let worst = values.indices.min { metric == .overlap ? values[$0] < values[$1] : values[$0] > values[$1] } ?? 0
        let row = (rows?[worst] ?? worst) + 1
        let spread = try? BlandAltman(differences: values, confidence: settings.confidence)
        let mean = values.reduce(0, +) / Double(values.count)
        let constant = "All values are equal."
        let student = "Student, Biometrika 1908;6:1"
        let conover = "Conover, Practical Nonparametric Statistics, 3rd ed., section 3.2"
        figures = [
            AuditFigure(
                "\(name).mean", "\(name), mean", mean, spread?.bias.interval, confidence: settings.confidence,
                unit: unit,
                method: "t interval", source: student, reason: spread == nil ? constant : nil, decimals: decimals),
            AuditFigure(
                "\(name).sd", "\(name), SD", spread?.standardDeviation.value ?? 0, spread?.standardDeviation.interval,
                confidence: settings.confidence, unit: unit, method: "n - 1, chi-squared interval", source: student,
                reason: spread == nil ? constant : nil, decimals: decimals),
            AuditFigure(
                "\(name).median", "\(name), median", order.median, unit: unit, method: "order statistics",
                source: conover,
                reason: order.median.interval == nil ? "So few cases have no such interval." : nil, decimals: decimals),
            AuditFigure(
                "\(name).worst", "\(name), worst", values[worst], unit: unit, method: "row \(row)", source: "the table",
                decimals: decimals),
        ]
        if let target = settings.target, metric == .overlap {
            let share = try settings.proportion.estimate(
                successes: values.count { $0 >= target }, trials: values.count, confidence: settings.confidence)
            figures.append(
                AuditFigure(
                    "\(name).share", "\(name), share of at least \(Figure.text(target))", share,
                    method: settings.proportion.rawValue, source: "Wilson, J Am Stat Assoc 1927;22:209",
                    decimals: decimals))
        }
    }
}
