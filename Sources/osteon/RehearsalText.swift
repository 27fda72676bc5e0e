// The rehearsal and the recommendation of a vertebra as a person reads them in a terminal.
import Domain
import Foundation

/// What was simulated, the first hazards, and the plan.
struct RehearsalText {
    let vertebra: VertebraReport

    /// How many exits are told; the others follow in the report.
    private static let hazards = 3

    var lines: [String] { rehearsal + plan }

    private var rehearsal: [String] {
        guard let rehearsal = vertebra.rehearsal, let map = vertebra.leakageMap else { return [] }
        let head =
            "    rehearsed (simulated, never compared with patients): \(rehearsal.runs) injections of \(number(rehearsal.plannedVolumeML)) mL "
            + "\(rehearsal.cement.name) cement, \(rehearsal.procedure), \(rehearsal.approach), seed \(rehearsal.seed)"
        let any = "    any simulated leak by then: \(rehearsal.any.map(leak) ?? "-")"
        let exits = map.exits.filter { $0.simulated?.firstLeak.in5PercentOfRunsML != nil }
        guard !exits.isEmpty else {
            return [
                head, any,
                "    each exit leaked in fewer than 5 % of the runs up to \(number(rehearsal.furthestVolumeML)) mL",
            ]
        }
        return [head, any]
            + exits.prefix(Self.hazards).enumerated().map { n, exit in
                "    hazard \(n + 1): \(exit.hazard) (type \(exit.leakageTypes.joined(separator: "/"))): "
                    + (exit.simulated.map(leak) ?? "")
            }
    }

    private var plan: [String] {
        guard let recommendation = vertebra.recommendation else { return [] }
        guard let plan = recommendation.rehearsed else {
            return [
                "\(vertebra.level.rawValue): cement by published rule: \(range(recommendation.ruleVolumeRangeML)), never above \(number(recommendation.hardLimitML)) mL"
            ]
        }
        let needles = plan.needles.map { needle in
            "\(needle.entrySide) pedicle to LPS \(needle.tipLPSMM.map(number).joined(separator: ", ")) mm"
        }
        return [
            "    recommendation: \(plan.statement)",
            "    approach: \(plan.approachReason); needle: \(needles.joined(separator: "; "))",
        ]
    }

    private func leak(_ simulated: SimulatedLeakSection) -> String {
        let interval = simulated.interval95.map(percent).joined(separator: "-")
        let first = simulated.firstLeak
        let volumes = [
            ("5", first.in5PercentOfRunsML), ("50", first.in50PercentOfRunsML), ("95", first.in95PercentOfRunsML),
        ].compactMap { share, volume in volume.map { "\(share) % of runs by \(number($0)) mL" } }
        return "\(percent(simulated.probabilityAtPlannedVolume)) (\(interval))"
            + (volumes.isEmpty ? "" : "; leaked in " + volumes.joined(separator: ", "))
    }

    private func range(_ volumesML: [Double]) -> String { volumesML.map(number).joined(separator: "-") + " mL" }
    private func number(_ value: Double) -> String { String(format: "%.1f", value) }
    private func percent(_ value: Double) -> String { "\(Int((value * 100).rounded())) %" }
}
