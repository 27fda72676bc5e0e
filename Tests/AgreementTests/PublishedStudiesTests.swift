// Published reliability and accuracy studies from their data, means or effect sizes.
import Foundation
import Testing

@testable import Agreement

@Suite struct PublishedStudiesTests {
    /// Y. Ohashi et al., Bioengineering 2025;12:1004, §3.2: means and SDs of α-angles on a phantom of 70 degrees, and the bias and limits
    /// printed beside them.
    @Test(arguments: [
        ("manual", 64.0, 4.7, -6.0, -15.2, 3.2), ("static images", 69.3, 10.4, -0.7, -21.1, 19.7),
        ("dynamic images", 69.2, 2.4, -0.8, -5.5, 3.9),
    ])
    func `alpha angles on a phantom of 70 degrees: manual, static and dynamic`(
        method: String, mean: Double, sd: Double, bias: Double, lower: Double, upper: Double
    ) throws {
        // The limits do not depend on n, which the paper leaves open; 40 stands in.
        let agreement = try BlandAltman(count: 40, mean: mean - 70, standardDeviation: sd)
        #expect(abs(agreement.bias.value - bias) < 1e-9)
        #expect(abs(agreement.lowerLimit.value - lower) < 0.051)
        #expect(abs(agreement.upperLimit.value - upper) < 0.051)
    }

    /// The same paper, §3.1: 7 trained clinicians, 7 residents and 16 students; η² = 0.291, f = 0.64, post hoc power 0.85.
    @Test func `effect size and power of the operator study: f 0.64 and 0.85 from eta squared 0.291 and 30 operators`()
    {
        let f = OneWayANOVA.cohensF(etaSquared: 0.291)
        #expect(abs(f - 0.64) < 0.005)
        #expect(abs(OneWayANOVA.power(cohensF: f, groups: 3, count: 30) - 0.85) < 0.005)
    }

    /// Psychol Bull 1979;86:420, tables 2 and 4. The ratings are the example `sf` of R's psych 2.2.9 (ICC); the six values are quoted to the
    /// paper by other programs' tests too (ICC(2,1) = 184/635, ICC(3,1) = 920/1287).
    @Test func `the six forms of Shrout and Fleiss 1979, table 4`() throws {
        let ratings = try ContinuousData().ratings("shroutfleiss")
        #expect(ratings == [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
        let correlation = try IntraclassCorrelation(ratings)
        for (result, published) in zip(correlation.results, [0.17, 0.44, 0.29, 0.62, 0.71, 0.91]) {
            #expect(abs(result.estimate.value - published) < 0.005, "\(result.form)")
        }
        #expect(abs((correlation[.agreementSingle]?.estimate.value ?? 0) - 184.0 / 635) < 1e-12)
        #expect(abs((correlation[.consistencySingle]?.estimate.value ?? 0) - 920.0 / 1287) < 1e-12)
    }

    /// The patients of DeLong, DeLong and Clarke-Pearson 1988 with all three tests. Areas, standard errors and comparisons with the K-G
    /// score to four places from pROC 1.18.0: `roc(…, direction = "<")`, `roc.test(…, method = "delong")`.
    @Test func `the three tests of DeLong 1988`() throws {
        let data = try PublishedData()
        let outcomes = try data("ovarian/outcome").map { $0 == 1 }
        let reference = try data("ovarian/kg")
        #expect(abs(try AreaUnderROC(ScoredCases(scores: reference, outcomes: outcomes)).area - 0.7258) < 0.00005)
        for (name, area, error, difference, lower, upper, p) in [
            ("ovarian/albumin", 0.7366, 0.0927, 0.0108, -0.1761, 0.1976, 0.9102),
            ("ovarian/protein", 0.6478, 0.1000, -0.0780, -0.2830, 0.1271, 0.4561),
        ] {
            let test = try DeLongTest.paired(first: data(name), second: reference, outcomes: outcomes)
            #expect(abs(test.first.area - area) < 0.00005)
            #expect(abs((test.first.standardError ?? 0) - error) < 0.00005)
            #expect(abs(test.difference.value - difference) < 0.00005)
            #expect(abs((test.difference.interval?.lower ?? 0) - lower) < 0.00005)
            #expect(abs((test.difference.interval?.upper ?? 0) - upper) < 0.00005)
            #expect(abs(test.pValue - p) < 0.00005)
        }
    }
}
