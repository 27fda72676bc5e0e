// What a report said of one vertebra, kept apart from the report.

/// An extract of a report, frozen beside an outcome so that both can be compared when study, job and report are gone.
package struct Prediction: Codable, Hashable, Sendable {
    /// The schema of the report, e.g. `osteon.report/3`.
    package var reportSchema: String
    /// SHA-256 of the report's bytes as they were served.
    package var reportSHA256: String
    /// SHA-256 of the job's features; nil where none were computed.
    package var featuresSHA256: String?
    package var analysis: AnalysisName
    package var softwareVersion: String
    package var models: [String]
    /// What the prediction took for granted: `PVP` or `PKP`.
    package var procedure: String?
    /// How leakage was looked for where the published rates come from: `CT`, `radiograph` or `mixed`.
    package var ascertainment: String?
    /// By published odds ratios.
    package var evidence: LeakageProbabilities
    /// By simulated injections; empty where none were run.
    package var rehearsal: LeakageProbabilities
    /// By the rule that puts both together; empty where it was not applied.
    package var combined: LeakageProbabilities
    /// What the rehearsal injected; nil where none was run.
    package var plan: RehearsedPlan?
    /// How the leakage map came about: `geometric` or `rehearsal`; nil without a map.
    package var mapMethod: String?
    /// Highest first; empty without a map.
    package var quadrants: [RankedPlace]
    /// Highest first; empty without a map.
    package var exits: [RankedPlace]
    /// Lower and upper end of the volume recommended, mL.
    package var recommendedVolumeML: [Double]?
    package var hardLimitML: Double?
    /// Every number that was measured of the vertebra.
    package var measured: [MeasuredValue]
    /// What each predictor added to the log odds of any leakage, by the predictor's name.
    package var contributions: [String: Double]

    package init(reportSchema: String, reportSHA256: String, analysis: AnalysisName, softwareVersion: String) {
        self.reportSchema = reportSchema
        self.reportSHA256 = reportSHA256
        self.analysis = analysis
        self.softwareVersion = softwareVersion
        models = []
        evidence = LeakageProbabilities()
        rehearsal = LeakageProbabilities()
        combined = LeakageProbabilities()
        quadrants = []
        exits = []
        measured = []
        contributions = [:]
    }
}

/// The injection that a rehearsal simulated.
package struct RehearsedPlan: Codable, Hashable, Sendable {
    package var volumeML: Double?
    package var approach: String?
    package var cement: String?
    /// Simulated injections.
    package var runs: Double?

    package init(volumeML: Double?, approach: String?, cement: String?, runs: Double?) {
        self.volumeML = volumeML
        self.approach = approach
        self.cement = cement
        self.runs = runs
    }
}

/// Probabilities of leakage, 0…1.
package struct LeakageProbabilities: Codable, Hashable, Sendable {
    /// Of leakage of any kind; nil where it was not predicted.
    package var any: Double?
    /// By type, `I` to `IV`; those not predicted are absent.
    package var types: [String: Double]

    package init(any: Double? = nil, types: [String: Double] = [:]) {
        self.any = any
        self.types = types
    }
}

/// A quadrant or an exit and where the map ranks it.
package struct RankedPlace: Codable, Hashable, Sendable {
    package var place: String
    /// 1 for the highest; equal ones share a rank.
    package var rank: Int
    /// 0…1, the map's own score; no probability.
    package var score: Double?
    /// Part of the simulated injections that leaked there by the planned volume, 0…1; nil of a map without a simulation.
    package var probability: Double?

    package init(place: String, rank: Int, score: Double?, probability: Double?) {
        self.place = place
        self.rank = rank
        self.score = score
        self.probability = probability
    }
}

/// A number that a report holds, with its unit.
package struct MeasuredValue: Codable, Hashable, Sendable {
    package var name: String
    package var value: Double
    package var unit: String

    package init(name: String, value: Double, unit: String) {
        self.name = name
        self.value = value
        self.unit = unit
    }
}
