// The Shapiro–Wilk test of normality.
import Foundation

/// W and its p by Royston's approximation, for 3 to 5000 values.
/// Source: P. Royston, Algorithm AS R94, Applied Statistics 1995;44:547 (all polynomials below).
package struct ShapiroWilk: Sendable, Hashable, Codable {
    package let w: Double
    package let p: Double

    /// - Throws: `AgreementError` for fewer than 3 or more than 5000 values, one that is not finite, or equal values.
    package init(_ values: [Double]) throws(AgreementError) {
        try Sample.check(values, column: "value", what: "values", required: 3)
        guard values.count <= 5000 else { throw .tooManyRows(count: values.count, limit: 5000) }
        let squares = Sample(values).squares
        guard squares > 0 else { throw .constantColumn(column: "value") }
        let sorted = values.sorted()
        let weights = Self.weights(values.count)
        var sum = 0.0
        var weightSquares = 0.0
        // The weights are antisymmetric: the largest against the smallest, and inwards.
        for (i, weight) in weights.enumerated() {
            sum += weight * (sorted[values.count - 1 - i] - sorted[i])
            weightSquares += 2 * weight * weight
        }
        let norm = (weightSquares * squares).squareRoot()
        let oneMinusW = max(0, (norm - sum) * (norm + sum) / (weightSquares * squares))
        w = 1 - oneMinusW
        p = Self.p(oneMinusW: oneMinusW, count: values.count)
    }

    /// The weights of the upper half, from the largest value inwards.
    private static func weights(_ count: Int) -> [Double] {
        if count == 3 { return [(0.5 as Double).squareRoot()] }
        let n = Double(count)
        let normal = NormalDistribution()
        let m = (1...(count / 2)).map { normal.upperQuantile((Double($0) - 0.375) / (n + 0.25)) ?? 0 }
        let squares = 2 * m.reduce(0) { $0 + $1 * $1 }
        let root = 1 / n.squareRoot()
        let first =
            polynomial([0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056], root) + m[0] / squares.squareRoot()
        guard count > 5 else {
            let factor = ((squares - 2 * m[0] * m[0]) / (1 - 2 * first * first)).squareRoot()
            return [first] + m.dropFirst().map { $0 / factor }
        }
        let second =
            polynomial([0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], root) + m[1] / squares.squareRoot()
        let factor =
            ((squares - 2 * m[0] * m[0] - 2 * m[1] * m[1]) / (1 - 2 * first * first - 2 * second * second))
            .squareRoot()
        return [first, second] + m.dropFirst(2).map { $0 / factor }
    }

    private static func p(oneMinusW: Double, count: Int) -> Double {
        if count == 3 {
            // The exact distribution for three values.
            let w = 1 - oneMinusW
            return max(0, 6 / Double.pi * (asin(w.squareRoot()) - asin((0.75 as Double).squareRoot())))
        }
        guard oneMinusW > 0 else { return 1 }
        let n = Double(count)
        var y = log(oneMinusW)
        let mean: Double
        let sd: Double
        if count <= 11 {
            let gamma = polynomial([-2.273, 0.459], n)
            guard y < gamma else { return 0 }
            y = -log(gamma - y)
            mean = polynomial([0.544, -0.39978, 0.025054, -6.714e-4], n)
            sd = exp(polynomial([1.3822, -0.77857, 0.062767, -0.0020322], n))
        } else {
            mean = polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], log(n))
            sd = exp(polynomial([-0.4803, -0.082676, 0.0030302], log(n)))
        }
        return NormalDistribution().survival((y - mean) / sd)
    }

    private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
        coefficients.reversed().reduce(0) { $0 * x + $1 }
    }
}
