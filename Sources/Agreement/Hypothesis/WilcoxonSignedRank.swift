// Wilcoxon's signed-rank test.
import Foundation

/// What becomes of pairs without a difference.
package enum ZeroDifferences: String, Sendable, Hashable, Codable {
    /// They are left out before ranking (Wilcoxon 1945).
    case dropped
    /// They are ranked and then left out (Pratt 1959).
    case pratt
}

/// The signed-rank test of paired values, two-sided.
/// Source: M. Hollander, D. A. Wolfe, E. Chicken, Nonparametric Statistical Methods, 3rd ed., §3.1; J. W. Pratt, JASA 1959;54:655.
package struct WilcoxonSignedRank: Sendable, Hashable, Codable {
    /// The sum of the ranks of positive differences (R's V).
    package let positiveSum: Double
    package let negativeSum: Double
    /// How many differences are not 0.
    package let count: Int
    package let p: Double
    /// `exact`, `normal` or `normalWithContinuity`.
    package let method: RankTestMethod

    /// SciPy's statistic.
    package var smallerSum: Double { min(positiveSum, negativeSum) }

    /// - Throws: `AgreementError.tooFew` where no difference is left.
    package init(
        _ pairs: Pairs, method: RankTestMethod = .automatic, zeros: ZeroDifferences = .dropped
    ) throws(AgreementError) {
        let all = pairs.differences
        let differences = zeros == .dropped ? all.filter { $0 != 0 } : all
        let nonzero = differences.filter { $0 != 0 }
        guard !nonzero.isEmpty else { throw .tooFew(what: "differences other than 0", count: 0, required: 1) }
        let ranking = Ranking(differences.map { abs($0) })
        let places = differences.indices.filter { differences[$0] != 0 }
        let positive = places.reduce(0) { differences[$1] > 0 ? $0 + ranking.ranks[$1] : $0 }
        let sum = places.reduce(0) { $0 + ranking.ranks[$1] }
        positiveSum = positive
        negativeSum = sum - positive
        count = nonzero.count
        let ties = Ranking(nonzero.map { abs($0) })
        let isPlain = ties.tieSizes.isEmpty && nonzero.count == all.count
        let chosen =
            method == .automatic ? (isPlain && nonzero.count <= 50 ? .exact : .normalWithContinuity) : method
        self.method = chosen
        if chosen == .exact {
            p = RankSumDistribution(signed: places.map { ranking.ranks[$0] }).twoSidedP(positive)
            return
        }
        let n = Double(differences.count)
        let z0 = Double(differences.count - nonzero.count)
        // Moments with ranked zeros left out (Cureton, JASA 1967;62:1068).
        let mean = (n * (n + 1) - z0 * (z0 + 1)) / 4
        let variance =
            (n * (n + 1) * (2 * n + 1) - z0 * (z0 + 1) * (2 * z0 + 1) - ties.tieSum / 2) / 24
        p = NormalDistribution().rankP(
            positive - mean, variance: variance, continuity: chosen == .normalWithContinuity)
    }
}

extension NormalDistribution {
    /// Two-sided p of a rank statistic's deviation, with or without the half step of the continuity correction.
    func rankP(_ deviation: Double, variance: Double, continuity: Bool) -> Double {
        guard variance > 0 else { return 1 }
        let distance = continuity ? max(0, abs(deviation) - 0.5) : abs(deviation)
        return min(1, 2 * survival(distance / variance.squareRoot()))
    }
}
