// Pearson's and Spearman's correlation.
import Foundation

/// A correlation coefficient with its interval and p.
package struct Correlation: Sendable, Hashable, Codable {
    /// The interval is nil at ±1 and for fewer than four pairs.
    package let estimate: Estimate
    /// Two-sided p from t = r √((n − 2)/(1 − r²)) with n − 2 degrees of freedom; 0 at ±1.
    package let p: Double

    /// Pearson's r; interval by Fisher's z with the standard error 1/√(n − 3).
    /// - Throws: `AgreementError.constantColumn` where either column is constant.
    package static func pearson(_ pairs: Pairs, confidence: Double = 0.95) throws(AgreementError) -> Correlation {
        try Correlation(r: CrossProducts(pairs).correlation, count: pairs.first.count, confidence: confidence) { _ in 1
        }
    }

    /// Spearman's ρ: Pearson's r of the midranks. Interval by Fisher's z with the standard error √((1 + ρ²/2)/(n − 3))
    /// (Bonett & Wright, Psychometrika 2000;65:23), which keeps its coverage where 1/√(n − 3) does not.
    package static func spearman(_ pairs: Pairs, confidence: Double = 0.95) throws(AgreementError) -> Correlation {
        let ranked = try Pairs(
            Ranking(pairs.first).ranks, Ranking(pairs.second).ranks, firstName: pairs.firstName,
            secondName: pairs.secondName)
        return try Correlation(r: CrossProducts(ranked).correlation, count: pairs.first.count, confidence: confidence) {
            1 + $0 * $0 / 2
        }
    }

    private init(r: Double, count: Int, confidence: Double, varianceFactor: (Double) -> Double) throws(AgreementError) {
        try Sample.checkFraction(confidence, name: "confidence")
        let n = Double(count)
        var interval: Interval?
        if abs(r) < 1, count > 3 {
            let margin = NormalDistribution().twoSided(confidence) * (varianceFactor(r) / (n - 3)).squareRoot()
            interval = Interval(lower: tanh(atanh(r) - margin), upper: tanh(atanh(r) + margin))
        }
        estimate = Estimate(r, interval, confidence: confidence)
        p = abs(r) < 1 ? StudentT(degreesOfFreedom: n - 2).twoSidedP(r * ((n - 2) / (1 - r * r)).squareRoot()) : 0
    }
}

/// Both columns' squares and their cross product.
struct CrossProducts {
    let first: Sample
    let second: Sample
    let correlation: Double

    /// - Throws: `AgreementError.constantColumn` naming the column.
    init(_ pairs: Pairs) throws(AgreementError) {
        first = Sample(pairs.first)
        second = Sample(pairs.second)
        guard first.squares > 0 else { throw .constantColumn(column: pairs.firstName) }
        guard second.squares > 0 else { throw .constantColumn(column: pairs.secondName) }
        var sum = 0.0
        for i in pairs.first.indices { sum += (pairs.first[i] - first.mean) * (pairs.second[i] - second.mean) }
        correlation = min(1, max(-1, sum / first.squares.squareRoot() / second.squares.squareRoot()))
    }
}
