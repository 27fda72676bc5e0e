// The leakage risk as a section of the report.
import Domain

extension LeakageRisk {
    /// The section of the report that says the same in plain values. Sources end with their grade: S read in a paper, V read
    /// in an abstract, D derived, U unverified.
    package var section: RiskSection {
        RiskSection(
            model: LeakageEvidenceModel.version,
            method:
                "logit p = b0 + λ·Σ ln OR·x + treatment; b0 solved so that the population's mean is the baseline; mean over findings that are not certain",
            baseline: BaselineSection(
                procedure: procedure.rawValue, ascertainment: ascertainment.rawValue, probability: any.baseline,
                source: "\(any.baselineSource) [\(any.baselineGrade.rawValue)]"),
            any: any.section, types: types.map(\.typedSection), shrinkage: shrinkage, draws: draws, seed: seed,
            limits: limits)
    }
}

extension LeakageRisk.Estimate {
    fileprivate var section: ProbabilitySection {
        ProbabilitySection(
            probability: probability, interval95: [interval95.lowerBound, interval95.upperBound], band: band.rawValue,
            baseline: baseline, contributions: contributions.map(\.section))
    }

    fileprivate var typedSection: TypedProbabilitySection {
        TypedProbabilitySection(
            type: outcome.rawValue, definition: outcome.definition, evidence: evidence, estimate: section)
    }
}

extension LeakageRisk.Contribution {
    fileprivate var section: ContributionSection {
        ContributionSection(
            predictor: predictor, value: value, known: origin.rawValue, oddsRatio: oddsRatio,
            interval95: interval95.map { [$0.lowerBound, $0.upperBound] }, logOdds: logOdds,
            source: "\(source) [\(grade.rawValue)]")
    }
}
