// The pressure that a point source makes on a grid, which a fine sphere does not.
import Foundation

/// Green's function of the seven-point Laplacian on an infinite grid with one permeability along each axis.
///
/// G(n) = ∫₀^∞ ∏ₐ exp(−2 kₐ s) I_{nₐ}(2 kₐ s) ds solves Σₐ kₐ (2 G(n) − G(n + eₐ) − G(n − eₐ)) = δ(n). For equal k of 1,
/// G(0) = 0.252731, the Watson integral (Glasser and Zucker 1977, PNAS 74:1800).
struct LatticeGreen {
    private let k: SIMD3<Double>
    private var known: [SIMD3<Int>: Double] = [:]

    /// - Parameter permeability: along the axes, any unit; values have its inverse.
    init(permeability: SIMD3<Double>) { k = permeability }

    /// - Parameter offset: grid steps between source and cell.
    mutating func value(_ offset: SIMD3<Int>) -> Double {
        let n = SIMD3(abs(offset.x), abs(offset.y), abs(offset.z))
        if let value = known[n] { return value }
        let value = n.max() > Self.nearSteps ? farValue(n) : integral(n)
        known[n] = value
        return value
    }

    /// Beyond this many steps the continuous solution is within 1 % (5 steps: 1 + 1/(4·25), our choice).
    private static let nearSteps = 5

    private func farValue(_ n: SIMD3<Int>) -> Double {
        let d = SIMD3(Double(n.x), Double(n.y), Double(n.z))
        let squared = d * d / k
        return 1 / (4 * .pi * (k.x * k.y * k.z).squareRoot() * squared.sum().squareRoot())
    }

    private func integral(_ n: SIMD3<Int>) -> Double {
        // Substituting s = exp(u): the integrand falls exponentially at both ends, where the trapezoid rule is exact to rounding.
        let step = 0.1
        let scale = 1 / k.max()
        var sum = 0.0
        for i in 0...Int((Self.lastLog - Self.firstLog) / step) {
            let s = scale * exp(Self.firstLog + Double(i) * step)
            var product = s
            for axis in 0..<3 { product *= scaledBessel(n[axis], at: 2 * k[axis] * s) }
            sum += product
        }
        return sum * step
    }

    private static let firstLog = -40.0
    private static let lastLog = 40.0
}

/// exp(−x) Iₙ(x) for n up to about 6 and x ≥ 0.
private func scaledBessel(_ n: Int, at x: Double) -> Double {
    if x > 400 {
        // Abramowitz and Stegun 1964, 9.7.1.
        let mu = 4 * Double(n * n)
        let t = 1 / (8 * x)
        let series =
            1 - (mu - 1) * t * (1 - (mu - 9) * t / 2 * (1 - (mu - 25) * t / 3 * (1 - (mu - 49) * t / 4)))
        return series / (2 * .pi * x).squareRoot()
    }
    if x < 1e-12 { return n == 0 ? 1 : 0 }
    // Downward recurrence, normalised by I₀ + 2 Σ Iₙ = exp(x) (Abramowitz and Stegun 1964, 9.6.26 and 9.6.37).
    var above = 0.0
    var here = 1e-300
    var sum = 0.0
    var wanted = 0.0
    for order in (0...n + 20 + Int(9 * x.squareRoot())).reversed() {
        let below = above + 2 * Double(order + 1) / x * here
        if below > 1e200 {
            above = here / below
            sum /= below
            wanted /= below
            here = 1
        } else {
            above = here
            here = below
        }
        sum += order == 0 ? here : 2 * here
        if order == n { wanted = here }
    }
    return wanted / sum
}
