// The chi-squared distribution.
import Foundation

/// χ² with real degrees of freedom above 0: P(ν/2, x/2).
package struct ChiSquared: Distribution {
    package let degreesOfFreedom: Double
    package let support = 0...Double.infinity

    package init(degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

    package func cumulative(_ x: Double) -> Double { IncompleteGamma.tails(a: degreesOfFreedom / 2, x: x / 2).lower }

    package func survival(_ x: Double) -> Double { IncompleteGamma.tails(a: degreesOfFreedom / 2, x: x / 2).upper }
}
