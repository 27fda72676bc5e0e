// A Gaussian, or its second derivative, run along lines of voxels by a recursion of the fourth order.
import Foundation

/// Deriche's recursive approximation of a Gaussian and of its second derivative along one axis.
///
/// Constants and normalisation: G. Farnebäck and C.-F. Westin, "Improving Deriche-style recursive Gaussian filters", J. Math.
/// Imaging Vis. 26, 2006, as ITK's `RecursiveGaussianImageFilter` uses them. Sums run in ITK's order, so that results equal ITK's
/// to the last bit. Beyond the ends of a line the end values go on for ever.
struct RecursiveGaussian {
    /// Lines that are filtered side by side.
    typealias Lanes = SIMD8<Double>

    enum Order { case smoothing, secondDerivative }

    /// Weights of the input (`causal`: at and before the voxel; `anticausal`: after it) and of the output so far.
    private let causal: SIMD4<Double>
    private let anticausal: SIMD4<Double>
    private let feedback: SIMD4<Double>
    /// What stands for `feedback` where the recursion has not yet begun, per unit of the end value.
    private let causalStart: SIMD4<Double>
    private let anticausalStart: SIMD4<Double>

    /// - Parameters:
    ///   - sigma: in voxels, > 0.
    ///   - scale: what the result is multiplied by.
    init(_ order: Order, sigma: Double, scale: Double = 1) {
        let base = Oscillators(sigma: sigma)
        let sd = base.feedbackSums.sum
        // Table 4 of the paper: first entry of each pair for the Gaussian, second for its second derivative.
        let smoothing = base.causal(a1: 1.3530, b1: 1.8151, a2: -0.3531, b2: 0.0902)
        var causal: SIMD4<Double>
        switch order {
        case .smoothing:
            let sums = Oscillators.Sums(of: smoothing)
            causal = smoothing * (scale / (2 * sums.sum / sd - smoothing[0]))
        case .secondDerivative:
            let derivative = base.causal(a1: -1.3563, b1: 5.2318, a2: 0.3446, b2: -2.2355)
            let (s, t) = (Oscillators.Sums(of: smoothing), Oscillators.Sums(of: derivative))
            let beta = -(2 * t.sum - sd * derivative[0]) / (2 * s.sum - sd * smoothing[0])
            causal = derivative + beta * smoothing
            let (sn, dn, en) = (t.sum + beta * s.sum, t.first + beta * s.first, t.second + beta * s.second)
            let (dd, ed) = (base.feedbackSums.first, base.feedbackSums.second)
            let alpha = (en * sd * sd - ed * sn * sd - 2 * dn * dd * sd + 2 * dd * dd * sn) / (sd * sd * sd)
            causal *= scale / alpha
        }
        let d = base.feedback
        let later = SIMD4(
            causal[1] - d[0] * causal[0], causal[2] - d[1] * causal[0], causal[3] - d[2] * causal[0], -d[3] * causal[0])
        let (sn, sm) = (causal[0] + causal[1] + causal[2] + causal[3], later[0] + later[1] + later[2] + later[3])
        self.causal = causal
        anticausal = later
        feedback = d
        causalStart = d * sn / sd
        anticausalStart = d * sm / sd
    }

