// The logistic equation of one outcome: its weights, its intercept, and the probability it gives.
import Foundation

/// The weight of a finding.
struct FindingWeight: Sendable {
    /// Whose knowledge is printed with the weight.
    let finding: LeakageFinding
    /// What is weighed, where it is not simply the finding.
    let label: String
    let oddsRatio: OddsRatio
    /// Whether the weight counts, given the findings that are present.
    let applies: @Sendable (Set<LeakageFinding>) -> Bool

    init(
        _ finding: LeakageFinding, _ oddsRatio: OddsRatio, label: String? = nil,
        applies: (@Sendable (Set<LeakageFinding>) -> Bool)? = nil
    ) {
        self.finding = finding
        self.oddsRatio = oddsRatio
        self.label = label ?? finding.rawValue
        self.applies = applies ?? { $0.contains(finding) }
    }
}

/// The weight of a choice of treatment: counted from the average treatment, so that an open choice adds nothing.
struct TreatmentWeight: Sendable {
    let label: String
    /// Per unit of `amount`.
    let oddsRatio: OddsRatio
    /// False for weights that were fitted per patient and are not shrunk.
    let isShrunk: Bool
    /// How far the treatment lies from the average one, and the value to print; nil when not decided.
    let amount: @Sendable (LeakagePredictors) -> (value: Double, text: String)?
}

/// One outcome's equation: `logit p = b0 + λ·Σ ln OR·x + treatment`, summed over the ways in which findings can be present.
struct LeakageEquation: Sendable {
    /// The findings it looks at.
    let findings: [LeakageFinding]
    let weights: [FindingWeight]
    let treatments: [TreatmentWeight]
    /// Leakage is possible only with one of these; none means always.
    let gate: [LeakageFinding]
    /// The probability when the gate is shut.
    var floor: Double = 0.005  // 0.5 %: 0 of 55 intact bodies leaked; a floor, not a measurement (our choice)
    /// λ: pooled odds ratios are not adjusted for each other, so that their sum overstates (our choice).
    var shrinkage = 0.85

    /// Every combination of the findings: who is present, which weights count, whether the gate is open.
    func combinations() -> [Combination] {
        (0..<1 << findings.count).map { bits in
            let present = Set(findings.indices.filter { bits >> $0 & 1 == 1 }.map { findings[$0] })
            return Combination(
                present: present, weights: weights.indices.filter { weights[$0].applies(present) },
                isOpen: gate.isEmpty || gate.contains(where: present.contains))
        }
    }

    struct Combination {
        let present: Set<LeakageFinding>
        let weights: [Int]
        let isOpen: Bool
    }

    /// The probability of each combination when findings are independent.
    func shares(_ combinations: [Combination], _ probability: (LeakageFinding) -> Double) -> [Double] {
        let probabilities = findings.map { ($0, probability($0)) }
        return combinations.map { combination in
            probabilities.reduce(1) { $0 * (combination.present.contains($1.0) ? $1.1 : 1 - $1.1) }
        }
    }

    /// The probability in one combination. `logOddsRatios` are the weights' ln OR; `offset` is b0 plus the treatment.
    func probability(in combination: Combination, offset: Double, logOddsRatios: [Double]) -> Double {
        guard combination.isOpen else { return floor }
        var sum = 0.0
        for weight in combination.weights { sum += logOddsRatios[weight] }
        return sigmoid(offset + shrinkage * sum)
    }

    /// b0 at which the mean over the population equals `target`, by bisection: the mean rises with b0.
    func intercept(
        for target: Double, _ combinations: [Combination], population: [Double], logOddsRatios: [Double]
    ) -> Double {
        var (low, high) = (-20.0, 20.0)
        while high - low > 1e-10 {
            let middle = (low + high) / 2
            var mean = 0.0
            for (share, combination) in zip(population, combinations) {
                mean += share * probability(in: combination, offset: middle, logOddsRatios: logOddsRatios)
            }
            if mean < target { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
