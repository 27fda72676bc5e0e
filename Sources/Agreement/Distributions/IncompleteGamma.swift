// The regularised incomplete gamma function, both tails.
import Foundation

/// P(a, x) and Q(a, x), each accurate to its own size.
/// Source: NIST DLMF 8.11.4 (series) and 8.9.2 (continued fraction); prefactor by `SaddlePoint`.
enum IncompleteGamma {
    /// - Returns: P(a, x) and Q(a, x) = 1 − P(a, x), for a > 0, x ≥ 0.
    static func tails(a: Double, x: Double) -> (lower: Double, upper: Double) {
        if x <= 0 { return (0, 1) }
        if x.isInfinite { return (1, 0) }
        let term = SaddlePoint.poisson(a, mean: x)  // x^a e^−x / Γ(a + 1)
        if x < a + 1 {
            let lower = term * series(a: a, x: x)
            return (lower, 1 - lower)
        }
        let upper = term * a * fraction(a: a, x: x)
        return (1 - upper, upper)
    }

    private static func series(a: Double, x: Double) -> Double {
        var term = 1.0
        var sum = 1.0
        var n = a
        while term > sum * 1e-17 {
            n += 1
            term *= x / n
            sum += term
        }
        return sum
    }

    private static func fraction(a: Double, x: Double) -> Double {
        let tiny = 1e-300
        var b = x + 1 - a
        var c = 1 / tiny
        var d = 1 / (b == 0 ? tiny : b)
        var result = d
        for step in 1..<1_000_000 {
            let i = Double(step)
            let numerator = -i * (i - a)
            b += 2
            d = numerator * d + b
            d = 1 / (abs(d) < tiny ? tiny : d)
            c = b + numerator / c
            c = abs(c) < tiny ? tiny : c
            result *= c * d
            if abs(c * d - 1) < 1e-16 { break }
        }
        return result
    }
}
