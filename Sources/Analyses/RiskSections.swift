// Evidence and rehearsal of each type of leakage beside each other, as the report words them.
import CementFlow
import Domain
import OutcomeModels

extension LeakageRisk {
    /// The section with what the rehearsal says of each type, and both together.
    ///
    /// - Parameter rehearsal: nil where nothing was rehearsed; the evidence then stands alone.
    func section(with rehearsal: BodyRehearsal?) -> RiskSection {
        var section = section
        guard let rehearsal else { return section }
        section.combinationRule = CombinedLeakage.rule
        let runs = rehearsal.monteCarlo.outcomes
        let leaks = runs.count { run in run.anyML.map { $0 <= rehearsal.plannedML } ?? false }
        if let simulated = SimulatedLeakage(leaks: leaks, runs: runs.count) {
            section.anyRehearsal = SimulatedLeakageSection(simulated)
            section.anyCombined = CombinedLeakageSection(CombinedLeakage(any, simulated))
        }
        for rehearsed in rehearsal.map.types {
            guard let n = types.firstIndex(where: { $0.outcome.rawValue == rehearsed.type.rawValue }),
                let simulated = SimulatedLeakage(leaks: rehearsed.leaks, runs: rehearsed.runs)
            else { continue }
            section.types[n].rehearsal = SimulatedLeakageSection(simulated)
            section.types[n].combined = CombinedLeakageSection(CombinedLeakage(types[n], simulated))
        }
        return section
    }
}

extension SimulatedLeakageSection {
    init(_ leakage: SimulatedLeakage) {
        self.init(
            simulatedProbability: leakage.share.shown, interval95: leakage.interval95.list,
            leakingRuns: leakage.leaks, runs: leakage.runs)
    }
}

extension CombinedLeakageSection {
    init(_ combined: CombinedLeakage) {
        self.init(
            probability: combined.probability.shown, interval95: combined.interval95.list,
            agreement: combined.agreement.rawValue)
    }
}
