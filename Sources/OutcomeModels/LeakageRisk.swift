// What the evidence model answers: probabilities, and everything that went into them.

/// The risk of cement leakage of one vertebra. Not validated on patients; research use only.
package struct LeakageRisk: Sendable, Equatable {
    /// Where a probability stands against its baseline.
    package enum Band: String, Sendable {
        case low, moderate, high

        /// Below 0.75 times the baseline is low, above 1.5 times is high (our choice, not evidence).
        init(_ probability: Double, baseline: Double) {
            let ratio = probability / baseline
            self = ratio < 0.75 ? .low : ratio > 1.5 ? .high : .moderate
        }
    }

    /// What one predictor added.
    package struct Contribution: Sendable, Equatable {
        /// How the value came to be known.
        package enum Origin: String, Sendable { case measured, stated, unknown }

        package var predictor: String
        /// The value in words, with how it was measured or what stands in for it.
        package var value: String
        package var origin: Origin
        /// nil for the intercept and for a gate.
        package var oddsRatio: Double?
        package var interval95: ClosedRange<Double>?
        package var grade: EvidenceGrade
        package var source: String
        /// Shrunken ln OR times the value taken; with the intercept's and the last line's they sum to the log odds of the probability.
        package var logOdds: Double
    }

    /// One outcome's probability.
    package struct Estimate: Sendable, Equatable {
        package var outcome: LeakageOutcome
        /// The mean over everything not known, 0…1.
        package var probability: Double
        /// 2.5th and 97.5th percentile of the draws.
        package var interval95: ClosedRange<Double>
        package var band: Band
        /// The rate that the band and the intercept refer to.
        package var baseline: Double
        package var baselineGrade: EvidenceGrade
        package var baselineSource: String
        /// b0: makes the mean over the population equal the baseline.
        package var intercept: Double
        /// The intercept first, then every predictor of the outcome, unknown ones included; last what averaging adds.
        package var contributions: [Contribution]
        /// How well this outcome's numbers are known.
        package var evidence: String
    }

    package var procedure: AugmentationProcedure
    package var ascertainment: LeakageAscertainment
    package var any: Estimate
    /// Types I, II, III, IV.
    package var types: [Estimate]
    package var shrinkage: Double
    package var draws: Int
    package var seed: UInt64
    /// Sentences to print beside the numbers.
    package var limits: [String]
}

extension LeakageOutcome {
    var evidence: String {
        switch self {
        case .any:
            "Odds ratios from meta-analyses (S); prevalences of cortical disruption and foramen sign are our priors, without a source (U)."
        case .segmentalVein:
            "Weak: one matched cohort for the cleft (D); viscosity converted from a risk ratio (D); the effect of filling is a prior (U). The cleft's weight is from PVP and is used for PKP unchanged."
        case .corticalDefect:
            "Weak: the PVP baseline is a prior (U); the gap's odds ratio was published for any leakage and is carried over."
        case .disc:
            "Moderate for the gate (0 of 55 intact against 54 of 179 disrupted bodies); weak for the rest. An adjacent disc bright on T2 raises the risk and is not in the model."
        case .canal:
            "Weak: weights of the foramen sign and the posterior wall were published for any leakage (the latter a prior, U); one multivariate study found no predictor of canal leakage."
        }
    }
}
