// Left, right or both needles, and other cements: short rehearsals with the same chance.
import Domain
import Imaging

/// Short rehearsals of one body that differ in one thing each.
struct ApproachComparison {
    private let setting: RehearsalSetting
    private let cells: BodyCells
    private let runs: Int
    let outcomes: [ApproachOutcome]

    /// Coarser than the main rehearsal: at 2 mm a run leaks at an exit, or not, as at 1 mm in 98.6 % (docs/models/cement-flow.md).
    static let cellMM = 2.0

    init(
        _ setting: RehearsalSetting, cellMM: Double = Self.cellMM, threads: Int, cancellation: Cancellation,
        progress: @Sendable (Double) -> Void
    ) throws {
        self.setting = setting
        runs = max(setting.order.runs / 4, 20)
        let cells = setting.cells(ofMM: cellMM)
        self.cells = cells
        let all = RehearsalOrder.Approach.allCases
        let (runs, thresholds) = (runs, setting.order.thresholds)
        outcomes = try all.enumerated().map { n, approach in
            let needles = setting.needles(approach)
            let result = try setting.rehearsal(needles, runs: runs).run(
                in: cells, threads: threads, cancellation: cancellation,
                progress: { progress((Double(n) + $0) / Double(all.count)) })
            let tallies = LeakageTallies(result, endML: setting.endML)
            return ApproachOutcome(
                approach: approach, needles: needles, leakage: tallies.share(atML: setting.plannedML),
                ceilings: tallies.ceilings(thresholds), score: tallies.any.score, canalScore: tallies.canal.score,
                tallies: tallies)
        }
    }

    /// What would change the plan: less cement, another side, other cements.
    func changes(
        from chosen: ApproachOutcome, threads: Int, cancellation: Cancellation, progress: @Sendable (Double) -> Void
    ) throws -> [RehearsedRecommendation.Change] {
        let planned = setting.plannedML
        var changes: [RehearsedRecommendation.Change] = []
        func add(_ what: String, _ after: SimulatedShare, ceilingML: Double) {
            changes.append(
                RehearsedRecommendation.Change(
                    what: what, before: chosen.leakage, after: after, ceilingML: ceilingML))
        }
        if planned > 1.5 {
            add(
                "1 mL less cement", chosen.tallies.share(atML: planned - 1), ceilingML: chosen.ceilings.volumeML)
        }
        for other in outcomes where other.approach != chosen.approach {
            let name = other.approach == .bilateral ? "two needles" : "a needle from the \(other.approach.rawValue)"
            add(name, other.leakage, ceilingML: other.ceilings.volumeML)
        }
        let cements = Cement.injectable.filter { $0.name != setting.cement.name }
        for (n, cement) in cements.enumerated() {
            let result = try setting.rehearsal(chosen.needles, cement: cement, runs: runs).run(
                in: cells, threads: threads, cancellation: cancellation,
                progress: { progress((Double(n) + $0) / Double(cements.count)) })
            let tallies = LeakageTallies(result, endML: setting.endML)
            add(
                "\(cement.name) cement", tallies.share(atML: planned),
                ceilingML: tallies.ceilings(setting.order.thresholds).volumeML)
        }
        return changes
    }
}
