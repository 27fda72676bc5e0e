// The pressure that a point source makes on a grid, which a fine sphere does not.
import Foundation

/// Green's function of the seven-point Laplacian on an infinite grid with one permeability along each axis.
///
/// G(n) = ∫₀^∞ ∏ₐ exp(−2 kₐ s) I_{nₐ}(2 kₐ s) ds solves Σₐ kₐ (2 G(n) − G(n + eₐ) − G(n − eₐ)) = δ(n). For equal k of 1,
/// G(0) = 0.252731, the Watson integral (Glasser and Zucker 1977, PNAS 74:1800).
enum LatticeGreen {
    /// - Parameters:
    ///   - offset: grid steps between source and cell, each −1, 0 or 1.
    ///   - permeability: along the axes, any unit; the value has its inverse.
    static func value(offset: SIMD3<Int>, permeability k: SIMD3<Double>) -> Double {
        // Substituting s = exp(u): the integrand falls exponentially at both ends, where the trapezoid rule is exact to rounding.
        let step = 0.05
        let scale = 1 / k.max()
        var sum = 0.0
        for n in 0...Int((lastLog - firstLog) / step) {
            let s = scale * exp(firstLog + Double(n) * step)
            var product = s
            for axis in 0..<3 { product *= scaledBessel(offset[axis] == 0 ? 0 : 1, at: 2 * k[axis] * s) }
            sum += product
        }
        return sum * step
    }

    private static let firstLog = -40.0
    private static let lastLog = 40.0

    /// exp(−x) I₀(x) or exp(−x) I₁(x) for x ≥ 0; polynomials of Abramowitz and Stegun 1964, 9.8.1–9.8.4, error < 3e-7.
    private static func scaledBessel(_ order: Int, at x: Double) -> Double {
        if x < 3.75 {
            let t = x / 3.75 * (x / 3.75)
            let series =
                order == 0
                ? polynomial(t, [1, 3.515_622_9, 3.089_942_4, 1.206_749_2, 0.265_973_2, 0.036_076_8, 0.004_581_3])
                : x
                    * polynomial(
                        t, [0.5, 0.878_905_94, 0.514_988_69, 0.150_849_34, 0.026_587_33, 0.003_015_32, 0.000_324_11])
            return series * exp(-x)
        }
        let t = 3.75 / x
        let series =
            order == 0
            ? polynomial(
                t,
                [
                    0.398_942_28, 0.013_285_92, 0.002_253_19, -0.001_575_65, 0.009_162_81, -0.020_577_06,
                    0.026_355_37, -0.016_476_33, 0.003_923_77,
                ])
            : polynomial(
                t,
                [
                    0.398_942_28, -0.039_880_24, -0.003_620_18, 0.001_638_01, -0.010_315_55, 0.022_829_67,
                    -0.028_953_12, 0.017_876_54, -0.004_200_59,
                ])
        return series / x.squareRoot()
    }

    private static func polynomial(_ t: Double, _ coefficients: [Double]) -> Double {
        coefficients.reversed().reduce(0) { $0 * t + $1 }
    }
}
