// First leaks of many runs at one place, and what is read off them.
import Agreement

/// When cement first left through one place, run by run.
struct LeakageTally: Sendable {
    /// mL; nil where a run did not leak there.
    let firstLeaksML: [Double?]
    /// Where the runs ended, mL.
    let endML: Double

    init(firstLeaksML: [Double?], endML: Double) {
        self.firstLeaksML = firstLeaksML
        self.endML = endML
    }

    /// The place of a map's entry that several places make up: it leaks when the first of them does.
    init(_ outcomes: [RehearsalOutcome], endML: Double, _ firstLeaks: (RehearsalOutcome) -> [Double?]) {
        firstLeaksML = outcomes.map { firstLeaks($0).compactMap(\.self).min() }
        self.endML = endML
    }

    /// 1 less the mean first-leak volume over the end of the runs, runs without a leak counted as the end: 0 where nothing leaks, near 1
    /// where everything leaks at once. It orders places by first leak however few runs leak by the planned volume (our choice; the
    /// restricted mean of survival analysis: Royston and Parmar 2013, BMC Med Res Methodol 13:152).
    var score: Double {
        guard !firstLeaksML.isEmpty else { return 0 }
        return firstLeaksML.reduce(0) { $0 + max(1 - ($1 ?? endML) / endML, 0) } / Double(firstLeaksML.count)
    }

    func leaks(byML volume: Double) -> Int { firstLeaksML.count { $0.map { $0 <= volume } ?? false } }

    func curve(at volumesML: [Double]) -> LeakageCurve {
        LeakageCurve(firstLeaksML: firstLeaksML, volumesML: volumesML)
    }
}

/// 95 % interval for a share of runs: of chance in their number.
func wilsonInterval(_ count: Int, of runs: Int) -> ClosedRange<Double> {
    runs > 0 ? WilsonInterval.bounds(share: Double(count) / Double(runs), trials: Double(runs)) : 0...1
}
