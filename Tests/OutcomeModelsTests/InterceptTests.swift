// The intercept and the probabilities of the three image predictors, against values worked out independently.
import Testing

@testable import OutcomeModels

/// A row of the table that was enumerated outside this code from the same odds ratios and prevalences.
struct InterceptRow: Sendable, CustomTestStringConvertible {
    let shrinkage, target, intercept, none, corticalOnly, all, auroc: Double
    var testDescription: String { "λ \(shrinkage), baseline \(target)" }
}

private let rows = [
    InterceptRow(
        shrinkage: 1, target: 0.34, intercept: -1.594, none: 0.169, corticalOnly: 0.504, all: 0.751, auroc: 0.718),
    InterceptRow(
        shrinkage: 1, target: 0.36, intercept: -1.491, none: 0.184, corticalOnly: 0.530, all: 0.770, auroc: 0.717),
    InterceptRow(
        shrinkage: 1, target: 0.18, intercept: -2.575, none: 0.071, corticalOnly: 0.276, all: 0.531, auroc: 0.725),
    InterceptRow(
        shrinkage: 0.85, target: 0.36, intercept: -1.346, none: 0.207, corticalOnly: 0.506, all: 0.721, auroc: 0.688),
    InterceptRow(
        shrinkage: 0.85, target: 0.18, intercept: -2.389, none: 0.084, corticalOnly: 0.265, all: 0.476, auroc: 0.695),
    InterceptRow(
        shrinkage: 0.85, target: 0.75, intercept: 0.512, none: 0.625, corticalOnly: 0.868, all: 0.943, auroc: 0.668),
]

/// The table is printed to three decimals.
private let rounding = 0.00051

@Suite struct InterceptTests {
    @Test(arguments: rows)
    func `the intercept makes the population's mean the baseline`(row: InterceptRow) {
        var equation = LeakageEquation.equation(for: .any, .vertebroplasty)
        equation.shrinkage = row.shrinkage
        let combinations = equation.combinations()
        let population = equation.shares(combinations) { $0.prevalence.value }
        let logOddsRatios = equation.weights.map(\.oddsRatio.logValue)
        let intercept = equation.intercept(
            for: row.target, combinations, population: population, logOddsRatios: logOddsRatios)
        let probabilities = combinations.map {
            equation.probability(in: $0, offset: intercept, logOddsRatios: logOddsRatios)
        }
        func probability(_ present: Set<LeakageFinding>) -> Double {
            zip(combinations, probabilities).first { $0.0.present == present }?.1 ?? .nan
        }
        #expect(abs(intercept - row.intercept) < rounding)
        #expect(abs(probability([]) - row.none) < rounding)
        #expect(abs(probability([.corticalDisruption]) - row.corticalOnly) < rounding)
        #expect(abs(probability(Set(equation.findings)) - row.all) < rounding)
        #expect(abs(zip(population, probabilities).reduce(0) { $0 + $1.0 * $1.1 } - row.target) < 1e-9)
        #expect(abs(enumeratedAUROC(population, probabilities) - row.auroc) < rounding)
    }
}

/// The probability that a leaking vertebra ranks above one that does not leak, ties counting half.
private func enumeratedAUROC(_ shares: [Double], _ probabilities: [Double]) -> Double {
    var (ranked, pairs) = (0.0, 0.0)
    for (caseShare, caseProbability) in zip(shares, probabilities) {
        for (controlShare, controlProbability) in zip(shares, probabilities) {
            let weight = caseShare * caseProbability * controlShare * (1 - controlProbability)
            pairs += weight
            ranked +=
                caseProbability > controlProbability ? weight : caseProbability == controlProbability ? weight / 2 : 0
        }
    }
    return ranked / pairs
}
