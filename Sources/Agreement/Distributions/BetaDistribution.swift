// The beta distribution.
import Foundation

/// Beta(a, b) on [0, 1].
package struct BetaDistribution: Distribution {
    package let a: Double
    package let b: Double
    package let support = 0.0...1.0

    package init(a: Double, b: Double) {
        self.a = a
        self.b = b
    }

    package func cumulative(_ x: Double) -> Double { IncompleteBeta.tails(a: a, b: b, x: x, y: 1 - x).lower }

    package func survival(_ x: Double) -> Double { IncompleteBeta.tails(a: a, b: b, x: x, y: 1 - x).upper }
}
