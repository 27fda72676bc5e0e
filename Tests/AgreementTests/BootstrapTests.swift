// The bootstrap against SciPy on the same resamples, and by hand.
import Agreement
import Domain
import Testing

private struct Golden: Decodable {
    struct Expected: Decodable {
        let value: Double
        let standardError: Double
        let percentile: [Double]
        let bca: [Double]
    }
    struct Set: Decodable {
        let name: String
        let statistic: String
        let sample: [Double]
        let replicates: Int
        let seed: UInt64
        let expected: Expected
    }
    let words: [String]
    let sets: [Set]
}

private func mean(_ sample: [Double]) -> Double { sample.reduce(0, +) / Double(sample.count) }

private let statistics: [String: @Sendable ([Double]) -> Double] = [
    "mean": mean,
    // From sums, which are exact for the golden samples: replicates that tie with the estimate tie here as in SciPy.
    "sd": { sample in
        let count = Double(sample.count)
        let total = sample.reduce(0, +)
        return ((sample.reduce(0) { $0 + $1 * $1 } - total * total / count) / (count - 1)).squareRoot()
    },
    "median": { sample in
        let sorted = sample.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    },
]

@Suite struct BootstrapTests {
    @Test func `the generator is xoshiro256 as written down`() throws {
        var generator = ResamplingGenerator(seed: 1)
        for word in try GoldenJSON.read("resampling.json", as: Golden.self).words {
            #expect(String(generator.next()) == word)
        }
    }

    @Test func `limits are SciPy's for the same resamples`() throws {
        for set in try GoldenJSON.read("resampling.json", as: Golden.self).sets {
            let statistic = try #require(statistics[set.statistic])
            for (method, limits) in [(Bootstrap.Method.percentile, set.expected.percentile), (.bca, set.expected.bca)] {
                let bootstrap = try Bootstrap(replicates: set.replicates, seed: set.seed, method: method)
                let result = try bootstrap.estimate(of: set.sample, statistic: statistic)
                expectClose(result.estimate.value, set.expected.value, "\(set.name) \(set.statistic):value")
                expectClose(result.standardError, set.expected.standardError, "\(set.name) \(set.statistic):boot se")
                expectClose(result.estimate.interval?.lower, limits[0], "\(set.name) \(set.statistic):\(method) lower")
                expectClose(result.estimate.interval?.upper, limits[1], "\(set.name) \(set.statistic):\(method) upper")
            }
        }
    }

    @Test func `the area under an ROC curve is bootstrapped by rows`() throws {
        let scores = [0.1, 0.4, 0.35, 0.8, 0.7, 0.2, 0.9, 0.5, 0.3, 0.6]
        let outcomes = [false, false, true, true, true, false, true, false, false, true]
        let result = try Bootstrap(replicates: 500, method: .percentile).estimate(cases: scores.count) { rows in
            let cases = try? ScoredCases(scores: rows.map { scores[$0] }, outcomes: rows.map { outcomes[$0] })
            return cases.flatMap { try? AreaUnderROC($0).area }
        }
        let interval = try #require(result.estimate.interval)
        #expect(interval.lower < result.estimate.value && result.estimate.value <= interval.upper)
    }

    @Test func `a statistic that is often undefined has no interval and says why`() throws {
        let result = try Bootstrap(replicates: 200).estimate(cases: 3) { rows in
            Set(rows).count > 1 ? 1 + Double(rows.reduce(0, +)) : nil
        }
        #expect(result.undefinedReplicates > 0)
        #expect(result.estimate.interval == nil)
        #expect(result.reason != nil)
        #expect(throws: AgreementError.statisticUndefined) {
            try Bootstrap().estimate(cases: 3) { _ in .nan }
        }
        #expect(throws: AgreementError.tooFew(what: "cases", count: 1, required: 2)) {
            try Bootstrap().estimate(cases: 1) { _ in 1 }
        }
    }

    @Test func `a constant statistic has an interval of no width`() throws {
        let result = try Bootstrap(replicates: 200).estimate(cases: 5) { _ in 2 }
        #expect(result.estimate.interval == Interval(lower: 2, upper: 2))
    }

    @Test func `a cancelled bootstrap stops`() throws {
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: FaultRecord.self) {
            try Bootstrap().estimate(cases: 5, cancellation: cancellation) { _ in 2 }
        }
    }
}
