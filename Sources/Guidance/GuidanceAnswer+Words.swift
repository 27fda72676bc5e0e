// The words of an answer: its warning, and what it does not know.
import Domain
import Foundation

extension GuidanceAnswer.Warning {
    init(
        _ incidence: LeakIncidence, soon: GuidanceAnswer.Probability, before: GuidanceAnswer.Probability,
        next: GuidanceAnswer.Hazard?, query: GuidanceQuery
    ) {
        let (now, thresholds) = (query.volumeSoFarML, query.thresholds)
        guard let end = incidence.endML else {
            level = .stop
            text =
                before.value > 0
                ? "Every simulated injection from here had leaked by \(now) mL or ended before; nothing is known beyond."
                : "No simulated injection went as far as \(now) mL; nothing is known beyond."
            return
        }
        level = soon.value >= thresholds.stop ? .stop : soon.value >= thresholds.caution ? .caution : .ok
        let percent = "\(Int((soon.value * 100).rounded())) %"
        let place = soon.value > 0 ? next.map { "; the likeliest first leak is into \($0.hazard)" } ?? "" : ""
        let reach = end < now + thresholds.lookAheadML ? " (none was simulated beyond \(shown(end, 100)) mL)" : ""
        text =
            "\(percent) of the simulated injections without a leak at \(now) mL leak within the next "
            + "\(thresholds.lookAheadML) mL\(reach)\(place)."
    }
}

extension GuidanceAnswer {
    static func limits(effectiveRuns: Double, needles: Int) -> [String] {
        var limits = [
            "Simulated injections into a model of this scan: the real cement's front is not seen, and no patient has been "
                + "compared with it.",
            "All cement so far is taken to have come from the given needles at their present places and shares.",
            "Intervals are those of chance in the number of simulated injections, not of the model.",
        ]
        if needles > 1 {
            limits.append("Each needle's front was simulated alone: what changes where two fronts meet is left out.")
        }
        if effectiveRuns < fewRuns {
            limits.append(
                "Only \(shown(effectiveRuns, 10)) effective simulated injections from about here are without a leak so far: "
                    + "read the volumes as a guess.")
        }
        return limits
    }

    /// Below this the answer says so (our choice).
    private static let fewRuns = 20.0
}
