import Testing

@testable import Agreement

@Suite struct AgreementSampleSizeTests {
    @Test func `power equals the same formula in SciPy and SimplyAgree, and the count is the smallest that reaches it`()
        throws
    {
        func power(_ count: Int) -> Double {
            AgreementSampleSize.power(
                count: count, meanDifference: 0.001167, standardDeviation: 0.001129, maximumDifference: 0.004)
        }
        // SciPy 1.17.1: 1 - sum(nct.cdf(t.ppf(.975, n - 1), n - 1, (d - z*s -+ mu) / se)).
        #expect(relativeDifference(power(83), 0.8218532713866333) < 1e-9)
        #expect(relativeDifference(power(79), 0.8022956074966436) < 1e-9)
        let count = try AgreementSampleSize.count(
            power: 0.8, meanDifference: 0.001167, standardDeviation: 0.001129, maximumDifference: 0.004)
        // The paper and MedCalc print 83 for these figures; the paper's formulas give 79, here as in SimplyAgree (whose issue 44 reports
        // the difference) and in SciPy.
        #expect(count == 79)
        #expect(power(count - 1) < 0.8)
    }

    /// Powers that SimplyAgree's own tests state (tests/testthat/test-blandPowerCurve.R): difference 0.5, limit 7.
    @Test(arguments: [
        (59, 2.5, 0.799), (78, 2.5, 0.901), (82, 2.6, 0.801), (108, 2.6, 0.900), (117, 2.7, 0.7999), (156, 2.7, 0.900),
    ])
    func `power is SimplyAgree's`(count: Int, sd: Double, expected: Double) {
        let power = AgreementSampleSize.power(
            count: count, meanDifference: 0.5, standardDeviation: sd, maximumDifference: 7)
        #expect(abs(power - expected) < 0.001)
    }

    @Test func `limits as wide as the maximum difference need no study`() {
        #expect(throws: AgreementError.self) {
            try AgreementSampleSize.count(power: 0.8, meanDifference: 0, standardDeviation: 1, maximumDifference: 1.9)
        }
    }

    @Test func `an interval of a limit within a third of an SD takes more pairs than one within half`() throws {
        let third = try AgreementSampleSize.count(halfWidthInSD: 1.0 / 3)
        #expect(try third > AgreementSampleSize.count(halfWidthInSD: 0.5))
        // Bland & Altman's rule of thumb 1.96 sqrt(3/n) SD gives 104 for a third.
        #expect(abs(third - 104) <= 5)
    }
}
