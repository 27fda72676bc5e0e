// The generalized interval of ICC(2,1).
import Testing

@testable import Agreement

@Suite struct GeneralizedAgreementTests {
    /// SciPy 1.17.1: the same distribution on 400 × 400 Gauss–Legendre nodes over ±8.5 normal scores of chi2.ppf and chi2.isf, its 2.5 and
    /// 97.5 % points by brentq.
    @Test(arguments: [
        ("shroutfleiss", 0.026818160570090243, 0.7454994409158545), ("ties", 0.008320335636191362, 0.9315754911353364),
        ("skew", 0.66679168932359, 0.9615528012249397),
    ])
    func `limits equal a finer quadrature`(set: String, lower: Double, upper: Double) throws {
        let interval = try #require(
            try IntraclassCorrelation(ContinuousData().ratings(set))[.agreementSingle]?.generalizedInterval)
        // With two raters the integrand has square-root kinks, which the trapezoidal rule follows to some 1e-4.
        let tolerance = set == "ties" ? 3e-4 : 2e-5
        #expect(abs(interval.lower - lower) < tolerance)
        #expect(abs(interval.upper - upper) < tolerance)
    }

    @Test func `the other forms have none, and raters who agree completely have none either`() throws {
        let results = try IntraclassCorrelation([[1, 2], [3, 4.5], [5, 6], [8, 8]]).results
        #expect(
            results.map { $0.generalizedInterval != nil }
                == IntraclassForm.allCases.map { [.agreementSingle, .agreementAverage].contains($0) })
        let perfect = try IntraclassCorrelation([[1, 2], [3, 4], [5, 6]])
        #expect(perfect[.agreementSingle]?.generalizedInterval == nil)
    }
}
