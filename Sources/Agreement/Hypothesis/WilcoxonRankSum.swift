// Wilcoxon's rank-sum test of two groups, also known as Mann–Whitney's.
import Foundation

/// The rank-sum test, two-sided.
/// Source: Hollander, Wolfe, Chicken, Nonparametric Statistical Methods, 3rd ed., §4.1.
package struct WilcoxonRankSum: Sendable, Hashable, Codable {
    /// Mann–Whitney's U of the first group: pairs in which the first is larger, ties as half (R's W).
    package let u: Double
    package let p: Double
    /// `exact`, `normal` or `normalWithContinuity`.
    package let method: RankTestMethod
    /// U / (n₁ n₂): the probability that a value of the first group is the larger.
    package let probabilityOfSuperiority: Double

    /// - Throws: `AgreementError` for an empty group, a value that is not finite, or an exact test of more than 400 values.
    package init(
        _ first: [Double], _ second: [Double], method: RankTestMethod = .automatic
    ) throws(AgreementError) {
        try Sample.check(first, column: "first", what: "values of the first group", required: 1)
        try Sample.check(second, column: "second", what: "values of the second group", required: 1)
        let (n1, n2) = (Double(first.count), Double(second.count))
        let n = n1 + n2
        let ranking = Ranking(first + second)
        let sum = ranking.ranks[..<first.count].reduce(0, +)
        u = sum - n1 * (n1 + 1) / 2
        probabilityOfSuperiority = u / (n1 * n2)
        let isSmall = first.count <= 50 && second.count <= 50
        let chosen =
            method == .automatic
            ? (isSmall && ranking.tieSizes.isEmpty ? .exact : .normalWithContinuity) : method
        self.method = chosen
        if chosen == .exact {
            // The table grows with the cube of n; 400 values take some seconds (our choice).
            guard first.count + second.count <= 400 else {
                throw .tooManyRows(count: first.count + second.count, limit: 400)
            }
            p = RankSumDistribution(ranks: ranking.ranks, chosen: first.count).twoSidedP(sum)
            return
        }
        let variance = n1 * n2 / 12 * (n + 1 - ranking.tieSum / (n * (n - 1)))
        p = NormalDistribution().rankP(
            u - n1 * n2 / 2, variance: variance, continuity: chosen == .normalWithContinuity)
    }
}
