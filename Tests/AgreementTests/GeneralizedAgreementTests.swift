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

    @Test func `one table of two hundred subjects takes a tenth of a second at most`() throws {
        var ratings: [[Double]] = []
        for row in 0..<200 {
            let offsets = [0, 11, 22, 33]
            ratings.append(offsets.map { offset in Double((row * 37 + offset) % 101 + 3 * row) })
        }
        let clock = ContinuousClock()
        let times = try (0..<3).map { _ in try clock.measure { _ = try IntraclassCorrelation(ratings) } }
        print("ICC of 200 subjects:", times)
        #expect((times.min() ?? .seconds(9)) < .milliseconds(100))
    }
}
