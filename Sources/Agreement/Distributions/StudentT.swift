// Student's t distribution.
import Foundation

/// Student's t with real degrees of freedom above 0, through I_x(ν/2, ½) with x = ν / (ν + t²) (DLMF 8.17; Abramowitz & Stegun 26.7.1).
package struct StudentT: Distribution {
    package let degreesOfFreedom: Double
    package let support = -Double.infinity...Double.infinity

    package init(degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

    package func survival(_ t: Double) -> Double {
        let n = degreesOfFreedom
        let square = t * t
        guard square.isFinite else { return t > 0 ? 0 : 1 }
        let tails = IncompleteBeta.tails(a: n / 2, b: 0.5, x: n / (n + square), y: square / (n + square))
        return t >= 0 ? tails.lower / 2 : 0.5 + tails.upper / 2
    }

    package func cumulative(_ t: Double) -> Double { survival(-t) }

    /// P(|T| ≥ |t|).
    package func twoSidedP(_ t: Double) -> Double { min(1, 2 * survival(abs(t))) }

    /// The t of a two-sided interval: P(|T| ≤ t) = confidence.
    package func twoSided(_ confidence: Double) -> Double { upperQuantile((1 - confidence) / 2) ?? 0 }
}
