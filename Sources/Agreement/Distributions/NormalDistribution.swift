// The normal distribution.
import Foundation

/// The standard normal distribution.
package struct NormalDistribution: Distribution {
    package let support = -Double.infinity...Double.infinity

    package init() {}

    package func cumulative(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

    package func survival(_ x: Double) -> Double { cumulative(-x) }

    /// The density at x.
    package func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }

    /// log P(X ≤ x), also where the probability itself underflows.
    func logCumulative(_ x: Double) -> Double {
        if x > -30 { return log(cumulative(x)) }
        let s = 1 / (x * x)  // Abramowitz & Stegun 26.2.12.
        return -x * x / 2 - log(-x) - 0.5 * log(2 * Double.pi) + log1p(-s * (1 - 3 * s * (1 - 5 * s)))
    }

    /// The z of a two-sided interval: P(|X| ≤ z) = confidence.
    package func twoSided(_ confidence: Double) -> Double { upperQuantile((1 - confidence) / 2) ?? 0 }
}
