// The risk, leakage map and recommendation sections of a vertebra's report.

/// The evidence model's answer: leakage of any kind, and by type.
package struct RiskSection: Codable, Sendable {
    package var model: String
    package var method: String
    package var baseline: BaselineSection
    package var any: ProbabilitySection
    /// Types I (segmental vein), II (cortical defect), III (disc), IV (canal).
    package var types: [TypedProbabilitySection]
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
    package var evidence: String
    package var estimate: ProbabilitySection

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

/// Where cement would leave the body first, by quadrant, sector and exit.
package struct LeakageMapSection: Codable, Sendable {
    /// `geometric`: ranked from gaps in the cortex alone; no cement flow was simulated.
    package var method: String
    package var explanation: String
    /// Highest score first.
    package var quadrants: [QuadrantSection]
    package var sectors: [SectorSection]
    package var exits: [ExitSection]
    /// What an operator should know of canal and disc.
    package var notes: [String]

    package init(
        method: String, explanation: String, quadrants: [QuadrantSection], sectors: [SectorSection],
        exits: [ExitSection], notes: [String]
    ) {
        self.method = method
        self.explanation = explanation
        self.quadrants = quadrants
        self.sectors = sectors
        self.exits = exits
        self.notes = notes
    }
}

/// One quadrant: AL, AR, PL or PR (anterior or posterior; the patient's left or right).
package struct QuadrantSection: Codable, Sendable {
    package var quadrant: String
    /// 1 for the highest score; equal scores share a rank.
    package var rank: Int
    package var score: Double
    package var gapCount: Int

    package init(quadrant: String, rank: Int, score: Double, gapCount: Int) {
        self.quadrant = quadrant
        self.rank = rank
        self.score = score
        self.gapCount = gapCount
    }
}

/// One of twelve sectors: a quadrant and a third of the body's height.
package struct SectorSection: Codable, Sendable {
    package var quadrant: String
    package var third: String
    package var score: Double

    package init(quadrant: String, third: String, score: Double) {
        self.quadrant = quadrant
        self.third = third
        self.score = score
    }
}

/// A way out of the body, with the gaps behind it.
package struct ExitSection: Codable, Sendable {
    package var exit: String
    package var score: Double
    package var gapCount: Int
    package var gapAreaMM2: Double

    package init(exit: String, score: Double, gapCount: Int, gapAreaMM2: Double) {
        self.exit = exit
        self.score = score
        self.gapCount = gapCount
        self.gapAreaMM2 = gapAreaMM2
    }
}

/// How much cement the published rule of thumb allows.
package struct RecommendationSection: Codable, Sendable {
    package var volumeRangeML: [Double]
    package var hardLimitML: Double
    package var rule: String
    package var source: String
    package var warnings: [String]

    package init(volumeRangeML: [Double], hardLimitML: Double, rule: String, source: String, warnings: [String]) {
        self.volumeRangeML = volumeRangeML
        self.hardLimitML = hardLimitML
        self.rule = rule
        self.source = source
        self.warnings = warnings
    }
}
