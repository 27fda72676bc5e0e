// Binomial and Poisson terms to full precision: the building blocks of the incomplete beta and gamma functions.
import Foundation

/// Loader's saddle-point expansion. It avoids the cancellation of `exp(a log x − lgamma …)`, which costs a digit for
/// each power of ten of the parameters.
/// Source: C. Loader, "Fast and accurate computation of binomial probabilities", 2000.
enum SaddlePoint {
    /// log Γ(n + 1) − log √(2πn) − n log n + n, the error of Stirling's formula; `n` above 0.
    static func stirlingError(_ n: Double) -> Double {
        if n < 16 { return lgamma(n + 1) - (n + 0.5) * log(n) + n - 0.5 * log(2 * Double.pi) }
        let s = 1 / (n * n)
        // Stirling's series (Abramowitz & Stegun 6.1.41).
        return
            (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - (1.0 / 1188 - 691.0 / 360_360 * s) * s) * s) * s) * s)
            / n
    }

    /// x log(x / m) + m − x without cancellation near x = m.
    static func deviance(_ x: Double, _ m: Double) -> Double {
        guard abs(x - m) < 0.1 * (x + m) else { return x * log(x / m) + m - x }
        let v = (x - m) / (x + m)
        var sum = (x - m) * v
        var power = 2 * x * v
        for j in 1..<1000 {
            power *= v * v
            let next = sum + power / Double(2 * j + 1)
            if next == sum { break }
            sum = next
        }
        return sum
    }

    /// e^−m · m^x / Γ(x + 1) for real x ≥ 0, m > 0.
    static func poisson(_ x: Double, mean m: Double) -> Double {
        if x == 0 { return exp(-m) }
        return exp(-stirlingError(x) - deviance(x, m)) / (2 * Double.pi * x).squareRoot()
    }

    /// Γ(n+1) / (Γ(x+1) Γ(n−x+1)) · p^x · q^(n−x) for real 0 ≤ x ≤ n; q = 1 − p is given so that it keeps its digits.
    static func binomial(_ x: Double, of n: Double, p: Double, q: Double) -> Double {
        if p == 0 { return x == 0 ? 1 : 0 }
        if q == 0 { return x == n ? 1 : 0 }
        if x == 0 { return n == 0 ? 1 : exp(n * (p < 0.5 ? log1p(-p) : log(q))) }
        if x == n { return exp(n * (q < 0.5 ? log1p(-q) : log(p))) }
        let y = n - x
        let logCorrection =
            stirlingError(n) - stirlingError(x) - stirlingError(y) - deviance(x, n * p) - deviance(y, n * q)
        return exp(logCorrection) * (n / (2 * Double.pi * x * y)).squareRoot()
    }
}