    /// Filters lines in place, eight side by side.
    ///
    /// - Parameters:
    ///   - x: `count` voxels, preceded and followed by room for 4 more.
    ///   - scratch: room for `count` voxels.
    func filter(_ x: UnsafeMutablePointer<Lanes>, scratch y: UnsafeMutablePointer<Lanes>, count: Int) {
        let first = x[0]
        let last = x[count - 1]
        for k in 0..<4 {
            x[-1 - k] = first
            x[count + k] = last
        }
        let (d0, d1, d2, d3) = (feedback[0], feedback[1], feedback[2], feedback[3])
        let (n0, n1, n2, n3) = (causal[0], causal[1], causal[2], causal[3])
        for i in 0..<4 {
            y[i] = x[i] * n0 + x[i - 1] * n1 + x[i - 2] * n2 + x[i - 3] * n3
            var past = i > 0 ? y[i - 1] * d0 : first * causalStart[0]
            for k in 1..<4 { past += i > k ? y[i - 1 - k] * feedback[k] : first * causalStart[k] }
            y[i] -= past
        }
        var (p0, p1, p2, p3) = (y[3], y[2], y[1], y[0])
        for i in 4..<count {
            let input = x[i] * n0 + x[i - 1] * n1 + x[i - 2] * n2 + x[i - 3] * n3
            let output = input - (p0 * d0 + p1 * d1 + p2 * d2 + p3 * d3)
            (p3, p2, p1, p0) = (p2, p1, p0, output)
            y[i] = output
        }
        let (m0, m1, m2, m3) = (anticausal[0], anticausal[1], anticausal[2], anticausal[3])
        // From the end backwards; a result takes the place of an input that is no longer needed.
        var (x1, x2, x3, x4) = (x[count], x[count], x[count], x[count])
        for back in 0..<count {
            let i = count - 1 - back
            let input = x1 * m0 + x2 * m1 + x3 * m2 + x4 * m3
            var past: Lanes
            if back >= 4 {
                past = p0 * d0 + p1 * d1 + p2 * d2 + p3 * d3
            } else {
                past = back > 0 ? p0 * d0 : last * anticausalStart[0]
                past += back > 1 ? p1 * d1 : last * anticausalStart[1]
                past += back > 2 ? p2 * d2 : last * anticausalStart[2]
                past += last * anticausalStart[3]
            }
            let output = input - past
            (p3, p2, p1, p0) = (p2, p1, p0, output)
            (x4, x3, x2, x1) = (x3, x2, x1, x[i])
            x[i] = y[i] + output
        }
    }
}

/// The two damped oscillations that make up the recursion.
private struct Oscillators {
    // Farnebäck and Westin 2006, table 4: frequencies and dampings, common to the Gaussian and its derivatives.
    private let sin1: Double
    private let cos1: Double
    private let exp1: Double
    private let sin2: Double
    private let cos2: Double
    private let exp2: Double
    let feedback: SIMD4<Double>
    let feedbackSums: Sums

    /// Σ cₖ, Σ k·cₖ and Σ k²·cₖ.
    struct Sums {
        let sum: Double
        let first: Double
        let second: Double

        /// Of weights k = 0…3.
        init(of c: SIMD4<Double>) {
            sum = c[0] + c[1] + c[2] + c[3]
            first = c[1] + 2 * c[2] + 3 * c[3]
            second = c[1] + 4 * c[2] + 9 * c[3]
        }

        /// Of 1 and of weights k = 1…4.
        init(ofFeedback d: SIMD4<Double>) {
            sum = 1 + d[0] + d[1] + d[2] + d[3]
            first = d[0] + 2 * d[1] + 3 * d[2] + 4 * d[3]
            second = d[0] + 4 * d[1] + 9 * d[2] + 16 * d[3]
        }
    }

    init(sigma: Double) {
        (sin1, cos1, exp1) = (sin(0.6681 / sigma), cos(0.6681 / sigma), exp(-1.3932 / sigma))
        (sin2, cos2, exp2) = (sin(2.0787 / sigma), cos(2.0787 / sigma), exp(-1.3732 / sigma))
        var d = SIMD4<Double>.zero
        d[3] = exp1 * exp1 * exp2 * exp2
        d[2] = -2 * cos1 * exp1 * exp2 * exp2
        d[2] += -2 * cos2 * exp2 * exp1 * exp1
        d[1] = 4 * cos2 * cos1 * exp1 * exp2
        d[1] += exp1 * exp1 + exp2 * exp2
        d[0] = -2 * (exp2 * cos2 + exp1 * cos1)
        feedback = d
        feedbackSums = Sums(ofFeedback: d)
    }

    /// The weights of the input for oscillations of these amplitudes.
    func causal(a1: Double, b1: Double, a2: Double, b2: Double) -> SIMD4<Double> {
        var n = SIMD4<Double>.zero
        n[0] = a1 + a2
        n[1] = exp2 * (b2 * sin2 - (a2 + 2 * a1) * cos2)
        n[1] += exp1 * (b1 * sin1 - (a1 + 2 * a2) * cos1)
        n[2] = (a1 + a2) * cos2 * cos1
        n[2] -= b1 * cos2 * sin1 + b2 * cos1 * sin2
        n[2] *= 2 * exp1 * exp2
        n[2] += a2 * exp1 * exp1 + a1 * exp2 * exp2
        n[3] = exp2 * exp1 * exp1 * (b2 * sin2 - a2 * cos2)
        n[3] += exp1 * exp2 * exp2 * (b1 * sin1 - a1 * cos1)
        return n
    }
}
