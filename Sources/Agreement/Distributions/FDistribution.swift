// Fisher's F distribution.
import Foundation

/// F with real degrees of freedom above 0: I_x(d₁/2, d₂/2) with x = d₁F / (d₁F + d₂).
package struct FDistribution: Distribution {
    package let numerator: Double
    package let denominator: Double
    package let support = 0...Double.infinity

    package init(numerator: Double, denominator: Double) {
        self.numerator = numerator
        self.denominator = denominator
    }

    package func cumulative(_ f: Double) -> Double { tails(f).lower }

    package func survival(_ f: Double) -> Double { tails(f).upper }

    private func tails(_ f: Double) -> (lower: Double, upper: Double) {
        guard f > 0 else { return (0, 1) }
        let scaled = numerator * f
        guard scaled.isFinite else { return (1, 0) }
        let total = scaled + denominator
        return IncompleteBeta.tails(a: numerator / 2, b: denominator / 2, x: scaled / total, y: denominator / total)
    }
}
