// The recommendation of a vertebra's report: how much cement, from which side, to which point.

/// By published rule, and by the rehearsal where there was one.
package struct RecommendationSection: Codable, Sendable {
    /// Least and greatest volume; absent where the rehearsal finds none within the rule that stays under its thresholds.
    package var volumeRangeML: [Double]?
    /// What set the range: `published rule`, or `rehearsal, capped by the published rule`.
    package var basis: String
    /// By the published rule alone.
    package var ruleVolumeRangeML: [Double]
    package var hardLimitML: Double
    package var rule: String
    package var source: String
    /// What the rehearsal adds; absent where nothing was rehearsed.
    package var rehearsed: RehearsedPlanSection?
    package var warnings: [String]
    package var notice: String

    package init(
        volumeRangeML: [Double]?, basis: String, ruleVolumeRangeML: [Double], hardLimitML: Double, rule: String,
        source: String, rehearsed: RehearsedPlanSection?, warnings: [String], notice: String = Report.disclaimerText
    ) {
        self.volumeRangeML = volumeRangeML
        self.basis = basis
        self.ruleVolumeRangeML = ruleVolumeRangeML
        self.hardLimitML = hardLimitML
        self.rule = rule
        self.source = source
        self.rehearsed = rehearsed
        self.warnings = warnings
        self.notice = notice
    }
}

/// A plan by simulation: never compared with patients.
package struct RehearsedPlanSection: Codable, Sendable {
    /// The recommendation in one or two sentences, its uncertainty included.
    package var statement: String
    package var approach: String
    /// Why this approach.
    package var approachReason: String
    package var needles: [NeedleSection]
    /// Probabilities of simulated leakage that the volume shall stay under.
    package var leakThreshold: Double
    package var canalLeakThreshold: Double
    package var anyLeakCeiling: VolumeCeilingSection
    package var canalLeakCeiling: VolumeCeilingSection
    /// At the planned volume.
    package var planned: SimulatedShareSection
    /// Left, right and both, each in shorter rehearsals with the same chance.
    package var approaches: [ComparedPlanSection]
    /// One change at a time, each in shorter rehearsals with the same chance.
    package var whatWouldChangeIt: [ComparedPlanSection]

    package init(
        statement: String, approach: String, approachReason: String, needles: [NeedleSection], leakThreshold: Double,
        canalLeakThreshold: Double, anyLeakCeiling: VolumeCeilingSection, canalLeakCeiling: VolumeCeilingSection,
        planned: SimulatedShareSection, approaches: [ComparedPlanSection], whatWouldChangeIt: [ComparedPlanSection]
    ) {
        self.statement = statement
        self.approach = approach
        self.approachReason = approachReason
        self.needles = needles
        self.leakThreshold = leakThreshold
        self.canalLeakThreshold = canalLeakThreshold
        self.anyLeakCeiling = anyLeakCeiling
        self.canalLeakCeiling = canalLeakCeiling
        self.planned = planned
        self.approaches = approaches
        self.whatWouldChangeIt = whatWouldChangeIt
    }
}

/// The largest volume whose simulated leakage stays under a threshold.
package struct VolumeCeilingSection: Codable, Sendable {
    package var volumeML: Double
    /// Of chance in the number of runs.
    package var interval95ML: [Double]
    /// True where the runs ended before the threshold: the ceiling lies at `volumeML` or beyond.
    package var isBeyondRuns: Bool

    package init(volumeML: Double, interval95ML: [Double], isBeyondRuns: Bool) {
        self.volumeML = volumeML
        self.interval95ML = interval95ML
        self.isBeyondRuns = isBeyondRuns
    }
}

/// Simulated leakage at one volume.
package struct SimulatedShareSection: Codable, Sendable {
    package var volumeML: Double
    package var runs: Int
    package var anyLeakProbability: Double
    package var anyLeakInterval95: [Double]
    package var canalLeakProbability: Double
    package var canalLeakInterval95: [Double]

    package init(
        volumeML: Double, runs: Int, anyLeakProbability: Double, anyLeakInterval95: [Double],
        canalLeakProbability: Double, canalLeakInterval95: [Double]
    ) {
        self.volumeML = volumeML
        self.runs = runs
        self.anyLeakProbability = anyLeakProbability
        self.anyLeakInterval95 = anyLeakInterval95
        self.canalLeakProbability = canalLeakProbability
        self.canalLeakInterval95 = canalLeakInterval95
    }
}

/// An approach, or a change of the plan, and what it came to.
package struct ComparedPlanSection: Codable, Sendable {
    package var plan: String
    package var simulated: SimulatedShareSection
    /// Largest volume under both thresholds.
    package var volumeCeilingML: Double

    package init(plan: String, simulated: SimulatedShareSection, volumeCeilingML: Double) {
        self.plan = plan
        self.simulated = simulated
        self.volumeCeilingML = volumeCeilingML
    }
}
