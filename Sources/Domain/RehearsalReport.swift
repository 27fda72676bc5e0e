// The rehearsal section of a vertebra's report.

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
    package var leakCountsFromML: Double
    /// Leakage of any kind over all runs.
    package var any: SimulatedLeakSection?
    package var curve: LeakageCurveSection
    /// The planned injection itself, without chance.
    package var planned: PlannedInjectionSection
    package var limits: [String]

    package init(
        standing: String, model: String, procedure: String, approach: String, cement: CementSection,
        needles: [NeedleSection], plannedVolumeML: Double, furthestVolumeML: Double, runs: Int, seed: UInt64,
        spreads: [Measurement], cellMM: Double, leakCountsFromML: Double, any: SimulatedLeakSection?,
        curve: LeakageCurveSection, planned: PlannedInjectionSection, limits: [String]
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
        self.leakCountsFromML = leakCountsFromML
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

/// One needle of the rehearsal or of the recommendation.
package struct NeedleSection: Codable, Sendable {
    /// The patient's side of the pedicle that it enters by.
    package var entrySide: String
    package var tipLPSMM: [Double]
    /// Middle of the pedicle's root; absent where the posterior elements do not show it.
    package var pedicleLPSMM: [Double]?

    package init(entrySide: String, tipLPSMM: [Double], pedicleLPSMM: [Double]?) {
        self.entrySide = entrySide
        self.tipLPSMM = tipLPSMM
        self.pedicleLPSMM = pedicleLPSMM
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

/// The planned injection on a finer grid, with every input at its middle value and every gap that is likelier there than not.
package struct PlannedInjectionSection: Codable, Sendable {
    package var cellMM: Double
    /// First leaks in the order of volume, up to the furthest volume of the runs.
    package var firstLeaks: [PlannedLeakSection]
    /// Highest pressure at a needle's mouth up to the planned volume; the cannula's own drop comes on top.
    package var peakPressureKPa: Double
    /// Marrow that cement encloses at the planned volume, in cells less than half full.
    package var enclosedMarrowML: Double

    package init(
        cellMM: Double, firstLeaks: [PlannedLeakSection], peakPressureKPa: Double, enclosedMarrowML: Double
    ) {
        self.cellMM = cellMM
        self.firstLeaks = firstLeaks
        self.peakPressureKPa = peakPressureKPa
        self.enclosedMarrowML = enclosedMarrowML
    }
}

/// A leak of the planned injection.
package struct PlannedLeakSection: Codable, Sendable {
    package var exit: String
    package var volumeML: Double
    package var timeS: Double

    package init(exit: String, volumeML: Double, timeS: Double) {
        self.exit = exit
        self.volumeML = volumeML
        self.timeS = timeS
    }
}
