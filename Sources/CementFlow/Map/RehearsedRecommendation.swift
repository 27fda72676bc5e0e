// What the rehearsal recommends: volume, approach, needle tips, and what would change it.
import Domain
import Foundation

/// A plan by simulation, capped by published cut-offs. Research use only; never compared with patients.
package struct RehearsedRecommendation: Sendable {
    /// The published rule that caps it.
    package var rule: VolumeRecommendation
    package var approach: RehearsalOrder.Approach
    /// Why this approach, in words.
    package var approachReason: String
    package var needles: [NeedlePlan]
    /// Volume range that keeps simulated leakage at or under both thresholds, mL; nil where none within the rule does.
    package var rangeML: ClosedRange<Double>?
    package var ceilings: ApproachOutcome.Ceilings
    /// At the planned volume.
    package var leakage: SimulatedShare
    /// The recommendation in one or two sentences, its uncertainty included.
    package var statement: String
    /// One change at a time, each with the same chance as the plan itself.
    package var changes: [Change]
    package var researchUse = "Research use only: simulated, not validated on patients, not a treatment plan."

    /// What one change of plan would do.
    package struct Change: Sendable {
        package var what: String
        /// The plan as it is, from runs with the same chance.
        package var before: SimulatedShare
        package var after: SimulatedShare
        /// Largest volume under both thresholds after the change, mL.
        package var ceilingML: Double
    }

    /// - Parameter needles: of the recommended approach.
    init(
        rule: VolumeRecommendation, choice: ApproachChoice, tallies: LeakageTallies, order: RehearsalOrder,
        plannedML: Double, changes: [Change]
    ) {
        self.rule = rule
        approach = choice.outcome.approach
        approachReason = choice.reason
        needles = choice.outcome.needles
        ceilings = tallies.ceilings(order.thresholds)
        leakage = tallies.share(atML: plannedML)
        self.changes = changes
        let highest = min(Self.tenths(ceilings.volumeML), rule.rangeML.upperBound)
        rangeML = highest >= rule.rangeML.lowerBound ? rule.rangeML.lowerBound...highest : nil
        statement = ""
        statement = words(order.thresholds)
    }

    private func words(_ thresholds: RehearsalOrder.Thresholds) -> String {
        let limits =
            "\(Self.percent(thresholds.any)) for any leak and \(Self.percent(thresholds.canal)) for the canal"
        let chance =
            "Any leak: \(Self.words(ceilings.any)). Canal: \(Self.words(ceilings.canal))."
        let (low, high) = (rule.rangeML.lowerBound, rule.rangeML.upperBound)
        guard let rangeML else {
            return """
                No volume within the published range of \(Self.text(low))-\(Self.text(high)) mL keeps simulated leakage under \(limits). \
                \(chance)
                """
        }
        let cap =
            rangeML.upperBound < high ? "the simulation" : "the published cut-offs, not the simulation"
        return """
            \(Self.text(rangeML.lowerBound))-\(Self.text(rangeML.upperBound)) mL keeps simulated leakage under \(limits); the upper end is set by \
            \(cap). \(chance)
            """
    }

    private static func words(_ ceiling: VolumeCeiling) -> String {
        let (low, high) = (ceiling.interval95ML.lowerBound, ceiling.interval95ML.upperBound)
        let ends =
            high >= ceiling.endML ? "\(text(low)) mL to beyond \(text(high)) mL" : "\(text(low))-\(text(high)) mL"
        let volume = ceiling.isBeyondEnd ? "beyond \(text(ceiling.endML)) mL" : "up to \(text(ceiling.volumeML)) mL"
        return "\(volume) (95 % interval of chance \(ends))"
    }

    /// Rounded down to a tenth of a millilitre.
    private static func tenths(_ value: Double) -> Double { (value * 10 + 1e-9).rounded(.down) / 10 }
    private static func text(_ value: Double) -> String { String((value * 10).rounded() / 10) }
    private static func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }
}

/// Which approach is taken, and why.
struct ApproachChoice {
    let outcome: ApproachOutcome
    let reason: String

    /// The single needle that leaks less, by the larger of its two probabilities over their thresholds and then by its score. Two needles
    /// only where they leak less than that by more than chance, since one needle leaks less in trials (RR 0.65, 0.44-0.97; meta-analysis
    /// of 16 trials, 2021) and costs one puncture (the rule is our choice).
    init(_ outcomes: [ApproachOutcome], order: RehearsalOrder) {
        if let asked = order.approach, let outcome = outcomes.first(where: { $0.approach == asked }) {
            self.init(outcome: outcome, reason: "as ordered")
            return
        }
        let thresholds = order.thresholds
        let ranked = outcomes.sorted {
            ($0.leakage.burden(thresholds), $0.score) < ($1.leakage.burden(thresholds), $1.score)
        }
        let single = ranked.first { $0.approach != .bilateral } ?? ranked[0]
        if ranked[0].approach == .bilateral, ranked[0].leakage.any95.upperBound < single.leakage.any95.lowerBound {
            self.init(
                outcome: ranked[0], reason: "two needles leak less than the better single one by more than chance")
            return
        }
        let other = outcomes.first { $0.approach != .bilateral && $0.approach != single.approach }
        let isClear = other.map { !$0.leakage.any95.overlaps(single.leakage.any95) } ?? false
        self.init(
            outcome: single,
            reason: isClear
                ? "a single needle from the \(single.approach.rawValue) leaks less than from the other side"
                : "a single needle from the \(single.approach.rawValue); the simulation does not tell the sides apart")
    }

    private init(outcome: ApproachOutcome, reason: String) {
        self.outcome = outcome
        self.reason = reason
    }
}
