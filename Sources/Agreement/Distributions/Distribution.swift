// A continuous distribution with both tails and its quantile.
import Foundation

/// A continuous distribution function. The upper tail is computed apart so that small probabilities keep their digits.
package protocol Distribution: Sendable {
    /// P(X ≤ x).
    func cumulative(_ x: Double) -> Double
    /// P(X > x).
    func survival(_ x: Double) -> Double
    /// The values that X can take.
    var support: ClosedRange<Double> { get }
}

extension Distribution {
    /// The x with P(X ≤ x) = p; infinite or the end of the support at p = 0 and 1, nil outside [0, 1].
    package func quantile(_ p: Double) -> Double? {
        guard p >= 0, p <= 1 else { return nil }
        if p == 0 { return support.lowerBound }
        if p == 1 { return support.upperBound }
        return p <= 0.5 ? root { self.cumulative($0) - p } : root { (1 - p) - self.survival($0) }
    }

    /// The x with P(X > x) = p, which keeps the digits of a small p.
    package func upperQuantile(_ p: Double) -> Double? {
        guard p >= 0, p <= 1 else { return nil }
        if p == 0 { return support.upperBound }
        if p == 1 { return support.lowerBound }
        return p <= 0.5 ? root { p - self.survival($0) } : root { self.cumulative($0) - (1 - p) }
    }

    /// The root of an increasing function: secant steps inside a bracket, with bisection wherever they fail to halve it.
    private func root(_ f: (Double) -> Double) -> Double {
        var (low, high) = bracket(f)
        var (fLow, fHigh) = (f(low), f(high))
        if fLow >= 0 { return low }
        if fHigh <= 0 { return high }
        var stalled = 0
        for _ in 0..<400 {
            let middle = low + (high - low) / 2
            if middle <= low || middle >= high { break }
            var x = middle
            if stalled < 2 {
                let secant = low - fLow * (high - low) / (fHigh - fLow)
                if secant > low, secant < high { x = secant }
            }
            let width = high - low
            let value = f(x)
            if value == 0 { return x }
            if value < 0 { (low, fLow) = (x, value) } else { (high, fHigh) = (x, value) }
            stalled = high - low > width / 2 ? stalled + 1 : 0
            if high - low <= 2 * max(abs(low), abs(high)).ulp { break }
        }
        return abs(fLow) < abs(fHigh) ? low : high
    }

    private func bracket(_ f: (Double) -> Double) -> (Double, Double) {
        if support.lowerBound.isFinite, support.upperBound.isFinite {
            var low = support.upperBound / 2
            while low > 1e-300, f(low) > 0 { low /= 2 }
            return low == support.upperBound / 2 ? (low, support.upperBound) : (low, low * 2)
        }
        var step = 1.0
        if f(0) < 0 {
            while f(step) < 0, step < 1e300 { step *= 2 }
            if step > 1 { return (step / 2, step) }
            while step > 1e-300, f(step / 2) > 0 { step /= 2 }
            return (step / 2, step)
        }
        while f(-step) > 0, step < 1e300 { step *= 2 }
        return (-step, 0)
    }
}
