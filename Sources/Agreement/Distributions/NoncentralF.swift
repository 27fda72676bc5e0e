// The noncentral F distribution, for the power of an analysis of variance.
import Foundation

/// F with noncentrality λ ≥ 0: a Poisson(λ/2) mixture of central ones.
///
/// Each tail is summed in the direction in which the incomplete beta functions grow by positive terms, so that nothing cancels
/// (Benton & Krishnamoorthy, Computational Statistics & Data Analysis 2003;43:249).
package struct NoncentralF: Distribution {
    package let numerator: Double
    package let denominator: Double
    package let noncentrality: Double
    package let support = 0...Double.infinity

    package init(numerator: Double, denominator: Double, noncentrality: Double) {
        self.numerator = numerator
        self.denominator = denominator
        self.noncentrality = noncentrality
    }

    package func cumulative(_ f: Double) -> Double { tail(f, upper: false) }

    package func survival(_ f: Double) -> Double { tail(f, upper: true) }

    private func tail(_ f: Double, upper: Bool) -> Double {
        guard f > 0 else { return upper ? 1 : 0 }
        let scaled = numerator * f
        guard scaled.isFinite else { return upper ? 0 : 1 }
        let (x, y) = (scaled / (scaled + denominator), denominator / (scaled + denominator))
        let b = denominator / 2
        let mean = noncentrality / 2
        guard mean > 0 else {
            return FDistribution(numerator: numerator, denominator: denominator).side(f, upper: upper)
        }
        // Beyond these the Poisson weights are below 1e-20.
        let spread = 10 * mean.squareRoot() + 50
        let first = max(0, Int(mean - spread))
        let last = Int(mean + spread)
        let order = upper ? Array(first...last) : Array((first...last).reversed())
        let start = numerator / 2 + Double(order[0])
        let tails = IncompleteBeta.tails(a: start, b: b, x: x, y: y)
        var beta = upper ? tails.upper : tails.lower
        var sum = 0.0
        for j in order {
            sum += SaddlePoint.poisson(Double(j), mean: mean) * beta
            // I_x(a, b) = I_x(a + 1, b) + x^a y^b / (a B(a, b)) (DLMF 8.17.20).
            let a = numerator / 2 + Double(upper ? j : j - 1)
            if a > 0 { beta += IncompleteBeta.prefactor(a: a, b: b, x: x, y: y) / a }
        }
        return min(1, sum)
    }
}

extension FDistribution {
    func side(_ f: Double, upper: Bool) -> Double { upper ? survival(f) : cumulative(f) }
}
