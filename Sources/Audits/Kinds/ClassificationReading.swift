// The paragraph under a classification audit.

/// Says in plain words what the figures show and what they do not.
struct ClassificationReading {
    let cases: ClassificationCases
    let settings: AuditSettings
    let sections: [AuditSection]

    var text: String {
        let all = sections[0]
        return [
            ranking(all), comparison(all), calls(all), calibration(all), size, groups,
            "The figures hold for rows like these: another prevalence changes predictive values, and rows that a model was "
                + "fitted to flatter it.",
        ]
        .compactMap { $0 }.joined(separator: " ")
    }

    private var positives: Int { cases.outcomes.count { $0 } }

    private func told(_ figure: AuditFigure?) -> String? {
        guard let figure, let value = figure.valueText else { return nil }
        return value + (figure.intervalText.map { " (\($0))" } ?? "")
    }

    private func ranking(_ all: AuditSection) -> String? {
        guard let auc = told(all["auc"]) else { return nil }
        let basis =
            "On \(cases.outcomes.count) rows, \(positives) with the outcome, \(cases.scoreName) ranks a row with the outcome above "
            + "one without with probability \(auc)."
        guard let lower = all["auc"]?.lower, let upper = all["auc"]?.upper, lower <= 0.5, upper >= 0.5 else {
            return basis
        }
        return basis + " The interval holds 0.5, so that it is not shown to be better than chance."
    }

    private func comparison(_ all: AuditSection) -> String? {
        guard let p = all["aucDifferenceP"]?.value, let difference = told(all["aucDifference"]) else { return nil }
        let verdict = p < 0.05 ? "the two differ" : "no difference is shown, which does not prove equality"
        return
            "Against \(cases.secondName) the AUC differs by \(difference), p \(p < 0.001 ? "< 0.001" : "= \(Figure.p(p))"): "
            + "\(verdict)."
    }

    private func calls(_ all: AuditSection) -> String? {
        guard let sensitivity = told(all["sensitivity"]), let specificity = told(all["specificity"]) else { return nil }
        let at = all["threshold"]?.value.map { " at the threshold \(Figure.text($0))" } ?? ""
        let chosen =
            settings.threshold == nil && cases.calls == nil && !cases.areProbabilities
            ? " That threshold was chosen on these rows: expect less on new ones." : ""
        return "Calls\(at) have sensitivity \(sensitivity) and specificity \(specificity).\(chosen)"
    }

    private func calibration(_ all: AuditSection) -> String? {
        guard cases.areProbabilities else {
            return cases.scores == nil ? nil : "The score is no probability: calibration was not judged."
        }
        guard let slope = all["calibrationSlope"], let told = told(slope) else {
            return "Calibration could not be judged: \(all["calibrationSlope"]?.reason ?? "no line fits.")"
        }
        let verdict =
            (slope.upper ?? 1) < 1
            ? "predictions are too extreme"
            : (slope.lower ?? 1) > 1 ? "predictions are too cautious" : "no misfit of slope is shown"
        let level = all["calibrationIntercept"]
        let shift =
            (level?.lower ?? 0) > 0
            ? " On the whole they are too low" : (level?.upper ?? 0) < 0 ? " On the whole they are too high" : nil
        let ratio = all["observedOverExpected"]?.valueText.map { ": observed over expected is \($0)." } ?? "."
        return "The calibration slope is \(told): \(verdict)." + (shift.map { $0 + ratio } ?? "")
    }

    private var size: String? {
        let fewer = min(positives, cases.outcomes.count - positives)
        // Our choice of where to warn; Collins et al, Stat Med 2016;35:214 ask for 100 of each to validate a model.
        return fewer < 100
            ? "The rarer class has \(fewer) rows; 100 or more are wanted to judge a prediction model." : nil
    }

    private var groups: String? {
        let missing = sections.dropFirst().filter { $0.reason != nil }.map(\.name)
        return missing.isEmpty ? nil : "Not judged: \(missing.joined(separator: ", "))."
    }
}
