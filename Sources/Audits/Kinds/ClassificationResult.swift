// The statistics of one set of cases.
import Agreement

/// Ranking, calls and calibration of one set of rows, as figures.
struct ClassificationResult {
    private(set) var figures: [AuditFigure] = []
    private let settings: AuditSettings

    private static let delong = "DeLong et al, Biometrics 1988;44:837"

    /// - Parameter rows: nil for all.
    /// - Throws: `AgreementError.classMissing` and others where the rows cannot be judged.
    init(_ cases: ClassificationCases, _ settings: AuditSettings, rows: [Int]?) throws {
        self.settings = settings
        func part<Value>(_ values: [Value]) -> [Value] { rows.map { $0.map { values[$0] } } ?? values }
        let outcomes = part(cases.outcomes)
        if let scores = cases.scores.map(part) {
            let ranked = try ScoredCases(scores: scores, outcomes: outcomes)
            try ranking(ranked)
            if let second = cases.secondScores.map(part) { try comparison(scores, second, outcomes) }
            if cases.calls == nil { try calls(ranked, isProbability: cases.areProbabilities) }
            try calibration(scores, outcomes, cases)
        }
        if let calls = cases.calls.map(part) { try confusion(calls, outcomes) }
    }

    private mutating func ranking(_ cases: ScoredCases) throws {
        let area = try AreaUnderROC(cases)
        figures += [
            AuditFigure(
                "cases", "Cases with the outcome", Double(cases.positives), method: "count", source: "the table"),
            AuditFigure("controls", "Cases without", Double(cases.negatives), method: "count", source: "the table"),
            AuditFigure(
                "auc", "AUC", try area.estimate(confidence: settings.confidence), method: "DeLong", source: Self.delong,
                reason: area.intervalReason, decimals: 3),
        ]
        let logit = try area.estimate(confidence: settings.confidence, scale: .logit)
        figures.append(
            AuditFigure(
                "aucLogit", "AUC, logit interval", logit, method: "DeLong on the logit scale",
                source: "Pepe, The Statistical Evaluation of Medical Tests, 2003", reason: area.intervalReason,
                decimals: 3))
        let precision = PrecisionRecallCurve(cases)
        figures.append(
            AuditFigure(
                "averagePrecision", "Average precision", precision.averagePrecision,
                method: "step-wise sum; a score that knows nothing has \(Figure.text(precision.prevalence))",
                source: "Davis & Goadrich, ICML 2006", decimals: 3))
    }

    private mutating func comparison(_ first: [Double], _ second: [Double], _ outcomes: [Bool]) throws {
        let names = ("aucSecond", "AUC of the second score")
        let area = try AreaUnderROC(ScoredCases(scores: second, outcomes: outcomes))
        figures.append(
            AuditFigure(
                names.0, names.1, try area.estimate(confidence: settings.confidence), method: "DeLong",
                source: Self.delong, reason: area.intervalReason, decimals: 3))
        do {
            let test = try DeLongTest.paired(
                first: first, second: second, outcomes: outcomes, confidence: settings.confidence)
            figures += [
                AuditFigure(
                    "aucDifference", "AUC, first - second", test.difference, method: "paired DeLong",
                    source: Self.delong, decimals: 3),
                AuditFigure(
                    "aucDifferenceP", "p of equal AUC", test.pValue, method: "paired DeLong, two-sided",
                    source: Self.delong, decimals: 3),
            ]
        } catch {
            figures.append(
                AuditFigure(
                    "aucDifference", "AUC, first - second", nil, method: "paired DeLong", source: Self.delong,
                    reason: error.detail, decimals: 3))
        }
    }

    /// Calls at the threshold asked for; else 0.5 for probabilities and Youden's for other scores.
    private mutating func calls(_ cases: ScoredCases, isProbability: Bool) throws {
        let youden = ROCCurve(cases).youden.threshold
        let threshold = settings.threshold ?? (isProbability ? 0.5 : youden)
        let method =
            settings.threshold != nil
            ? "as asked for" : isProbability ? "probability 0.5" : "Youden's, chosen on these rows and so optimistic"
        figures.append(
            AuditFigure(
                "threshold", "Threshold", threshold, method: method, source: "Youden, Cancer 1950;3:32",
                reason: threshold == nil ? "No threshold does better than chance." : nil))
        guard let threshold else { return }
        try confusion(cases.scores.map { $0 >= threshold }, cases.outcomes)
    }

