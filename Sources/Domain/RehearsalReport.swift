// The rehearsal and recommendation sections of a vertebra's report.

/// What was simulated, with what, and what happened in the planned injection. Every number is a simulation's.
package struct RehearsalSection: Codable, Sendable {
    /// That the numbers are simulated and were never compared with patients, in words.
    package var standing: String
    package var model: String
    package var procedure: String
    package var approach: String
    package var cement: CementSection
    package var needles: [NeedleSection]
    package var plannedVolumeML: Double
    /// Runs go on to this volume, so that places can be ranked that do not leak before.
    package var furthestVolumeML: Double
    package var runs: Int
    package var seed: UInt64
    /// How far chance moves each input from run to run.
    package var spreads: [Measurement]
    package var cellMM: Double
    /// Leaked volume that counts as a leak.
    package var leakThresholdML: Double
    /// Leakage of any kind over all runs.
    package var any: SimulatedLeakSection
    package var curve: LeakageCurveSection
    /// The planned injection itself, without chance.
    package var planned: PlannedInjectionSection?
    package var limits: [String]

    package init(
        standing: String, model: String, procedure: String, approach: String, cement: CementSection,
        needles: [NeedleSection], plannedVolumeML: Double, furthestVolumeML: Double, runs: Int, seed: UInt64,
        spreads: [Measurement], cellMM: Double, leakThresholdML: Double, any: SimulatedLeakSection,
        curve: LeakageCurveSection, planned: PlannedInjectionSection?, limits: [String]
    ) {
        self.standing = standing
        self.model = model
        self.procedure = procedure
        self.approach = approach
        self.cement = cement
        self.needles = needles
        self.plannedVolumeML = plannedVolumeML
        self.furthestVolumeML = furthestVolumeML
        self.runs = runs
        self.seed = seed
        self.spreads = spreads
        self.cellMM = cellMM
        self.leakThresholdML = leakThresholdML
        self.any = any
        self.curve = curve
        self.planned = planned
        self.limits = limits
    }
}

/// A cement: apparent viscosity K(t) γ̇ⁿ⁻¹ with K(t) = K₀ exp(t/τ).
package struct CementSection: Codable, Sendable {
    package var name: String
    package var consistencyPaSN: Double
    package var exponent: Double
    /// Absent for a cement that does not thicken.
    package var thickeningS: Double?
    package var source: String

    package init(name: String, consistencyPaSN: Double, exponent: Double, thickeningS: Double?, source: String) {
        self.name = name
        self.consistencyPaSN = consistencyPaSN
        self.exponent = exponent
        self.thickeningS = thickeningS
        self.source = source
    }
}

/// One needle of the rehearsal.
package struct NeedleSection: Codable, Sendable {
    package var tipLPSMM: [Double]
    /// `request`, or `approach` where its usual place was taken.
    package var placedBy: String

    package init(tipLPSMM: [Double], placedBy: String) {
        self.tipLPSMM = tipLPSMM
        self.placedBy = placedBy
    }
}

/// Probability of simulated leakage of any kind by injected volume.
package struct LeakageCurveSection: Codable, Sendable {
    package var volumesML: [Double]
    package var simulatedProbability: [Double]
    package var lower95: [Double]
    package var upper95: [Double]

    package init(volumesML: [Double], simulatedProbability: [Double], lower95: [Double], upper95: [Double]) {
        self.volumesML = volumesML
        self.simulatedProbability = simulatedProbability
        self.lower95 = lower95
        self.upper95 = upper95
    }
}

/// The planned injection on the finer grid, with every input at its planned value.
package struct PlannedInjectionSection: Codable, Sendable {
    package var cellMM: Double
    /// First leaks in the order of volume.
    package var firstLeaks: [PlannedLeakSection]
    /// Marrow that cement enclosed at the planned volume.
    package var enclosedMarrowML: Double?

    package init(cellMM: Double, firstLeaks: [PlannedLeakSection], enclosedMarrowML: Double?) {
        self.cellMM = cellMM
        self.firstLeaks = firstLeaks
        self.enclosedMarrowML = enclosedMarrowML
    }
}

/// A leak of the planned injection.
package struct PlannedLeakSection: Codable, Sendable {
    package var exit: String
    package var volumeML: Double
    package var timeS: Double?

    package init(exit: String, volumeML: Double, timeS: Double?) {
        self.exit = exit
        self.volumeML = volumeML
        self.timeS = timeS
    }
}

/// How much cement, from which side, to which point: by published rule, and by the rehearsal where there was one.
package struct RecommendationSection: Codable, Sendable {
    package var volumeRangeML: [Double]
    package var hardLimitML: Double
    package var rule: String
    package var source: String
    /// What the rehearsal adds; absent where nothing was rehearsed.
    package var rehearsed: RehearsedRecommendationSection?
    package var warnings: [String]
    package var notice: String

    package init(
        volumeRangeML: [Double], hardLimitML: Double, rule: String, source: String,
        rehearsed: RehearsedRecommendationSection?, warnings: [String], notice: String = Report.disclaimerText
    ) {
        self.volumeRangeML = volumeRangeML
        self.hardLimitML = hardLimitML
        self.rule = rule
        self.source = source
        self.rehearsed = rehearsed
        self.warnings = warnings
        self.notice = notice
    }
}

/// The approach that leaked least in the rehearsal, and the volume that kept it below the threshold.
package struct RehearsedRecommendationSection: Codable, Sendable {
    /// Simulated leakage of any kind stays below this probability up to `volumeBelowThresholdML`.
    package var leakThreshold: Double
    /// 0 where even the smallest volume leaked more often.
    package var volumeBelowThresholdML: Double
    package var approach: String
    package var entrySides: [String]
    package var needleTargetsLPSMM: [[Double]]
    /// Every approach that was compared, best first.
    package var compared: [ComparedApproachSection]
    package var uncertainty: String
    package var whatWouldChangeIt: [String]

    package init(
        leakThreshold: Double, volumeBelowThresholdML: Double, approach: String, entrySides: [String],
        needleTargetsLPSMM: [[Double]], compared: [ComparedApproachSection], uncertainty: String,
        whatWouldChangeIt: [String]
    ) {
        self.leakThreshold = leakThreshold
        self.volumeBelowThresholdML = volumeBelowThresholdML
        self.approach = approach
        self.entrySides = entrySides
        self.needleTargetsLPSMM = needleTargetsLPSMM
        self.compared = compared
        self.uncertainty = uncertainty
        self.whatWouldChangeIt = whatWouldChangeIt
    }
}

/// One approach in the comparison.
package struct ComparedApproachSection: Codable, Sendable {
    package var approach: String
    package var simulatedProbability: Double
    package var interval95: [Double]
    package var firstLeak: FirstLeakSection

    package init(
        approach: String, simulatedProbability: Double, interval95: [Double], firstLeak: FirstLeakSection
    ) {
        self.approach = approach
        self.simulatedProbability = simulatedProbability
        self.interval95 = interval95
        self.firstLeak = firstLeak
    }
}
