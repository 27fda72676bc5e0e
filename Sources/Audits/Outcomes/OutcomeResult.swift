// The statistics of one set of treated vertebrae.
import Agreement

/// Hit rates of the map and of the types, and calibration of each probability, as figures.
struct OutcomeResult {
    /// Fewer vertebrae with the outcome, or without it, give counts and no calibration or ROC (our choice; 100 of each are wanted to
    /// validate a model: Collins et al, Stat Med 2016;35:214).
    static let fewestOfEach = 10

    private(set) var figures: [AuditFigure] = []
    private let cases: OutcomeCases
    private let settings: AuditSettings
    private let rows: [Int]

    /// A share of simulated runs can be 0 or 1, whose logits are infinite: for the calibration line it is taken as this far inside, half
    /// a run of 200 (our choice).
    private static let nearest = 0.0025
    private static let exact = "Clopper & Pearson, Biometrika 1934;26:404"

    init(_ cases: OutcomeCases, _ settings: AuditSettings, rows: [Int]) throws {
        (self.cases, self.settings, self.rows) = (cases, settings, rows)
        count("vertebrae", "Vertebrae", rows.count)
        count("leaked", "Leaked", rows.count { cases.leaked[$0] })
        count(
            "otherAscertainment", "Looked at otherwise than predicted for", rows.count { cases.otherAscertainment[$0] })
        count("otherProcedure", "Treated otherwise than predicted for", rows.count { cases.otherProcedure[$0] })
        for kind in OutcomeColumns.PlaceKind.allCases {
            let rankings = rows.compactMap { cases.ranking(kind, row: $0) }
            try hits(
                kind.rawValue, "map, \(kind.rawValue)", PlaceHits(rankings, places: kind.places.count), kind.places)
        }
        for source in OutcomeColumns.PredictionSource.allCases {
            let rankings = rows.compactMap { cases.ranking(types: source, row: $0) }
            guard isPredicted(source) else { continue }
            try hits(
                "type.\(source.rawValue)", "\(source.rawValue), type",
                PlaceHits(rankings, places: OutcomeColumns.types.count), OutcomeColumns.types)
        }
        for outcome in ["any"] + OutcomeColumns.types {
            for source in OutcomeColumns.PredictionSource.allCases where isPredicted(source) {
                try calibration(outcome, source)
            }
        }
    }

    /// Whether any row has a probability of this source.
    private func isPredicted(_ source: OutcomeColumns.PredictionSource) -> Bool {
        rows.contains { row in
            (["any"] + OutcomeColumns.types).contains { cases.probability(source, of: $0, row: row) != nil }
        }
    }

    private mutating func count(_ name: String, _ label: String, _ value: Int) {
        figures.append(AuditFigure(name, label, Double(value), method: "count", source: "the table"))
    }

    private mutating func hits(_ name: String, _ label: String, _ hits: PlaceHits, _ places: [String]) throws {
        count("\(name).cases", "Leaks with place and rank (\(label))", hits.cases)
        guard hits.cases > 0 else { return try rate("\(name).firstHit", "First rank leaked (\(label))", hits.first) }
        count("\(name).undecided", "- of these with a shared first rank", hits.undecided)
        try rate("\(name).firstHit", "First rank leaked (\(label))", hits.first)
        chance("\(name).firstHitChance", hits.first)
        try rate("\(name).firstTwoHit", "One of the first two leaked (\(label))", hits.firstTwo)
        chance("\(name).firstTwoHitChance", hits.firstTwo)
        try rate("\(name).commonest", "Always naming the commonest (\(label))", hits.commonest)
        for (place, rate) in zip(places, hits.places) {
            count("\(name).\(place).cases", "Leaks at \(place)", rate.cases)
            try self.rate("\(name).\(place).firstHit", "- ranked first there", rate)
        }
    }

    private mutating func rate(_ name: String, _ label: String, _ rate: PlaceHits.Rate) throws {
        let estimate = try rate.estimate(confidence: settings.confidence)
        figures.append(
            AuditFigure(
                name, label, estimate?.value, estimate?.interval, confidence: settings.confidence,
                method: "\(rate.hits) of \(rate.cases), exact", source: Self.exact,
                reason: estimate == nil
                    ? "\(rate.cases) vertebrae; at least \(PlaceHits.fewest) are needed for a rate." : nil,
                decimals: 3))
    }

