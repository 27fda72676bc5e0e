// Exact null distributions of Wilcoxon's statistics.
import Foundation

/// Probabilities of sums of ranks. Midranks are doubled, so that all sums are integers and ties need no case of their own.
struct RankSumDistribution {
    /// Weight of each doubled sum; `total` is the number of equally likely outcomes.
    private let weights: [Double]
    private let total: Double

    /// The sum of ranks with a positive sign: each rank counts or not.
    init(signed ranks: [Double]) {
        let doubled = ranks.map { Int(($0 * 2).rounded()) }
        var weights = [Double](repeating: 0, count: doubled.reduce(0, +) + 1)
        weights[0] = 1
        var top = 0
        for rank in doubled {
            var sum = top
            while sum >= 0 {
                weights[sum + rank] += weights[sum]
                sum -= 1
            }
            top += rank
        }
        self.weights = weights
        total = pow(2, Double(ranks.count))
    }

    /// The sum of the ranks of `chosen` of the values.
    init(ranks: [Double], chosen: Int) {
        let doubled = ranks.map { Int(($0 * 2).rounded()) }
        let width = doubled.sorted().suffix(chosen).reduce(0, +) + 1
        var table = [Double](repeating: 0, count: (chosen + 1) * width)
        table[0] = 1
        for (index, rank) in doubled.enumerated() {
            var count = min(index + 1, chosen)
            while count >= 1 {
                for sum in stride(from: width - 1, through: rank, by: -1) {
                    table[count * width + sum] += table[(count - 1) * width + sum - rank]
                }
                count -= 1
            }
        }
        weights = Array(table[(chosen * width)...])
        total = weights.reduce(0, +)
    }

    /// min(1, 2 · the smaller of P(S ≤ s) and P(S ≥ s)).
    func twoSidedP(_ statistic: Double) -> Double {
        let place = min(max(Int((statistic * 2).rounded()), 0), weights.count - 1)
        let below = weights[...place].reduce(0, +)
        let above = weights[place...].reduce(0, +)
        return min(1, 2 * min(below, above) / total)
    }
}
