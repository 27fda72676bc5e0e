// The risk section of a vertebra's report.

/// The evidence model's answer: leakage of any kind, and by type.
package struct RiskSection: Codable, Sendable {
    package var model: String
    package var method: String
    package var baseline: BaselineSection
    package var any: ProbabilitySection
    /// Types I (segmental vein), II (cortical defect), III (disc), IV (canal).
    package var types: [TypedProbabilitySection]
    /// Leakage of any kind in the rehearsal, and both together; absent where nothing was rehearsed.
    package var anyRehearsal: SimulatedLeakageSection?
    package var anyCombined: CombinedLeakageSection?
    /// How evidence and rehearsal are put together; absent where nothing was rehearsed.
    package var combinationRule: String?
    package var shrinkage: Double
    package var draws: Int
    package var seed: UInt64
    package var limits: [String]

    package init(
        model: String, method: String, baseline: BaselineSection, any: ProbabilitySection,
        types: [TypedProbabilitySection], shrinkage: Double, draws: Int, seed: UInt64, limits: [String]
    ) {
        self.model = model
        self.method = method
        self.baseline = baseline
        self.any = any
        self.types = types
        self.shrinkage = shrinkage
        self.draws = draws
        self.seed = seed
        self.limits = limits
    }
}

/// The published rate that the risk starts from, and is banded against.
package struct BaselineSection: Codable, Sendable {
    package var procedure: String
    package var ascertainment: String
    package var probability: Double
    package var source: String

    package init(procedure: String, ascertainment: String, probability: Double, source: String) {
        self.procedure = procedure
        self.ascertainment = ascertainment
        self.probability = probability
        self.source = source
    }
}

/// A probability with its interval, its band relative to the baseline, and everything that moved it.
package struct ProbabilitySection: Codable, Sendable {
    package var probability: Double
    package var interval95: [Double]
    /// `low`, `moderate` or `high`, relative to `baseline`.
    package var band: String
    package var baseline: Double
    package var contributions: [ContributionSection]

    package init(
        probability: Double, interval95: [Double], band: String, baseline: Double, contributions: [ContributionSection]
    ) {
        self.probability = probability
        self.interval95 = interval95
        self.band = band
        self.baseline = baseline
        self.contributions = contributions
    }
}

/// The probability of one type of leakage.
package struct TypedProbabilitySection: Codable, Sendable {
    package var type: String
    package var definition: String
    /// How well the numbers behind `estimate` are known.
    package var evidence: String
    /// By the evidence model.
    package var estimate: ProbabilitySection
    /// In the rehearsal; absent where nothing was rehearsed.
    package var rehearsal: SimulatedLeakageSection?
    /// Evidence and rehearsal together; absent where nothing was rehearsed.
    package var combined: CombinedLeakageSection?

    package init(type: String, definition: String, evidence: String, estimate: ProbabilitySection) {
        self.type = type
        self.definition = definition
        self.evidence = evidence
        self.estimate = estimate
    }
}

/// What one predictor added to the log odds.
package struct ContributionSection: Codable, Sendable {
    package var predictor: String
    package var value: String
    /// `measured`, `stated` or `unknown`.
    package var known: String
    package var oddsRatio: Double?
    package var interval95: [Double]?
    package var logOdds: Double
    package var source: String

    package init(
        predictor: String, value: String, known: String, oddsRatio: Double?, interval95: [Double]?, logOdds: Double,
        source: String
    ) {
        self.predictor = predictor
        self.value = value
        self.known = known
        self.oddsRatio = oddsRatio
        self.interval95 = interval95
        self.logOdds = logOdds
        self.source = source
    }
}

/// How often a kind of leakage happened in simulated injections. Not a rate among patients.
package struct SimulatedLeakageSection: Codable, Sendable {
    /// Part of the simulated injections that leaked so by the planned volume, 0…1.
    package var simulatedProbability: Double
    /// Of chance in the number of runs, not of the simulation's truth.
    package var interval95: [Double]
    package var leakingRuns: Int
    package var runs: Int

    package init(simulatedProbability: Double, interval95: [Double], leakingRuns: Int, runs: Int) {
        self.simulatedProbability = simulatedProbability
        self.interval95 = interval95
        self.leakingRuns = leakingRuns
        self.runs = runs
    }
}

/// Evidence and rehearsal together.
package struct CombinedLeakageSection: Codable, Sendable {
    package var probability: Double
    package var interval95: [Double]
    /// `agree` or `disagree`; where they disagree, both are to be read.
    package var agreement: String

    package init(probability: Double, interval95: [Double], agreement: String) {
        self.probability = probability
        self.interval95 = interval95
        self.agreement = agreement
    }
}
