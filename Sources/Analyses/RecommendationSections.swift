// A recommendation as the report words it.
import CementFlow
import Domain

extension RecommendationSection {
    /// - Parameter rehearsal: nil where nothing was rehearsed; the rule then stands alone.
    init(_ rule: VolumeRecommendation, _ rehearsal: BodyRehearsal?) {
        let ruleRange = rule.rangeML.list
        self.init(
            volumeRangeML: rehearsal.map { $0.recommendation.rangeML?.list } ?? ruleRange,
            basis: rehearsal == nil ? "published rule" : "rehearsal, capped by the published rule",
            ruleVolumeRangeML: ruleRange, hardLimitML: rule.hardLimitML, rule: rule.rule, source: rule.source,
            rehearsed: rehearsal.map(RehearsedPlanSection.init), warnings: rule.warnings)
    }
}

extension RehearsedPlanSection {
    init(_ rehearsal: BodyRehearsal) {
        let plan = rehearsal.recommendation
        self.init(
            statement: plan.statement, approach: plan.approach.rawValue, approachReason: plan.approachReason,
            needles: plan.needles.map(NeedleSection.init), leakThreshold: plan.ceilings.any.threshold,
            canalLeakThreshold: plan.ceilings.canal.threshold,
            anyLeakCeiling: VolumeCeilingSection(plan.ceilings.any),
            canalLeakCeiling: VolumeCeilingSection(plan.ceilings.canal), planned: SimulatedShareSection(plan.leakage),
            approaches: rehearsal.approaches.map {
                ComparedPlanSection(
                    plan: $0.approach.rawValue, simulated: SimulatedShareSection($0.leakage),
                    volumeCeilingML: $0.ceilings.volumeML.shown)
            },
            whatWouldChangeIt: plan.changes.map {
                ComparedPlanSection(
                    plan: $0.what, simulated: SimulatedShareSection($0.after), volumeCeilingML: $0.ceilingML.shown)
            })
    }
}

extension VolumeCeilingSection {
    init(_ ceiling: VolumeCeiling) {
        self.init(
            volumeML: ceiling.volumeML.shown, interval95ML: ceiling.interval95ML.list,
            isBeyondRuns: ceiling.isBeyondEnd)
    }
}

extension SimulatedShareSection {
    init(_ share: SimulatedShare) {
        self.init(
            volumeML: share.volumeML.shown, runs: share.runs, anyLeakProbability: share.any.shown,
            anyLeakInterval95: share.any95.list, canalLeakProbability: share.canal.shown,
            canalLeakInterval95: share.canal95.list)
    }
}
