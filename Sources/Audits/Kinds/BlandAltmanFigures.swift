// The figures of a Bland–Altman audit, each with its method and source.
import Agreement

extension BlandAltmanResult {
    private static let classic = "Bland & Altman, Lancet 1986;i:307"
    private static let measuring = "Bland & Altman, Stat Methods Med Res 1999;8:135"

    static func figures(_ limits: BlandAltman, _ set: DifferenceSet, _ settings: AuditSettings) -> [AuditFigure] {
        let scale = FigureScale(settings, unit: set.unit, spread: limits.standardDeviation.value)
        let (low, high) = (limits.lowerLimit, limits.upperLimit)
        let size = Figure.percent(settings.coverage)
        return [
            scale.figure("bias", "Bias", limits.bias, method: "mean difference, t interval", source: classic),
            AuditFigure(
                "biasP", "p of no bias", limits.biasP, method: "one-sample t test, two-sided", source: classic),
            scale.spread("standardDeviation", "SD of differences", limits.standardDeviation, source: classic),
            scale.figure(
                "lowerLimit", "Lower limit (\(size))", low.value, low.exact, method: "exact interval (noncentral t)",
                source: "Carkeet, Optom Vis Sci 2015;92:e71"),
            scale.figure(
                "upperLimit", "Upper limit (\(size))", high.value, high.exact, method: "exact interval (noncentral t)",
                source: "Carkeet, Optom Vis Sci 2015;92:e71"),
            scale.figure(
                "lowerLimitApproximate", "Lower limit, approximate", low.value, low.approximate,
                method: "approximate interval", source: measuring),
            scale.figure(
                "upperLimitApproximate", "Upper limit, approximate", high.value, high.approximate,
                method: "approximate interval", source: measuring),
        ]
    }

    static func figures(
        _ limits: RepeatedLimits, _ set: DifferenceSet, _ settings: AuditSettings
    ) -> [AuditFigure] {
        let scale = FigureScale(settings, unit: set.unit, spread: limits.standardDeviation)
        let source = "Bland & Altman, J Biopharm Stat 2007;17:571; intervals Zou, Stat Methods Med Res 2013;22:630"
        let method = "repeats per subject, \(settings.truth.rawValue) truth"
        let size = Figure.percent(settings.coverage)
        return [
            AuditFigure(
                "subjects", "Subjects", Double(limits.subjects), method: "count", source: "the table"),
            scale.figure("bias", "Bias", limits.bias, method: method, source: source),
            scale.spread(
                "standardDeviation", "SD of a single difference",
                Estimate(limits.standardDeviation, nil, confidence: settings.confidence), source: source),
            scale.figure("lowerLimit", "Lower limit (\(size))", limits.lowerLimit, method: method, source: source),
            scale.figure("upperLimit", "Upper limit (\(size))", limits.upperLimit, method: method, source: source),
        ]
    }

    static func figures(_ bias: ProportionalBias?, _ set: DifferenceSet, decimals: Int?) -> [AuditFigure] {
        guard let bias else {
            return [
                AuditFigure(
                    "slope", "Slope of difference on size", nil, method: "least squares", source: measuring,
                    reason: "All sizes are equal, so that nothing can depend on them.")
            ]
        }
        let rows = set.repeats == nil ? "" : independent
        let ends = [set.sizes.min() ?? 0, set.sizes.max() ?? 0]
        var figures = [
            AuditFigure(
                "slope", "Slope of difference on size", bias.difference.slope,
                method: "least squares, t interval\(rows)",
                source: measuring),
            AuditFigure(
                "slopeP", "p of no slope", bias.difference.slopeP, method: "t test, two-sided", source: measuring,
                reason: bias.difference.slopeP == nil ? "The differences lie exactly on a line." : nil),
            AuditFigure(
                "intercept", "Intercept", bias.difference.intercept, unit: set.unit,
                method: "least squares, t interval\(rows)",
                source: measuring, decimals: decimals),
            AuditFigure(
                "spreadSlope", "Slope of spread on size", bias.spread.slope, method: "|residual| on size\(rows)",
                source: measuring),
            AuditFigure(
                "spreadSlopeP", "p of constant spread", bias.spread.slopeP, method: "t test, two-sided",
                source: measuring, reason: bias.spread.slopeP == nil ? "The residuals do not vary." : nil),
        ]
        for (name, label, end) in [
            ("AtSmallest", "at the smallest size", ends[0]), ("AtLargest", "at the largest", ends[1]),
        ] {
            let limits = bias.limits(at: end)
            for (which, title, value) in [
                ("lowerLimit", "Lower limit", limits.lower), ("upperLimit", "Upper limit", limits.upper),
            ] {
                figures.append(
                    AuditFigure(
                        which + name, "\(title) \(label), \(Figure.text(end))", value, unit: set.unit,
                        method: "regression-based", source: measuring, decimals: decimals))
            }
        }
        return figures
    }

    /// What is said where repeats are not allowed for.
    private static let independent = ", rows taken as independent"

    static func normality(_ set: DifferenceSet) -> [AuditFigure] {
        let method = "Shapiro-Wilk" + (set.repeats == nil ? "" : independent)
        let source = "Royston, Applied Statistics 1995;44:547"
        let limit = 5000
        guard set.count <= limit else {
            return [
                AuditFigure(
                    "normalityP", "p of normal differences", nil, method: method, source: source,
                    reason: "The test reaches to \(limit) rows; compare the limits with the non-parametric ones.")
            ]
        }
        let test = try? ShapiroWilk(set.differences)
        return [
            AuditFigure("normalityW", "Normality W", test?.w, method: method, source: source),
            AuditFigure("normalityP", "p of normal differences", test?.p, method: method, source: source),
        ]
    }

    static func nonparametric(
        _ set: DifferenceSet, _ settings: AuditSettings, spread: Double
    ) throws(AgreementError) -> [AuditFigure] {
        let limits = try NonparametricLimits(
            differences: set.differences, coverage: settings.coverage, confidence: settings.confidence)
        let scale = FigureScale(settings, unit: set.unit, spread: spread)
        let order = "order statistics" + (set.repeats == nil ? "" : independent)
        let reason = "So few rows have no such interval."
        return [
            scale.figure(
                "median", "Median", limits.median, method: order, source: measuring, reason: reason),
            scale.figure(
                "lowerLimitNonparametric", "Lower limit, non-parametric", limits.lowerLimit,
                method: order, source: measuring, reason: reason),
            scale.figure(
                "upperLimitNonparametric", "Upper limit, non-parametric", limits.upperLimit,
                method: order, source: measuring, reason: reason),
        ]
    }
}
