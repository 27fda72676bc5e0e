import Foundation
import Testing

@testable import Agreement

@Suite struct BlandAltmanTests {
    @Test func `a known reference is subtracted`() throws {
        let agreement = try BlandAltman(measurements: [69, 71, 73], reference: 70)
        #expect(agreement.bias.value == 1)
        #expect(agreement.standardDeviation.value == 2)
    }

    @Test func `ratios come back from logarithms`() throws {
        let ratio = try RatioLimits(Pairs([2, 4, 9], [1, 2, 3]))
        #expect(abs(ratio.meanRatio.value - pow(12, 1.0 / 3)) < 1e-12)
        #expect(abs(ratio.lowerLimit.value * ratio.upperLimit.value - pow(ratio.meanRatio.value, 2)) < 1e-9)
    }

    @Test func `per-cent differences are of the mean of both`() throws {
        #expect(try Pairs([110, 90, 3], [90, 110, 1]).percentDifferences() == [20, -20, 100])
    }

    @Test func `constant and varying truth agree on balanced pairs with independent errors of known size`() throws {
        // Means of differences 1, 2, 3 (variance 1); each pair ± 1 around it: within variance 2, m = 2.
        let repeated = try RepeatedLimits(varyingTruth: [[0, 2], [1, 3], [2, 4]])
        #expect(repeated.bias.value == 2)
        #expect(abs(repeated.standardDeviation - 2.0.squareRoot()) < 1e-12)
        // The second method repeats exactly, so only the first adds half its variance.
        let constant = try RepeatedLimits(constantTruth: [[0, 2], [1, 3], [2, 4]], [[0, 0], [0, 0], [0, 0]])
        #expect(abs(constant.standardDeviation - 2.0.squareRoot()) < 1e-12)
    }

    @Test func `limits that widen with the mean are found`() throws {
        let a = (1...60).map { Double($0) }
        let b = a.enumerated().map { $1 * (1 + ($0 % 2 == 0 ? 0.1 : -0.1)) }
        let bias = try ProportionalBias(Pairs(a, b))
        #expect(bias.isSpreadProportional)
        let (small, large) = (bias.limits(at: 5), bias.limits(at: 50))
        #expect(large.upper - large.lower > 5 * (small.upper - small.lower))
    }

    @Test func `non-parametric limits have no interval where there are too few pairs`() throws {
        let few = try NonparametricLimits(differences: (0..<100).map { Double($0) })
        #expect(few.lowerLimit.interval == nil)
        #expect(abs(few.lowerLimit.value - 1.525) < 1e-9)  // (101 · 0.025 = 2.525th value) from 0
        let many = try NonparametricLimits(differences: (0..<200).map { Double($0) })
        #expect(many.lowerLimit.interval != nil)
    }

    @Test func `bad numbers are named by row and column`() throws {
        #expect(throws: AgreementError.tooFew(what: "pairs", count: 2, required: 3)) { try Pairs([1, 2], [1, 2]) }
        #expect(throws: AgreementError.notFinite(row: 2, column: "B")) {
            try Pairs([1, 2, 3], [1, .nan, 3], firstName: "A", secondName: "B")
        }
        #expect(throws: AgreementError.lengthsDiffer(first: "first", firstCount: 3, second: "second", secondCount: 2)) {
            try Pairs([1, 2, 3], [1, 2])
        }
        #expect(throws: AgreementError.constantColumn(column: "difference")) {
            try BlandAltman(Pairs([1.1, 2.1, 3.1], [1.1, 2.1, 3.1]))
        }
        #expect(throws: AgreementError.notPositive(row: 3, column: "first", value: 0)) {
            try RatioLimits(Pairs([1, 2, 0], [1, 2, 3]))
        }
        #expect(throws: AgreementError.constantColumn(column: "second")) {
            try Concordance(Pairs([1, 2, 3], [2, 2, 2]))
        }
        #expect(throws: AgreementError.unbalanced(row: 2, column: "rater", count: 1, expected: 2)) {
            try IntraclassCorrelation([[1, 2], [3], [4, 5]])
        }
        #expect(throws: AgreementError.outOfRange(row: 1, column: "p", value: 1.5, allowed: "between 0 and 1")) {
            try MultipleTesting.holm.adjusted([1.5])
        }
    }
}
