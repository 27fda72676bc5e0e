// Bias and limits that change with the size of what is measured.
import Foundation

/// The differences regressed on the means, and the absolute residuals regressed on the means.
///
/// Limits at A: b₀ + b₁A ± z √(π/2) (c₀ + c₁A), since |normal| has the mean SD·√(2/π). Where the spread does not change with A
/// (p of c₁ at 0.05 or above), z times the residual SD is used instead.
/// Source: Bland & Altman, Stat Methods Med Res 1999;8:135, §3.2.
package struct ProportionalBias: Sendable, Hashable, Codable {
    /// Difference on mean: b₀, b₁.
    package let difference: LinearRegression
    /// |residual| on mean: c₀, c₁.
    package let spread: LinearRegression
    package let coverage: Double

    /// - Throws: `AgreementError.constantColumn` where all means are equal, and what `LinearRegression` throws.
    package init(_ pairs: Pairs, coverage: Double = 0.95, confidence: Double = 0.95) throws(AgreementError) {
        try Sample.checkFraction(coverage, name: "coverage")
        let (means, differences) = (pairs.means, pairs.differences)
        let line = try LinearRegression(
            x: means, y: differences, xName: "mean of \(pairs.firstName) and \(pairs.secondName)",
            yName: "difference", confidence: confidence)
        let residuals = zip(means, differences).map { abs($1 - line.value(at: $0)) }
        difference = line
        spread = try LinearRegression(x: means, y: residuals, xName: "mean", yName: "residual", confidence: confidence)
        self.coverage = coverage
    }

    /// Whether the spread changes with the mean at the 5 % level.
    package var isSpreadProportional: Bool { (spread.slopeP ?? 1) < 0.05 }

    /// Centre and limits at a mean; a spread below 0 counts as 0.
    package func limits(at mean: Double) -> (lower: Double, bias: Double, upper: Double) {
        let z = NormalDistribution().twoSided(coverage)
        let bias = difference.value(at: mean)
        let sd =
            isSpreadProportional
            ? max(0, spread.value(at: mean)) * (Double.pi / 2).squareRoot() : difference.residualSD
        return (bias - z * sd, bias, bias + z * sd)
    }
}
