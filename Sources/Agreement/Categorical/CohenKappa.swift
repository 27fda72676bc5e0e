// How far two raters agree on categories beyond chance.
import Foundation

/// Cohen's kappa of two raters (Cohen 1960, Educ Psychol Meas 20:37; weighted: Cohen 1968, Psychol Bull 70:213).
package struct CohenKappa: Sendable, Hashable {
    /// How much a disagreement by `d` of the `k` − 1 possible steps counts as agreement.
    package enum Weights: String, Sendable, Codable, CaseIterable {
        /// 1 on the diagonal, else 0.
        case unweighted = "none"
        /// 1 − d / (k − 1) (Cicchetti and Allison 1971, Am J EEG Technol 11:101).
        case linear
        /// 1 − (d / (k − 1))² (Fleiss and Cohen 1973, Educ Psychol Meas 33:613).
        case quadratic

        func weight(_ first: Int, _ second: Int, categories: Int) -> Double {
            let distance = Double(abs(first - second)) / Double(categories - 1)
            return switch self {
            case .unweighted: first == second ? 1 : 0
            case .linear: 1 - distance
            case .quadratic: 1 - distance * distance
            }
        }
    }

    /// 1 is perfect, 0 is chance; its interval is kappa ± z · `standardError`, cut off at −1 and 1.
    package let kappa: Estimate
    package let weights: Weights
    /// The (weighted) part of subjects agreed on.
    package let observedAgreement: Double
    /// The same, expected from the raters' margins.
    package let expectedAgreement: Double
    /// Large-sample, under no hypothesis (Fleiss, Cohen and Everitt 1969, Psychol Bull 72:323, eq. 13).
    package let standardError: Double
    /// Under kappa = 0 (the same, eq. 9).
    package let nullStandardError: Double
    /// kappa / `nullStandardError`; nil where that is 0.
    package let statistic: Double?
    /// Two-sided, of kappa = 0; nil with the statistic.
    package let pValue: Double?

    /// - Throws: `constantColumn` where both raters used one and the same category: kappa is 0 / 0.
    package init(
        _ pairs: RatingPairs, weights: Weights = .unweighted, confidence: Double = 0.95
    ) throws(AgreementError) {
        let count = pairs.categories.count
        let total = Double(pairs.subjects)
        let share = pairs.counts.map { row in row.map { Double($0) / total } }
        let first = share.map { $0.reduce(0, +) }
        let second = (0..<count).map { column in share.reduce(0) { $0 + $1[column] } }
        let weight = (0..<count).map { row in
            (0..<count).map { weights.weight(row, $0, categories: count) }
        }
        // The mean weight that a row or column can expect from the other rater's margins.
        let rowMean = (0..<count).map { row in (0..<count).reduce(0) { $0 + second[$1] * weight[row][$1] } }
        let columnMean = (0..<count).map { column in (0..<count).reduce(0) { $0 + first[$1] * weight[$1][column] } }
        var observed = 0.0
        var expected = 0.0
        for row in 0..<count {
            for column in 0..<count {
                observed += weight[row][column] * share[row][column]
                expected += weight[row][column] * first[row] * second[column]
            }
        }
        // Weighted shares of 1 are exact only to rounding.
        guard 1 - expected > 1e-12 else { throw .constantColumn(column: "both raters") }
        let value = (observed - expected) / (1 - expected)
        var variance = 0.0
        var nullVariance = 0.0
        for row in 0..<count {
            for column in 0..<count {
                let margin = rowMean[row] + columnMean[column]
                let residual = weight[row][column] - margin * (1 - value)
                variance += share[row][column] * residual * residual
                let nullResidual = weight[row][column] - margin
                nullVariance += first[row] * second[column] * nullResidual * nullResidual
            }
        }
        let offset = value - expected * (1 - value)
        variance -= offset * offset
        nullVariance -= expected * expected
        let scale = total.squareRoot() * (1 - expected)
        standardError = max(0, variance).squareRoot() / scale
        nullStandardError = max(0, nullVariance).squareRoot() / scale
        observedAgreement = observed
        expectedAgreement = expected
        self.weights = weights
        statistic = nullVariance > 1e-15 ? value / nullStandardError : nil
        pValue = statistic.map { 2 * NormalDistribution().survival(abs($0)) }
        let half = try Confidence.normalMultiplier(confidence) * standardError
        kappa = Estimate(
            value, Interval(lower: max(-1, value - half), upper: min(1, value + half)), confidence: confidence)
    }
}