    private mutating func chance(_ name: String, _ rate: PlaceHits.Rate) {
        let isKnown = rate.cases >= PlaceHits.fewest
        figures.append(
            AuditFigure(
                name, "- by chance", isKnown ? rate.chance : nil, method: "ranks drawn at random", source: "counting",
                reason: isKnown ? nil : "No rate to compare with.", decimals: 3))
    }

    /// Probabilities of one source against one outcome, over the rows that have both.
    private mutating func calibration(_ outcome: String, _ source: OutcomeColumns.PredictionSource) throws {
        let pairs = Self.pairs(cases, outcome, source, rows: rows)
        guard outcome == "any" || !pairs.outcomes.isEmpty else { return }
        let name = "\(outcome).\(source.rawValue)"
        let what = "\(outcome == "any" ? "any leak" : "type \(outcome)"), \(source.rawValue)"
        let events = pairs.outcomes.count { $0 }
        count("\(name).cases", "Predicted and told (\(what))", pairs.outcomes.count)
        count("\(name).events", "- with the leak", events)
        guard min(events, pairs.outcomes.count - events) >= Self.fewestOfEach else {
            figures.append(
                AuditFigure(
                    "\(name).brier", "Brier score (\(what))", nil, method: "mean square error", source: Self.brier,
                    reason: "\(events) vertebrae with and \(pairs.outcomes.count - events) without the leak; "
                        + "at least \(Self.fewestOfEach) of each are needed for calibration and ROC."))
            return
        }
        let forecasts = try Forecasts(probabilities: pairs.probabilities, outcomes: pairs.outcomes)
        figures += [
            AuditFigure(
                "\(name).meanPredicted", "Mean predicted (\(what))",
                pairs.probabilities.reduce(0, +) / Double(pairs.probabilities.count), method: "mean",
                source: "the table", decimals: 3),
            AuditFigure(
                "\(name).observed", "Observed share",
                try ProportionInterval.clopperPearson.estimate(
                    successes: events, trials: pairs.outcomes.count, confidence: settings.confidence),
                method: "exact", source: Self.exact, decimals: 3),
            AuditFigure(
                "\(name).brier", "Brier score", try BrierScore(forecasts).score, method: "mean square error",
                source: Self.brier, decimals: 3),
            AuditFigure(
                "\(name).brierSkill", "Brier skill", try BrierScore(forecasts).skill,
                method: "against predicting the observed share for all", source: Self.brier, decimals: 3),
        ]
        figures.append(try ranking(name, pairs))
        figures += try line(name, forecasts)
    }

    private static let brier = "Brier, Mon Weather Rev 1950;78:1"

    private func ranking(_ name: String, _ pairs: (probabilities: [Double], outcomes: [Bool])) throws -> AuditFigure {
        let source = "DeLong et al, Biometrics 1988;44:837; Pepe 2003"
        let scored = try ScoredCases(scores: pairs.probabilities, outcomes: pairs.outcomes)
        do {
            let area = try AreaUnderROC(scored)
            return AuditFigure(
                "\(name).auc", "Area under the ROC curve",
                try area.estimate(confidence: settings.confidence, scale: .logit), method: "DeLong on the logit scale",
                source: source, reason: area.intervalReason, decimals: 3)
        } catch {
            return AuditFigure(
                "\(name).auc", "Area under the ROC curve", nil, method: "DeLong", source: source, reason: error.detail)
        }
    }

    private func line(_ name: String, _ forecasts: Forecasts) throws -> [AuditFigure] {
        let inside = try Forecasts(
            probabilities: forecasts.probabilities.map { min(max($0, Self.nearest), 1 - Self.nearest) },
            outcomes: forecasts.outcomes)
        return CalibrationFigures(
            slope: "\(name).slope", intercept: "\(name).intercept", ratio: "\(name).observedOverExpected"
        ).figures(of: inside, confidence: settings.confidence)
    }

    /// The rows that have the probability and whose outcome was told.
    static func pairs(
        _ cases: OutcomeCases, _ outcome: String, _ source: OutcomeColumns.PredictionSource, rows: some Sequence<Int>
    ) -> (probabilities: [Double], outcomes: [Bool]) {
        var pairs: (probabilities: [Double], outcomes: [Bool]) = ([], [])
        for row in rows {
            guard let probability = cases.probability(source, of: outcome, row: row),
                let happened = cases.happened(outcome, row: row)
            else { continue }
            pairs.probabilities.append(probability)
            pairs.outcomes.append(happened)
        }
        return pairs
    }
}
