// Logistic regression on one predictor.
import Foundation

/// The maximum of the likelihood of logit P = intercept + slope · x, by Newton's method; errors from the inverse information.
/// The caller has seen to it that a maximum exists.
struct LogisticFit {
    private(set) var intercept: Double
    private(set) var slope: Double
    private(set) var interceptError = 0.0
    /// 0 where the slope is held.
    private(set) var slopeError = 0.0

    /// The log likelihood with its first derivatives and information at one place.
    private struct Ascent {
        var likelihood = 0.0
        var gradient = (intercept: 0.0, slope: 0.0)
        var information = (intercept: 0.0, both: 0.0, slope: 0.0)
    }

    init(_ x: [Double], _ outcomes: [Bool], intercept: Double, slope: Double, slopeIsFree: Bool) {
        self.intercept = intercept
        self.slope = slope
        var ascent = Self.ascent(x, outcomes, intercept, slope)
        // Newton doubles the digits each step; halving keeps far starts safe.
        for _ in 0..<200 {
            let step = Self.solved(ascent, slopeIsFree)
            var length = 1.0
            var next = Self.ascent(x, outcomes, self.intercept + step.intercept, self.slope + step.slope)
            while next.likelihood < ascent.likelihood - 1e-9 * abs(ascent.likelihood), length > 1e-6 {
                length /= 2
                next = Self.ascent(
                    x, outcomes, self.intercept + length * step.intercept, self.slope + length * step.slope)
            }
            self.intercept += length * step.intercept
            self.slope += length * step.slope
            ascent = next
            if abs(step.intercept) + abs(step.slope) < 1e-13 * (1 + abs(self.intercept) + abs(self.slope)) { break }
        }
        let information = ascent.information
        guard slopeIsFree else {
            interceptError = 1 / information.intercept.squareRoot()
            return
        }
        let determinant = information.intercept * information.slope - information.both * information.both
        interceptError = (information.slope / determinant).squareRoot()
        slopeError = (information.intercept / determinant).squareRoot()
    }

    private static func solved(_ ascent: Ascent, _ slopeIsFree: Bool) -> (intercept: Double, slope: Double) {
        let (gradient, information) = (ascent.gradient, ascent.information)
        guard slopeIsFree else { return (gradient.intercept / information.intercept, 0) }
        let determinant = information.intercept * information.slope - information.both * information.both
        return (
            (information.slope * gradient.intercept - information.both * gradient.slope) / determinant,
            (information.intercept * gradient.slope - information.both * gradient.intercept) / determinant
        )
    }

    private static func ascent(_ x: [Double], _ outcomes: [Bool], _ intercept: Double, _ slope: Double) -> Ascent {
        var sum = Ascent()
        for (x, outcome) in zip(x, outcomes) {
            let linear = intercept + slope * x
            let probability = 1 / (1 + exp(-linear))
            let miss = (outcome ? 1 : 0) - probability
            let weight = probability * (1 - probability)
            // log P of what happened, without overflow.
            let margin = outcome ? linear : -linear
            sum.likelihood -= max(0, -margin) + log1p(exp(-abs(margin)))
            sum.gradient.intercept += miss
            sum.gradient.slope += miss * x
            sum.information.intercept += weight
            sum.information.both += weight * x
            sum.information.slope += weight * x * x
        }
        return sum
    }
}
