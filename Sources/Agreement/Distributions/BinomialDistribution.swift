// The binomial distribution.
import Foundation

/// The number of successes in `trials` independent trials of the same probability.
package struct BinomialDistribution: Sendable {
    package let trials: Int
    package let probability: Double

    package init(trials: Int, probability: Double) {
        self.trials = trials
        self.probability = probability
    }

    /// P(X = k).
    package func mass(_ k: Int) -> Double {
        guard k >= 0, k <= trials else { return 0 }
        return SaddlePoint.binomial(Double(k), of: Double(trials), p: probability, q: 1 - probability)
    }

    /// P(X ≤ k).
    package func cumulative(_ k: Int) -> Double { tails(k).lower }

    /// P(X > k).
    package func survival(_ k: Int) -> Double { tails(k).upper }

    /// The smallest k with P(X ≤ k) ≥ p; nil unless 0 ≤ p ≤ 1.
    package func quantile(_ p: Double) -> Int? {
        guard p >= 0, p <= 1 else { return nil }
        var low = -1
        var high = trials
        while high - low > 1 {
            let middle = (low + high) / 2
            if cumulative(middle) >= p { high = middle } else { low = middle }
        }
        return high
    }

    private func tails(_ k: Int) -> (lower: Double, upper: Double) {
        if k < 0 { return (0, 1) }
        if k >= trials { return (1, 0) }
        let tails = IncompleteBeta.tails(
            a: Double(k) + 1, b: Double(trials - k), x: probability, y: 1 - probability)
        return (tails.upper, tails.lower)
    }
}
