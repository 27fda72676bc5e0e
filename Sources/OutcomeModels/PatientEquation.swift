// One outcome's equation with one patient's predictors put in.
import Foundation

/// Evaluates an equation for a patient, at the published weights and at random draws of them.
struct PatientEquation {
    let equation: LeakageEquation
    let predictors: LeakagePredictors
    private let baseline: Double
    private let combinations: [LeakageEquation.Combination]
    /// The share of each combination in the population, and its probability in this patient.
    private let population, patient: [Double]
    /// Treatments that were decided, with how far they lie from the average.
    private let treatments: [(weight: TreatmentWeight, amount: Double)]

    init(_ equation: LeakageEquation, _ predictors: LeakagePredictors, baseline: Double) {
        self.equation = equation
        self.predictors = predictors
        self.baseline = baseline
        combinations = equation.combinations()
        population = equation.shares(combinations) { $0.prevalence.value }
        patient = equation.shares(combinations, predictors.probability)
        treatments = equation.treatments.compactMap { weight in weight.amount(predictors).map { (weight, $0.value) } }
    }

    /// The mean probability at the published weights, and b0.
    func expected() -> (probability: Double, intercept: Double) {
        let logOddsRatios = equation.weights.map(\.oddsRatio.logValue)
        let intercept = equation.intercept(
            for: baseline, combinations, population: population, logOddsRatios: logOddsRatios)
        var offset = intercept
        for (weight, amount) in treatments { offset += factor(weight) * weight.oddsRatio.logValue * amount }
        var probability = 0.0
        for (share, combination) in zip(patient, combinations) {
            probability +=
                share * equation.probability(in: combination, offset: offset, logOddsRatios: logOddsRatios)
        }
        return (probability, intercept)
    }

    /// The 2.5th and 97.5th percentile of the probability over random weights and random uncertain findings.
    func interval95(draws: Int, _ random: inout SeededGenerator) -> ClosedRange<Double> {
        var probabilities: [Double] = []
        probabilities.reserveCapacity(draws)
        for _ in 0..<draws {
            let logOddsRatios = equation.weights.map {
                random.normal($0.oddsRatio.logValue, $0.oddsRatio.logStandardError)
            }
            var offset = equation.intercept(
                for: baseline, combinations, population: population, logOddsRatios: logOddsRatios)
            for (weight, amount) in treatments {
                let drawn = random.normal(weight.oddsRatio.logValue, weight.oddsRatio.logStandardError)
                offset += factor(weight) * drawn * amount
            }
            let combination = combinations[random.index(weighted: patient)]
            probabilities.append(
                equation.probability(in: combination, offset: offset, logOddsRatios: logOddsRatios))
        }
        probabilities.sort()
        let low = probabilities[Int((0.025 * Double(draws - 1)).rounded())]
        let high = probabilities[Int((0.975 * Double(draws - 1)).rounded())]
        return low...high
    }

    private func factor(_ weight: TreatmentWeight) -> Double { weight.isShrunk ? equation.shrinkage : 1 }

    // MARK: What is listed

    /// The intercept, the gate, every finding's weight, every treatment's, and what is left to the log odds of `probability`.
    func contributions(
        intercept: Double, probability: Double, _ rate: PublishedRate
    ) -> [LeakageRisk.Contribution] {
        let start = LeakageRisk.Contribution(
            predictor: "intercept", value: "so that the population's mean is the baseline", origin: .stated,
            oddsRatio: nil, interval95: nil, grade: rate.grade, source: rate.source, logOdds: intercept)
        let parts =
            [start] + equation.gate.map(gateContribution) + equation.weights.map(findingContribution)
            + equation.treatments.map(treatmentContribution)
        return parts + [averaging(to: probability, after: parts)]
    }

    /// A mean of probabilities is not the probability at the mean findings; and a gate adds no log odds of its own.
    private func averaging(
        to probability: Double, after parts: [LeakageRisk.Contribution]
    ) -> LeakageRisk.Contribution {
        let gate = equation.gate.isEmpty ? "" : ", and the gate"
        return LeakageRisk.Contribution(
            predictor: "averaging over findings that are not certain\(gate)",
            value: "the rest, so that the list sums to the log odds of the probability", origin: .stated,
            oddsRatio: nil, interval95: nil, grade: .derived, source: "arithmetic",
            logOdds: logit(probability) - parts.reduce(0) { $0 + $1.logOdds })
    }

    private func gateContribution(_ finding: LeakageFinding) -> LeakageRisk.Contribution {
        LeakageRisk.Contribution(
            predictor: "\(finding.rawValue) (gate)", value: text(of: finding), origin: origin(of: finding),
            oddsRatio: nil,
            interval95: nil, grade: .readInAbstract,
            source:
                "0/55 bodies with intact endplates leaked into the disc, 54/179 with disrupted ones; \(equation.floor) when both are intact (our choice)",
            logOdds: 0)
    }

    private func findingContribution(_ weight: FindingWeight) -> LeakageRisk.Contribution {
        let share = zip(patient, combinations).reduce(0) { $0 + (weight.applies($1.1.present) ? $1.0 : 0) }
        let oddsRatio = weight.oddsRatio
        return LeakageRisk.Contribution(
            predictor: weight.label, value: text(of: weight.finding), origin: origin(of: weight.finding),
            oddsRatio: oddsRatio.value, interval95: oddsRatio.low...oddsRatio.high, grade: oddsRatio.grade,
            source: oddsRatio.source, logOdds: equation.shrinkage * oddsRatio.logValue * share)
    }

    private func treatmentContribution(_ weight: TreatmentWeight) -> LeakageRisk.Contribution {
        let amount = weight.amount(predictors)
        return LeakageRisk.Contribution(
            predictor: weight.label, value: amount?.text ?? "not decided: the average treatment",
            origin: amount == nil ? .unknown : .stated, oddsRatio: weight.oddsRatio.value,
            interval95: weight.oddsRatio.low...weight.oddsRatio.high, grade: weight.oddsRatio.grade,
            source: weight.oddsRatio.source,
            logOdds: factor(weight) * weight.oddsRatio.logValue * (amount?.value ?? 0))
    }

    private func origin(of finding: LeakageFinding) -> LeakageRisk.Contribution.Origin {
        switch predictors.knowledge(of: finding) {
        case .measured: .measured
        case .stated: .stated
        case .unknown: .unknown
        }
    }

    private func text(of finding: LeakageFinding) -> String {
        switch predictors.knowledge(of: finding) {
        case .measured(let probability, let how): return "probability \(rounded(probability)): \(how)"
        case .stated(let isPresent): return isPresent ? "yes" : "no"
        case .unknown:
            let prevalence = finding.prevalence
            return
                "not known: taken at its prevalence \(rounded(prevalence.value)) (\(prevalence.grade.rawValue): \(prevalence.source))"
        }
    }

    private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
