import Foundation
import Testing

@testable import Agreement

/// The readings and figures of 1986 and 1999 were written down from memory and not yet compared with the papers: they guard the
/// formulas against change and are no proof of agreement with print.
@Suite struct PublishedAgreementTests {
    @Test func `the peak flow meters of Bland and Altman 1986`() throws {
        let pairs = try ContinuousData().pairs("peakflow")
        let agreement = try BlandAltman(pairs)
        #expect(abs(agreement.bias.value - -2.1) < 0.05)
        #expect(abs(agreement.standardDeviation.value - 38.8) < 0.05)
        // The paper takes 2 SD: −79.7 to 75.5 litres a minute.
        let (low, high) = (
            agreement.bias.value - 2 * agreement.standardDeviation.value,
            agreement.bias.value + 2 * agreement.standardDeviation.value
        )
        #expect(abs(low - -79.7) < 0.1)
        #expect(abs(high - 75.5) < 0.1)
        #expect(abs((agreement.bias.interval?.lower ?? 0) - -22.0) < 0.1)
        #expect(abs((agreement.bias.interval?.upper ?? 0) - 17.8) < 0.1)
        #expect(abs(try Correlation.pearson(pairs).estimate.value - 0.94) < 0.005)
    }

    @Test func `the repeated peak flow readings of Bland and Altman 1986`() throws {
        let wright: [[Double]] = [
            [494, 490], [395, 397], [516, 512], [434, 401], [476, 470], [557, 611], [413, 415], [442, 431], [650, 638],
            [433, 429], [417, 420], [656, 633], [267, 275], [478, 492], [178, 165], [423, 372], [427, 421],
        ]
        let mini: [[Double]] = [
            [512, 525], [430, 415], [520, 508], [428, 444], [500, 500], [600, 625], [364, 460], [380, 390], [658, 642],
            [445, 432], [432, 420], [626, 605], [260, 227], [477, 467], [259, 268], [350, 370], [451, 443],
        ]
        // The paper's table 1 gives 21.6 and 28.2 as SDs of the differences between repeats (mean 0 assumed): √2 s_w.
        #expect(abs(try Repeatability(wright).withinSubjectSD.value * 2.0.squareRoot() - 21.6) < 0.1)
        #expect(abs(try Repeatability(mini).withinSubjectSD.value * 2.0.squareRoot() - 28.2) < 0.1)
        // Means of repeats: a bias of 6.0 (whichever is subtracted); corrected SD 37.7.
        let repeated = try RepeatedLimits(constantTruth: wright, mini)
        #expect(abs(abs(repeated.bias.value) - 6.0) < 0.1)
        #expect(abs(repeated.standardDeviation - 37.7) < 0.1)
    }

    @Test func `the blood pressures of Bland and Altman 1999 from their mean and SD`() throws {
        let agreement = try BlandAltman(count: 85, mean: -16.29, standardDeviation: 19.61)
        #expect(abs((agreement.bias.interval?.lower ?? 0) - -20.5) < 0.05)
        #expect(abs((agreement.bias.interval?.upper ?? 0) - -12.1) < 0.05)
        #expect(abs(agreement.lowerLimit.value - -54.7) < 0.05)
        #expect(abs(agreement.upperLimit.value - 22.1) < 0.06)
        #expect(abs(agreement.lowerLimit.approximate.lower - -61.9) < 0.1)
        #expect(abs(agreement.lowerLimit.approximate.upper - -47.5) < 0.1)
        // The paper adds rounded figures, which moves these by up to 0.1.
        #expect(abs(agreement.upperLimit.approximate.lower - 14.9) < 0.1)
        #expect(abs(agreement.upperLimit.approximate.upper - 29.3) < 0.11)
    }

    @Test(arguments: [
        (64.0, 4.7, -6.0, -15.2, 3.2), (69.3, 10.4, -0.7, -21.1, 19.7), (69.2, 2.4, -0.8, -5.5, 3.9),
    ])
    func `alpha angles on a phantom of 70 degrees: manual, static and dynamic`(
        mean: Double, sd: Double, bias: Double, lower: Double, upper: Double
    ) throws {
        // The limits do not depend on n, which the paper leaves open; 100 stands in.
        let agreement = try BlandAltman(count: 100, mean: mean - 70, standardDeviation: sd)
        #expect(abs(agreement.bias.value - bias) < 1e-9)
        #expect(abs(agreement.lowerLimit.value - lower) < 0.051)
        #expect(abs(agreement.upperLimit.value - upper) < 0.051)
    }

    @Test func `effect size and power of the operator study: f 0.64 and 0.85 from eta squared 0.291 and 30 operators`()
    {
        let f = OneWayANOVA.cohensF(etaSquared: 0.291)
        #expect(abs(f - 0.64) < 0.005)
        #expect(abs(OneWayANOVA.power(cohensF: f, groups: 3, count: 30) - 0.85) < 0.005)
    }

    @Test func `the six forms of Shrout and Fleiss 1979, table 4`() throws {
        let results = try IntraclassCorrelation(ContinuousData().ratings("shroutfleiss")).results
        for (result, published) in zip(results, [0.17, 0.44, 0.29, 0.62, 0.71, 0.91]) {
            #expect(abs(result.estimate.value - published) < 0.005, "\(result.form)")
        }
    }
}
