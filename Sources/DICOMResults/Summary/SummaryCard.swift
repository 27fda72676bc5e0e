// What a summary page says beside the map of a vertebra.
import Domain

/// Short lines, each a sentence or less.
struct SummaryCard {
    let lines: [String]

    init(_ vertebra: VertebraReport) {
        var lines: [String] = []
        if let rehearsal = vertebra.rehearsal, let any = rehearsal.any {
            let volume = SummaryTable.number(rehearsal.plannedVolumeML)
            lines.append(
                "Leak by \(volume) mL in \(SummaryTable.share(any.probabilityAtPlannedVolume, any.interval95)) of \(rehearsal.runs) simulated injections"
            )
        }
        if let recommendation = vertebra.recommendation {
            let range = recommendation.volumeRangeML.map { $0.map { SummaryTable.number($0) }.joined(separator: "-") }
            lines.append(
                range.map { "Volume: \($0) mL (\(recommendation.basis))" }
                    ?? "No volume stays under the thresholds of the rehearsal")
        }
        let exits = (vertebra.leakageMap?.exits ?? []).filter { $0.score > 0 }.sorted { $0.rank < $1.rank }.prefix(3)
        if !exits.isEmpty {
            lines.append("First exits: " + exits.map(Self.exit).joined(separator: "; "))
        }
        let gaps = vertebra.morphometry?.cortex?.gaps.count
        lines.append(
            gaps.map { $0 == 0 ? "No gap in the cortex is claimed" : "Gaps in the cortex: \($0)" }
                ?? "Gaps were not looked for")
        if let fallback = vertebra.leakageMap?.fallback { lines.append("Not rehearsed: \(fallback)") }
        self.lines = lines
    }

    private static func exit(_ exit: ExitSection) -> String {
        let share = exit.simulated.map { " " + SummaryTable.share($0.probabilityAtPlannedVolume) } ?? ""
        return exit.exit + share
    }
}
