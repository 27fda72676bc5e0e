// The transparent model of leakage risk: published odds ratios on a published baseline, nothing fitted, nothing hidden.
import Foundation

/// Leakage risk from the literature (`docs/models/leakage-evidence.md`).
package enum LeakageEvidenceModel {
    /// Name and version, for provenance.
    package static let version = "leakage-evidence 1"

    /// The risk of any leakage and of types I to IV.
    ///
    /// A finding that is not known is averaged over its prevalence; with nothing known, every probability is its baseline.
    /// The interval comes from random draws of every ln OR (normal, standard error from the published interval) and of
    /// every finding that is not certain; b0 is solved again in each draw. The same seed gives the same answer.
    /// - Parameter draws: 100 … 100,000.
    /// - Throws: `LeakageModelError`.
    package static func assess(
        _ predictors: LeakagePredictors, draws: Int = 2000, seed: UInt64 = 1
    ) throws -> LeakageRisk {
        try check(predictors, draws: draws)
        var random = SeededGenerator(seed: seed)
        let any = estimate(.any, predictors, draws, &random)
        let types = LeakageOutcome.types.map { estimate($0, predictors, draws, &random) }
        return LeakageRisk(
            procedure: predictors.procedure, ascertainment: predictors.ascertainment, any: any, types: types,
            shrinkage: LeakageEquation.equation(for: .any, predictors.procedure).shrinkage, draws: draws, seed: seed,
            limits: limits)
    }

    /// What must be said beside every result.
    package static let limits = [
        "Research use only. Not a medical device.",
        "Built from published odds ratios; never tested on patients. No accuracy is claimed.",
        "Enumerating the three image predictors, were they independent, gives an AUROC of 0.67 to 0.73: expected, not validated.",
        "The baseline rate depends most on how leakage was looked for; bands are relative to the baseline that is named.",
        "The interval holds the uncertainty of the odds ratios and of uncertain findings, not that of the baseline, the prevalences or the model's form.",
        "Pooled odds ratios are not adjusted for each other: their logarithms are multiplied by 0.85, and findings are taken as independent.",
        "Types are separate equations from different cohorts: they need not agree with the probability of any leakage. Leakage along the needle track is not among them.",
    ]

    private static func check(_ predictors: LeakagePredictors, draws: Int) throws {
        guard LeakageModelError.allowedDraws.contains(draws) else { throw LeakageModelError.drawsInvalid(draws) }
        for finding in LeakageFinding.allCases {
            if case .measured(let probability, _) = predictors.knowledge(of: finding), !(0...1).contains(probability) {
                throw LeakageModelError.probabilityInvalid(finding, probability)
            }
        }
        if let volume = predictors.cementVolumeML, !LeakageModelError.plausibleVolumeML.contains(volume) {
            throw LeakageModelError.volumeInvalid(volume)
        }
        if let fraction = predictors.punctureSideVolumeFraction, !(0...1).contains(fraction) {
            throw LeakageModelError.fractionInvalid(fraction)
        }
    }

    private static func estimate(
        _ outcome: LeakageOutcome, _ predictors: LeakagePredictors, _ draws: Int, _ random: inout SeededGenerator
    ) -> LeakageRisk.Estimate {
        let equation = LeakageEquation.equation(for: outcome, predictors.procedure)
        let baseline = LeakageBaseline.rate(of: outcome, predictors.procedure, predictors.ascertainment)
        let patient = PatientEquation(equation, predictors, baseline: baseline.value)
        let centre = patient.expected()
        return LeakageRisk.Estimate(
            outcome: outcome, probability: centre.probability,
            interval95: patient.interval95(draws: draws, &random),
            band: LeakageRisk.Band(centre.probability, baseline: baseline.value), baseline: baseline.value,
            baselineGrade: baseline.grade, baselineSource: baseline.source, intercept: centre.intercept,
            contributions: patient.contributions(
                intercept: centre.intercept, probability: centre.probability, baseline), evidence: outcome.evidence)
    }
}