    private mutating func confusion(_ calls: [Bool], _ outcomes: [Bool]) throws {
        func count(_ call: Bool, _ outcome: Bool) -> Int {
            zip(calls, outcomes).count { $0 == call && $1 == outcome }
        }
        let table = try BinaryConfusion(
            truePositives: count(true, true), falsePositives: count(true, false), falseNegatives: count(false, true),
            trueNegatives: count(false, false))
        for (name, label, value) in [
            ("truePositives", "True positives", table.truePositives),
            ("falsePositives", "False positives", table.falsePositives),
            ("falseNegatives", "False negatives", table.falseNegatives),
            ("trueNegatives", "True negatives", table.trueNegatives),
        ] {
            figures.append(AuditFigure(name, label, Double(value), method: "count", source: "the table"))
        }
        for metric in try table.metrics(interval: settings.proportion, confidence: settings.confidence) {
            figures.append(
                AuditFigure(
                    metric.name, Self.labels[metric.name] ?? metric.name, metric.estimate?.value,
                    metric.estimate?.interval, confidence: settings.confidence,
                    method: metric.estimate?.interval == nil
                        ? "from the counts"
                        : metric.name.hasSuffix("Ratio") ? "log interval" : settings.proportion.rawValue,
                    source: metric.name.hasSuffix("Ratio")
                        ? "Simel et al, J Clin Epidemiol 1991;44:763" : Self.proportionSource(settings.proportion),
                    reason: metric.reason, decimals: 3))
        }
    }

    private static func proportionSource(_ interval: ProportionInterval) -> String {
        switch interval {
        case .wilson: "Wilson, J Am Stat Assoc 1927;22:209"
        case .clopperPearson: "Clopper & Pearson, Biometrika 1934;26:404"
        }
    }

    private static let labels = [
        "sensitivity": "Sensitivity", "specificity": "Specificity", "ppv": "Positive predictive value",
        "npv": "Negative predictive value", "accuracy": "Accuracy", "prevalence": "Prevalence",
        "balancedAccuracy": "Balanced accuracy", "f1": "F1", "mcc": "Matthews correlation",
        "positiveLikelihoodRatio": "Likelihood ratio +", "negativeLikelihoodRatio": "Likelihood ratio -",
    ]

    private mutating func calibration(_ scores: [Double], _ outcomes: [Bool], _ cases: ClassificationCases) throws {
        let brierSource = "Brier, Mon Weather Rev 1950;78:1; Murphy, J Appl Meteorol 1973;12:595"
        guard cases.areProbabilities else {
            figures.append(
                AuditFigure(
                    "brier", "Brier score", nil, method: "mean square error", source: brierSource,
                    reason: "The scores are no probabilities from 0 to 1.", decimals: 3))
            return
        }
        let forecasts = try Forecasts(probabilities: scores, outcomes: outcomes)
        let brier = try BrierScore(forecasts, bins: .quantiles(settings.bins))
        for (name, label, value) in [
            ("brier", "Brier score", brier.score), ("brierReliability", "- reliability", brier.reliability),
            ("brierResolution", "- resolution", brier.resolution),
            ("brierUncertainty", "- uncertainty", brier.uncertainty),
            ("brierWithinBins", "- within bins", brier.withinBinVariance - brier.withinBinCovariance),
            ("brierSkill", "Brier skill", brier.skill),
        ] {
            figures.append(
                AuditFigure(
                    name, label, value, method: "\(settings.bins) groups of risk", source: brierSource, decimals: 3))
        }
        figures += CalibrationFigures(
            slope: "calibrationSlope", intercept: "calibrationIntercept", ratio: "observedOverExpected"
        ).figures(of: forecasts, confidence: settings.confidence)
        let fit = "Hosmer & Lemeshow, Commun Stat Theory Methods 1980;9:1043"
        do {
            let test = try HosmerLemeshow(forecasts, groups: settings.bins)
            figures.append(
                AuditFigure(
                    "hosmerLemeshowP", "p of good calibration", test.pValue,
                    method: "chi-squared \(Figure.text(test.statistic)) on \(test.degreesOfFreedom) degrees of freedom",
                    source: fit, decimals: 3))
        } catch {
            figures.append(
                AuditFigure(
                    "hosmerLemeshowP", "p of good calibration", nil, method: "Hosmer-Lemeshow", source: fit,
                    reason: error.detail, decimals: 3))
        }
    }
}
