// The times of docs/models/agreement.md, measured: `Benchmarks/agreement/speed` prints them beside other tools' times.
import Foundation
import Testing

@testable import Agreement

private let isFull = ProcessInfo.processInfo.environment["OSTEON_ACCEPTANCE"] == "full"

/// Each prints a row `time | what | least, median of the repetitions in ms`; wall time is for reading and fails no test.
@Suite(.serialized, .enabled(if: isFull, "OSTEON_ACCEPTANCE=full prints times"))
struct AgreementBenchmarks {
    private static let repetitions = 9

    @Test func `Bland-Altman with exact intervals on a million pairs`() throws {
        var generator = ResamplingGenerator(seed: 1)
        let first = (0..<1_000_000).map { _ in generator.uniform() }
        let pairs = try Pairs(first, first.map { $0 + 0.1 * generator.uniform() })
        var width = 0.0
        try time("bland-altman") { width = try BlandAltman(pairs).standardDeviation.value }
        #expect(width > 0.02 && width < 0.03)
    }

    @Test func `DeLong on a hundred thousand cases`() throws {
        var generator = ResamplingGenerator(seed: 7)
        let outcomes = (0..<100_000).map { _ in generator.uniform() < 0.3 }
        let cases = try ScoredCases(
            scores: outcomes.map { ($0 ? 0.2 : 0) + generator.uniform() }, outcomes: outcomes)
        var area = 0.0
        try time("delong") { area = try AreaUnderROC(cases).estimate().value }
        #expect(area > 0.6 && area < 0.75)
    }

    @Test func `ten thousand BCa replicates of two hundred cases`() throws {
        var generator = ResamplingGenerator(seed: 3)
        let sample = (0..<200).map { _ in generator.uniform() }
        let bootstrap = try Bootstrap(replicates: 10_000)
        var value = 0.0
        try time("bca") {
            value = try bootstrap.estimate(of: sample) { Sample($0).mean }.estimate.value
        }
        #expect(value > 0.4 && value < 0.6)
    }

    private func time(_ name: String, _ work: () throws -> Void) rethrows {
        let times = try (0..<Self.repetitions).map { _ in try ContinuousClock().measure(work) / .milliseconds(1) }
            .sorted()
        print("time", name, times[0], times[times.count / 2])
    }
}
