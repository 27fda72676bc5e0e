import Testing

@testable import Agreement

@Suite struct AgreementSampleSizeTests {
    @Test func `power equals the same formula in SciPy, and the count is the smallest that reaches it`() throws {
        func power(_ count: Int) -> Double {
            AgreementSampleSize.power(
                count: count, meanDifference: 0.001167, standardDeviation: 0.001129, maximumDifference: 0.004)
        }
        // SciPy 1.17.1: 1 - sum(nct.cdf(t.ppf(.975, 82), 82, (d - z*s -+ mu) / se)).
        #expect(relativeDifference(power(83), 0.8218532713866333) < 1e-9)
        let count = try AgreementSampleSize.count(
            power: 0.8, meanDifference: 0.001167, standardDeviation: 0.001129, maximumDifference: 0.004)
        #expect(power(count) >= 0.8)
        #expect(power(count - 1) < 0.8)
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
