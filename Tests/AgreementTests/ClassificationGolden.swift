// The data sets of classification.py and what other tools said of them.
struct ClassificationGolden: Decodable {
    struct Case: Decodable {
        let name: String
        let outcomes: [Bool]
        let first: [Double]
        let second: [Double]
        let probabilities: [Double]
        let expected: Expected
    }
    struct Expected: Decodable {
        let auc, aucLower, aucUpper, aucVariance, sklearnAUC, averagePrecision: Double
        let pairedZ, pairedP, pairedLower, pairedUpper, unpairedT, unpairedDF, unpairedP: Double
        let rocFPR, rocTPR: [Double]
        let threshold, f1, mcc, balancedAccuracy: Double
        let sensitivity, specificity, ppv, npv, accuracy: Double
        let sensitivityWilson, specificityWilson, ppvWilson, npvWilson, accuracyWilson: [Double]
        let sensitivityExact, specificityExact, ppvExact, npvExact, accuracyExact: [Double]
        let positiveLikelihoodRatio, negativeLikelihoodRatio: Double
        let positiveRatioLimits, negativeRatioLimits: [Double]
        let brier: Double
        let murphyDistinct, murphyTenths: [Double]
        let uniformObserved, uniformMean, quantileObserved, quantileMean: [Double]
        let calibration, inTheLarge, hosmerLemeshow: [Double]
        let netBenefit, netBenefitAll: [Double]
    }
    struct Multiclass: Decodable {
        struct Expected: Decodable {
            let mcc, balancedAccuracy: Double
            let micro, macro, weighted: [Double]
        }
        let truth: [String]
        let predicted: [String]
        let classes: [String]
        let expected: Expected
    }
    let sets: [Case]
    let multiclass: [Multiclass]

    static func read() throws -> ClassificationGolden { try GoldenJSON.read("classification.json") }
}
