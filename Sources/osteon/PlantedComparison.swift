// A phantom's report beside what was planted in it.
import Domain
import Phantoms

/// Says for each planted cortical gap whether its quadrant ranks first.
struct PlantedComparison {
    let report: Report
    let truth: PhantomTruth

    private struct Row {
        let level: VertebralLevel
        let planted: String
        let first: String?
    }

    private var rows: [Row] {
        truth.vertebrae.flatMap { vertebra in
            vertebra.lesions.compactMap { lesion -> Row? in
                guard lesion.kind == .corticalGap, let quadrant = lesion.quadrant else { return nil }
                let map = report.vertebrae.first { $0.level == vertebra.level }?.leakageMap
                return Row(level: vertebra.level, planted: quadrant.rawValue, first: map?.quadrants.first?.quadrant)
            }
        }
    }

    /// True when there is a planted gap and the quadrant of each ranks first.
    var agrees: Bool { !rows.isEmpty && rows.allSatisfy { $0.planted == $0.first } }

    var text: String {
        guard !rows.isEmpty else { return "The phantom has no planted cortical gap to compare with." }
        return rows.map { row in
            let verdict = row.planted == row.first ? "agrees" : "DIFFERS"
            return
                "Planted: a cortical gap in \(row.planted) of \(row.level.rawValue). Ranked first: \(row.first ?? "no map"). \(verdict)."
        }.joined(separator: "\n")
    }
}
