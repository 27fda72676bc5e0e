// The regularised incomplete beta function, both tails.
import Foundation

/// I_x(a, b) and its complement, each accurate to its own size.
/// Source: NIST DLMF 8.17.22 (continued fraction), evaluated by Lentz's method; prefactor by `SaddlePoint`.
enum IncompleteBeta {
    /// - Parameters:
    ///   - x: between 0 and 1.
    ///   - y: 1 − x, given apart so that neither loses digits.
    /// - Returns: I_x(a, b) and 1 − I_x(a, b), for a, b > 0.
    static func tails(a: Double, b: Double, x: Double, y: Double) -> (lower: Double, upper: Double) {
        if x <= 0 { return (0, 1) }
        if y <= 0 { return (1, 0) }
        if x <= (a + 1) / (a + b + 2) {
            let lower = prefactor(a: a, b: b, x: x, y: y) * fraction(a: a, b: b, x: x, y: y) / a
            return (lower, 1 - lower)
        }
        let upper = prefactor(a: b, b: a, x: y, y: x) * fraction(a: b, b: a, x: y, y: x) / b
        return (1 - upper, upper)
    }

    /// x^a y^b / B(a, b).
    static func prefactor(a: Double, b: Double, x: Double, y: Double) -> Double {
        SaddlePoint.binomial(a, of: a + b, p: x, q: y) * (a / (a + b)) * b
    }

    /// DLMF 8.17.22, which converges in some √max(a, b) steps below the mean.
    private static func fraction(a: Double, b: Double, x: Double, y: Double) -> Double {
        let tiny = 1e-300
        var c = 1.0
        var d = 1 - (a + b) * x / (a + 1)
        d = 1 / (abs(d) < tiny ? tiny : d)
        var result = d
        for step in 1..<200_000 {
            let m = Double(step)
            for coefficient in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 + coefficient * d
                d = 1 / (abs(d) < tiny ? tiny : d)
                c = 1 + coefficient / c
                c = abs(c) < tiny ? tiny : c
                result *= c * d
            }
            if abs(c * d - 1) < 1e-16 { break }
        }
        return result
    }
}
