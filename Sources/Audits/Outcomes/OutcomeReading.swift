// The paragraph under an outcome audit.

/// Says in plain words what the figures show and what they do not.
struct OutcomeReading {
    let cases: OutcomeCases
    let all: AuditSection

    var text: String {
        ([basis] + [map(.quadrant), map(.exit)] + OutcomeColumns.PredictionSource.allCases.map(any) + [
            types,
            mismatch(
                "otherAscertainment",
                "were looked at by another ascertainment than the prediction took for granted: CT finds far more than "
                    + "radiographs, so that their observed shares cannot match"),
            mismatch(
                "otherProcedure", "were treated by another procedure than the prediction took for granted"), limits,
        ])
        .compactMap { $0 }.joined(separator: " ")
    }

    private var basis: String {
        let jobs = cases.jobCount.map { " of \($0) jobs" } ?? ""
        return
            "\(cases.rowCount) vertebrae\(jobs), \(number("leaked")) with a leak. These are the outcomes that were reported here: "
            + "treated vertebrae that nobody reported are not among them, and whether one is reported may depend on what happened."
    }

    private func number(_ name: String) -> Int { Int(all[name]?.value ?? 0) }

    private func told(_ name: String) -> String? {
        guard let figure = all[name], let value = figure.valueText else { return nil }
        return value + (figure.intervalText.map { " (\($0))" } ?? "")
    }

    private func map(_ kind: OutcomeColumns.PlaceKind) -> String {
        let name = kind.rawValue
        guard let rate = told("\(name).firstHit"), let chance = all["\(name).firstHitChance"] else {
            return "The map's \(name)s were not judged: \(all["\(name).firstHit"]?.reason ?? "no ranks.")"
        }
        let figure = all["\(name).firstHit"]
        let verdict =
            (figure?.lower ?? 0) > (chance.value ?? 1)
            ? "better than chance"
            : (figure?.upper ?? 1) < (chance.value ?? 0)
                ? "worse than chance" : "not shown to be better than chance"
        let open = number("\(name).undecided")
        return
            "The \(name) that the map ranks first was one that leaked in \(figure?.method ?? ""): \(rate), chance "
            + "\(chance.valueText ?? ""): \(verdict)."
            + (open > 0 ? " For \(open) more the map named no single \(name)." : "")
    }

    private func any(_ source: OutcomeColumns.PredictionSource) -> String? {
        let name = "any.\(source.rawValue)"
        guard all["\(name).cases"] != nil else { return "No row has a probability by \(source.rawValue)." }
        guard let observed = all["\(name).observed"], let told = told("\(name).observed"),
            let mean = all["\(name).meanPredicted"]
        else {
            return "Any leak by \(source.rawValue) was not judged: \(all["\(name).brier"]?.reason ?? "no figures.")"
        }
        let shift =
            (observed.lower ?? 0) > (mean.value ?? 1)
            ? "too low on the whole"
            : (observed.upper ?? 1) < (mean.value ?? 0) ? "too high on the whole" : "no shift is shown"
        return
            "Any leak by \(source.rawValue): predicted \(mean.valueText ?? ""), observed \(told): \(shift).\(slope(name))\(area(name))"
    }

    private func slope(_ name: String) -> String {
        guard let slope = all["\(name).slope"] else { return "" }
        guard let told = told("\(name).slope") else { return " No slope: \(slope.reason ?? "")" }
        let verdict =
            (slope.upper ?? 1) < 1
            ? "too extreme" : (slope.lower ?? 1) > 1 ? "too cautious" : "no misfit of slope is shown"
        return " Calibration slope \(told): \(verdict)."
    }

    private func area(_ name: String) -> String {
        guard let area = all["\(name).auc"], let told = told("\(name).auc") else { return "" }
        let open = (area.lower ?? 0) <= 0.5 && (area.upper ?? 1) >= 0.5
        return " AUC \(told)\(open ? ", which holds 0.5: not shown to tell leaks from none" : "")."
    }

    /// Which types could not be judged.
    private var types: String? {
        let missing = OutcomeColumns.types.flatMap { type in
            OutcomeColumns.PredictionSource.allCases.compactMap { source in
                all["\(type).\(source.rawValue).brier"].flatMap {
                    $0.value == nil ? "type \(type) by \(source.rawValue)" : nil
                }
            }
        }
        guard !missing.isEmpty else { return nil }
        return
            "Counts only, too few of one kind (under \(OutcomeResult.fewestOfEach)): \(missing.joined(separator: ", "))."
    }

    private func mismatch(_ name: String, _ what: String) -> String? {
        let count = number(name)
        return count == 0 ? nil : "\(count) vertebrae \(what)."
    }

    private var limits: String {
        "Intervals take vertebrae as independent, also those of one patient, and are narrow by that. Probabilities of the rehearsal are of "
            + "the volume that was planned, not of the one injected. Nothing here is an accuracy for patients to come."
    }
}
