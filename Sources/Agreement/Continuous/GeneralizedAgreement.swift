// The generalized distribution of ICC(2,1), whose quantiles are its generalized confidence interval.
import Foundation

/// The generalized pivotal quantity of ICC(2,1) in the two-way random effects model without interaction.
///
/// Mean squares are replaced by R = SS / χ² with independent χ² of n − 1 (subjects), k − 1 (raters) and (n − 1)(k − 1) degrees of freedom:
/// ρ* = n (R_s − R_e) / (n R_s + k R_r + c R_e), c = nk − n − k. The rater's χ² is integrated exactly, the two others by the
/// trapezoidal rule over their normal scores, so that no random numbers are drawn.
/// Source: A. C. Ionan et al., BMC Med Res Methodol 2014;14:121 (the interval, and its comparison with others);
/// S. Weerahandi, J Am Stat Assoc 1993;88:899 (generalized intervals).
struct GeneralizedAgreement: Distribution {
    /// ρ* is counted from its lowest possible value, −n / c, so that the support begins at 0.
    let support: ClosedRange<Double>
    private let offset: Double
    private let subjects: Double
    private let raters: Double
    private let rest: Double
    private let raterSquares: Double
    private let rater: ChiSquared
    /// R and weight of each node.
    private let subjectNodes: [(value: Double, weight: Double)]
    private let errorNodes: [(value: Double, weight: Double)]

    /// - Parameter table: with three subjects and two raters at least, and a residual above 0.
    init(_ table: TwoWayTable) {
        let (n, k) = (Double(table.subjects), Double(table.raters))
        subjects = n
        raters = k
        rest = n * k - n - k
        offset = n / rest
        support = 0...(1 + n / rest)
        raterSquares = table.raterMS * (k - 1)
        rater = ChiSquared(degreesOfFreedom: k - 1)
        subjectNodes = Self.nodes(squares: table.subjectMS * (n - 1), freedom: n - 1, step: 0.25)
        errorNodes = Self.nodes(squares: table.residualMS * (n - 1) * (k - 1), freedom: (n - 1) * (k - 1), step: 0.35)
    }

    /// SS / χ² at equally spaced normal scores up to ±6.3, beyond which 3e-10 of the weight lies.
    /// χ² of many degrees of freedom hardly spreads, so that half the nodes are enough.
    private static func nodes(squares: Double, freedom: Double, step: Double) -> [(value: Double, weight: Double)] {
        let (normal, chi) = (NormalDistribution(), ChiSquared(degreesOfFreedom: freedom))
        let step = freedom > 100 ? 2 * step : step
        let reach = Int((6.3 / step).rounded())
        let scores = (-reach...reach).map { Double($0) * step }
        let total = scores.reduce(0) { $0 + normal.density($1) }
        return scores.compactMap { score in
            let value = score < 0 ? chi.quantile(normal.cumulative(score)) : chi.upperQuantile(normal.survival(score))
            return value.flatMap { $0 > 0 ? (squares / $0, normal.density(score) / total) : nil }
        }
    }

    func cumulative(_ x: Double) -> Double {
        let rho = x - offset
        var sum = 0.0
        for subject in subjectNodes {
            for error in errorNodes {
                // ρ* ≤ ρ where χ²_r is at most (ρ > 0) or at least (ρ < 0) numerator / room.
                let room = subjects * (1 - rho) * subject.value - (subjects + rho * rest) * error.value
                let numerator = rho * raters * raterSquares
                let weight = subject.weight * error.weight
                if room <= 0 {
                    sum += weight * (numerator >= 0 ? 1 : rater.survival(numerator / room))
                } else if numerator > 0 {
                    sum += weight * rater.cumulative(numerator / room)
                }
            }
        }
        return sum
    }

    func survival(_ x: Double) -> Double { 1 - cumulative(x) }

    /// The interval of ICC(2,1) that leaves `tail` on either side; nil where the quadrature finds none.
    func interval(tail: Double) -> Interval? {
        guard let low = quantile(tail), let high = upperQuantile(tail) else { return nil }
        return Interval(lower: low - offset, upper: high - offset)
    }
}
