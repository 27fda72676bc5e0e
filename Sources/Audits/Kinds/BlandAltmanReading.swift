// The paragraph under a Bland–Altman audit.
import Foundation

/// Says in plain words what the numbers show and what they do not.
struct BlandAltmanReading {
    let readings: PairedReadings
    let settings: AuditSettings
    let differences: DifferenceSet
    let sections: [AuditSection]
    let groupColumn: String?
    let drift: ControlChart?

    var text: String {
        let all = sections[0]
        return [
            bias(all), limits(all), judgement(all), size(all), shape(all), basis(all), groups, charts, accuracy,
        ]
        .compactMap { $0 }.joined(separator: " ")
    }

    private var isRatio: Bool { settings.form == .log }
    /// What no bias is on the scale of the figures.
    private var none: Double { isRatio ? 1 : 0 }

    private func bias(_ all: AuditSection) -> String? {
        guard let bias = all["bias"], let value = bias.value, let text = bias.valueText else { return nil }
        let rows = "On \(all.count) rows, \(readings.firstName)"
        let interval = Self.interval(bias)
        if let lower = bias.lower, let upper = bias.upper, lower <= none, upper >= none {
            let amount = isRatio ? "ratio \(text)" : "mean difference \(text)"
            return
                "\(rows) shows no bias against \(readings.secondName) (\(amount)\(interval)), which does not prove that "
                + "there is none."
        }
        if isRatio {
            return
                "\(rows) reads \(text) times \(readings.secondName) on average\(parenthesis(interval))."
        }
        let direction = value > 0 ? "higher" : "lower"
        return "\(rows) reads \(text.drop { $0 == "-" }) \(direction) than \(readings.secondName) on average"
            + "\(parenthesis(interval))."
    }

    private func limits(_ all: AuditSection) -> String? {
        guard let low = all["lowerLimit"], let high = all["upperLimit"], let from = low.valueText,
            let to = high.valueText
        else {
            return nil
        }
        let what = isRatio ? "ratios" : "differences"
        return "\(Figure.percent(settings.coverage)) of single \(what) are expected from \(from) to "
            + "\(to); the lower limit itself lies \(Self.between(low)), the upper \(Self.between(high))."
    }

    private func judgement(_ all: AuditSection) -> String? {
        guard let acceptable = settings.acceptable else {
            return "Whether that is close enough is for the use to decide: no acceptable difference was given."
        }
        guard let low = all["lowerLimit"], let high = all["upperLimit"], let from = low.value, let to = high.value
        else {
            return nil
        }
        let floor = isRatio ? 1 / acceptable : -acceptable
        let range = "\(Figure.text(floor)) to \(amount(acceptable))"
        if from < floor || to > acceptable {
            return "The limits are wider than the acceptable \(range): agreement is not sufficient."
        }
        if let outer = low.lower, let upper = high.upper, outer >= floor, upper <= acceptable {
            return "Both limits with their intervals lie within the acceptable \(range)."
        }
        return "The limits lie within the acceptable \(range), their intervals do not: more rows are needed to show it."
    }

    private func size(_ all: AuditSection) -> String? {
        var parts: [String] = []
        if let p = all["slopeP"]?.value, p < 0.05, let slope = all["slope"]?.value {
            parts.append(
                "The difference changes with the size measured (slope \(Figure.text(slope)), p \(Self.p(p))), so that one "
                    + "bias does not hold for all sizes: read the regression-based limits.")
        }
        if let p = all["spreadSlopeP"]?.value, p < 0.05, let slope = all["spreadSlope"]?.value {
            let form = settings.form == .difference ? " (per cent or logarithms may suit)" : ""
            parts.append(
                "The spread \(slope > 0 ? "grows" : "shrinks") with size (p \(Self.p(p))), so that one pair of limits is "
                    + "too wide at one end and too narrow at the other\(form).")
        }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private func shape(_ all: AuditSection) -> String? {
        guard let p = all["normalityP"]?.value else { return nil }
        guard p < 0.05 else {
            return all.count < 20 ? "So few rows cannot show whether the differences are normal." : nil
        }
        guard let low = all["lowerLimitNonparametric"]?.valueText, let high = all["upperLimitNonparametric"]?.valueText
        else {
            return nil
        }
        return "The differences are not normal (Shapiro-Wilk p \(Self.p(p))): set the non-parametric limits, "
            + "\(low) to \(high), beside the others."
    }

    private func basis(_ all: AuditSection) -> String? {
        var parts: [String] = []
        // At 50 rows a limit is known to half an SD either way (our choice of where to warn).
        if all.count < 50 { parts.append("With \(all.count) rows the limits are known only roughly.") }
        if let subjects = all["subjects"]?.value {
            parts.append("Repeats of \(Int(subjects)) subjects are counted as such (\(settings.truth.rawValue) truth).")
        } else if readings.roles[.subject] == nil {
            parts.append("No subject column was given: every row is taken as a subject of its own.")
        }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private var groups: String? {
        guard let groupColumn else { return nil }
        let judged = sections.dropFirst().compactMap { section in
            section["bias"].flatMap { bias in bias.value.map { (section.name, $0, bias.valueText ?? "") } }
        }
        guard let low = judged.min(by: { $0.1 < $1.1 }), let high = judged.max(by: { $0.1 < $1.1 }) else { return nil }
        let missing = sections.dropFirst().filter { $0.reason != nil }.map(\.name)
        let left =
            missing.isEmpty ? "" : " Not judged for want of rows or variation: \(missing.joined(separator: ", "))."
        return
            "By \(groupColumn), the bias runs from \(low.2) (\(low.0)) to \(high.2) (\(high.0)); the "
            + "figures for all pool them\(Self.equality(sections[0])).\(left)"
    }

    private static func equality(_ all: AuditSection) -> String {
        guard let p = all["biasByGroupP"]?.value else { return "" }
        return p < 0.05
            ? "; the biases differ (p \(Self.p(p))), so that pooled limits fit none of them"
            : "; no difference between the biases is shown (p \(Self.p(p)))"
    }

    private var charts: String? {
        guard let drift else { return nil }
        if let reason = drift.reason { return "Drift over \(drift.grouping) could not be judged: \(reason)" }
        let flagged = drift.flagged
        guard !flagged.isEmpty else {
            return "No drift is flagged over \(drift.points.count) groups (\(drift.grouping))."
        }
        return
            "The control chart flags \(flagged.map(\.name).joined(separator: ", ")) (\(drift.grouping)): look for what "
            + "changed there."
    }

    private var accuracy: String {
        switch readings.comparison {
        case .method:
            "Agreement is not accuracy: both can be wrong together, and nothing here says which one is right."
        case .knownColumn:
            "The second column is taken as true; the figures hold for the range of values in it."
        case .knownValue:
            "One known value shows accuracy at that value only, and says nothing of other sizes."
        }
    }

    private func amount(_ value: Double) -> String {
        Figure.text(value, unit: isRatio ? nil : differences.unit)
    }

    private func parenthesis(_ interval: String) -> String { interval.isEmpty ? "" : " (\(interval.dropFirst(2)))" }

    private static func interval(_ figure: AuditFigure) -> String {
        guard let ends = figure.intervalText, let confidence = figure.confidence else { return "" }
        return ", \(Figure.percent(confidence)) interval \(ends)"
    }

    private static func between(_ figure: AuditFigure) -> String {
        figure.intervalText.map { "from \($0)" } ?? "somewhere that cannot be told"
    }

    private static func p(_ p: Double) -> String { p < 0.001 ? "< 0.001" : "= \(Figure.p(p))" }
}
