// A straight line by least squares.
import Foundation

/// y = intercept + slope · x by ordinary least squares, with t intervals.
package struct LinearRegression: Sendable, Hashable, Codable {
    package let intercept: Estimate
    package let slope: Estimate
    /// Two-sided p of a slope of 0; nil where the points lie exactly on the line.
    package let slopeP: Double?
    /// √(Σ residual² / (n − 2)).
    package let residualSD: Double

    /// - Throws: `AgreementError` for fewer than three points or a constant x.
    package init(
        x: [Double], y: [Double], xName: String = "x", yName: String = "y", confidence: Double = 0.95
    ) throws(AgreementError) {
        let pairs = try Pairs(x, y, firstName: xName, secondName: yName)
        try Sample.checkFraction(confidence, name: "confidence")
        let (sx, sy) = (Sample(pairs.first), Sample(pairs.second))
        guard sx.squares > 0 else { throw .constantColumn(column: xName) }
        var products = 0.0
        for i in x.indices { products += (x[i] - sx.mean) * (y[i] - sy.mean) }
        let slope = products / sx.squares
        let intercept = sy.mean - slope * sx.mean
        var residuals = 0.0
        for i in x.indices {
            let residual = (y[i] - sy.mean) - slope * (x[i] - sx.mean)
            residuals += residual * residual
        }
        let n = Double(x.count)
        residualSD = (residuals / (n - 2)).squareRoot()
        let student = StudentT(degreesOfFreedom: n - 2)
        let t = student.twoSided(confidence)
        let slopeError = residualSD / sx.squares.squareRoot()
        let interceptError = residualSD * (1 / n + sx.mean * sx.mean / sx.squares).squareRoot()
        self.slope = Estimate(
            slope, Interval(lower: slope - t * slopeError, upper: slope + t * slopeError), confidence: confidence)
        self.intercept = Estimate(
            intercept, Interval(lower: intercept - t * interceptError, upper: intercept + t * interceptError),
            confidence: confidence)
        slopeP = slopeError > 0 ? student.twoSidedP(slope / slopeError) : nil
    }

    /// The line's value.
    package func value(at x: Double) -> Double { intercept.value + slope.value * x }
}
