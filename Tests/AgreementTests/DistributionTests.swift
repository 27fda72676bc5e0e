import Foundation
import Testing

@testable import Agreement

@Suite struct DistributionTests {
    private func distribution(_ row: GoldenRow) -> (any Distribution)? {
        let v = row.values
        return switch row.name {
        case "normal": NormalDistribution()
        case "t": StudentT(degreesOfFreedom: v[0])
        case "chi2": ChiSquared(degreesOfFreedom: v[0])
        case "beta": BetaDistribution(a: v[0], b: v[1])
        case "f": FDistribution(numerator: v[0], denominator: v[1])
        case "nct": NoncentralT(degreesOfFreedom: v[0], noncentrality: v[1])
        case "ncf": NoncentralF(numerator: v[0], denominator: v[1], noncentrality: v[2])
        default: nil
        }
    }

    @Test func `both tails equal those of SciPy and mpmath to eleven digits`() throws {
        var worst: [String: Double] = [:]
        for row in try goldenRows("distributions.csv") {
            guard let distribution = distribution(row) else { continue }
            let n = row.values.count
            let (x, lower, upper) = (row.values[n - 3], row.values[n - 2], row.values[n - 1])
            // Tails below 1e-18 of the other are not resolved by the golden subtraction.
            if lower > 1e-14 {
                worst[row.name] = max(worst[row.name] ?? 0, relativeDifference(distribution.cumulative(x), lower))
            }
            if upper > 1e-14 {
                worst[row.name] = max(worst[row.name] ?? 0, relativeDifference(distribution.survival(x), upper))
            }
        }
        print("largest relative difference of a tail:", worst)
        #expect(worst.count == 7)
        #expect(worst.values.allSatisfy { $0 < 1e-11 })
    }

    @Test func `a quantile gives its probability back`() throws {
        for row in try goldenRows("distributions.csv") {
            guard let distribution = distribution(row) else { continue }
            let n = row.values.count
            let (x, lower, upper) = (row.values[n - 3], row.values[n - 2], row.values[n - 1])
            guard lower > 1e-12, upper > 1e-12, x != 0 else { continue }
            let found = lower < 0.5 ? distribution.quantile(lower) : distribution.upperQuantile(upper)
            #expect(relativeDifference(found ?? .nan, x) < 1e-10, "\(row.name) \(row.values)")
        }
    }

    @Test func `binomial tails equal SciPy's and the quantile is the smallest that reaches p`() throws {
        for row in try goldenRows("distributions.csv") where row.name == "binomial" {
            let v = row.values
            let binomial = BinomialDistribution(trials: Int(v[0]), probability: v[1])
            let k = Int(v[2])
            #expect(relativeDifference(binomial.cumulative(k), v[3]) < 1e-11)
            #expect(relativeDifference(binomial.survival(k), v[4]) < 1e-11)
            if v[3] > 1e-3, v[3] < 0.99 { #expect(binomial.quantile(v[3] * (1 + 1e-9)) == k + 1) }
        }
    }

    @Test func `the noncentral t holds for a million degrees of freedom`() throws {
        // Near-normal: the quantile of (Z + δ)/s is about δ + z √(1 + δ²/2ν).
        let t = NoncentralT(degreesOfFreedom: 999_999, noncentrality: 1960)
        let quantile = try #require(t.quantile(0.975))
        #expect(abs(quantile - (1960 + 1.959964 * (1 + 1960.0 * 1960 / 2 / 999_999).squareRoot())) < 0.01)
        #expect(abs(t.cumulative(quantile) - 0.975) < 1e-12)
    }

    @Test func `a probability outside 0 to 1 has no quantile`() {
        #expect(NormalDistribution().quantile(1.2) == nil)
        #expect(NormalDistribution().quantile(0) == -.infinity)
    }
}
