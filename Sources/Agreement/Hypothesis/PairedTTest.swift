// The paired t test.
import Foundation

/// Student's paired t test, two-sided.
package struct PairedTTest: Sendable, Hashable, Codable {
    /// first − second.
    package let meanDifference: Estimate
    package let t: Double
    package let degreesOfFreedom: Int
    package let p: Double
    /// Mean over SD of the differences (Cohen's d_z).
    package let effectSize: Double

    /// - Throws: `AgreementError.constantColumn` where all differences are equal.
    package init(_ pairs: Pairs, confidence: Double = 0.95) throws(AgreementError) {
        let agreement = try BlandAltman(pairs, confidence: confidence)
        let sd = agreement.standardDeviation.value
        meanDifference = agreement.bias
        t = agreement.bias.value / sd * Double(agreement.count).squareRoot()
        degreesOfFreedom = agreement.count - 1
        p = agreement.biasP
        effectSize = agreement.bias.value / sd
    }
}
