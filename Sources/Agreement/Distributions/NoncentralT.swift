// The noncentral t distribution, for exact intervals of limits of agreement.
import Foundation

/// (Z + δ) / √(χ²_ν / ν).
///
/// P(T ≤ t) = ∫ Φ(t·s − δ) f(s) ds with s = √(χ²_ν / ν), summed by the trapezoidal rule in u = log s: the integrand is
/// analytic and dies off at both ends, so that the sum is exact to rounding once the step is below the narrowest width
/// (Trefethen & Weideman, SIAM Review 2014;56:385). It holds for a million degrees of freedom, where series underflow.
package struct NoncentralT: Distribution {
    package let degreesOfFreedom: Double
    package let noncentrality: Double
    package let support = -Double.infinity...Double.infinity

    package init(degreesOfFreedom: Double, noncentrality: Double) {
        self.degreesOfFreedom = degreesOfFreedom
        self.noncentrality = noncentrality
    }

    package func cumulative(_ t: Double) -> Double { tail(t: t, delta: noncentrality) }

    package func survival(_ t: Double) -> Double { tail(t: -t, delta: -noncentrality) }

    /// P(T ≤ t).
    private func tail(t: Double, delta: Double) -> Double {
        guard t.isFinite else { return t > 0 ? 1 : 0 }
        let normal = NormalDistribution()
        if t == 0 { return normal.cumulative(-delta) }
        let k = degreesOfFreedom / 2
        func logTerm(_ u: Double) -> Double {
            -k * expm1MinusArgument(2 * u) + normal.logCumulative(t * exp(u) - delta)
        }
        let peak = maximum(of: logTerm)
        let top = logTerm(peak)
        // The widths in u: 1/√(2ν) of the chi factor, 1/(|t| s) of Φ at the s that matter.
        let reach = 1 / (2 * degreesOfFreedom).squareRoot()
        let fastest = max(abs(t) * exp(peak + 2 * min(reach, 0.5)), abs(delta))
        let step = 0.3 * min(min(reach, 0.3), 1 / max(fastest, 1))
        var sum = 1.0
        for direction in [-1.0, 1.0] {
            for i in 1..<4_000_000 {
                let term = exp(logTerm(peak + direction * Double(i) * step) - top)
                sum += term
                if term < 1e-19 * sum { break }
            }
        }
        // k^k e^−k / Γ(k) = √(k / 2π) e^−stirlingError(k).
        let scale = 2 * (k / (2 * Double.pi)).squareRoot() * exp(-SaddlePoint.stirlingError(k))
        return min(1, scale * sum * step * exp(top))
    }

    /// e^w − 1 − w without cancellation.
    private func expm1MinusArgument(_ w: Double) -> Double {
        guard abs(w) < 0.5 else { return expm1(w) - w }
        var term = w * w / 2
        var sum = term
        var n = 2.0
        while abs(term) > 1e-17 * abs(sum) {
            n += 1
            term *= w / n
            sum += term
        }
        return sum
    }

    /// The place of the maximum of a function with one peak, by ternary search to a thousandth of the peak's width.
    private func maximum(of f: (Double) -> Double) -> Double {
        var low = -60.0
        var high = 20.0
        let precision = 1e-3 / (2 * degreesOfFreedom).squareRoot()
        while high - low > precision {
            let first = low + (high - low) / 3
            let second = high - (high - low) / 3
            if f(first) < f(second) { low = first } else { high = second }
        }
        return (low + high) / 2
    }
}
