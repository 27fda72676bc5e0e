// How often DeLong's intervals hold the true area, over many seeded samples.
import Agreement
import Foundation
import Testing

/// Half of the cases have the outcome; scores are normal with equal spread. The plain interval falls far short of 95 % with few
/// cases and a high area (82 % with 20 cases at 0.9): with fewer than about 200 cases read the logit interval,
/// which holds 92.6 to 96.8 %.
@Suite struct AUCCoverageTests {
    struct Setting: Sendable, CustomTestStringConvertible {
        let cases: Int
        let area: Double
        /// What 10,000 samples gave: the parts whose interval holds the area.
        let plain: Double
        let logit: Double
        var testDescription: String { "\(cases) cases, area \(area)" }
    }

    static let settings = [
        Setting(cases: 20, area: 0.75, plain: 0.9082, logit: 0.9680),
        Setting(cases: 50, area: 0.75, plain: 0.9384, logit: 0.9601),
        Setting(cases: 200, area: 0.75, plain: 0.9470, logit: 0.9536),
        Setting(cases: 20, area: 0.9, plain: 0.8200, logit: 0.9263),
        Setting(cases: 50, area: 0.9, plain: 0.9049, logit: 0.9542),
        Setting(cases: 200, area: 0.9, plain: 0.9372, logit: 0.9510),
    ]

    /// 10,000 with OSTEON_ACCEPTANCE=full.
    static let samples = ProcessInfo.processInfo.environment["OSTEON_ACCEPTANCE"] == "full" ? 10_000 : 500

    @Test(arguments: settings)
    func `intervals cover as often as stated`(setting: Setting) throws {
        // Two normal scores a distance d apart have the area Φ(d / √2); 0.75 and 0.9 give these.
        let distance = setting.area == 0.75 ? 0.953_872_552_419_888 : 1.812_387_604_873_646_5
        var generator = ResamplingGenerator(seed: 2026)
        func normal() -> Double {
            (-2 * log(1 - generator.uniform())).squareRoot() * cos(2 * .pi * generator.uniform())
        }
        let outcomes = (0..<setting.cases).map { $0 < setting.cases / 2 }
        var held = (plain: 0, logit: 0)
        for _ in 0..<Self.samples {
            let scores = outcomes.map { normal() + ($0 ? distance : 0) }
            let result = try AreaUnderROC(ScoredCases(scores: scores, outcomes: outcomes))
            // A sample that the score separates completely has no interval and counts as missed.
            if holds(try result.estimate().interval, setting.area) { held.plain += 1 }
            if holds(try result.estimate(scale: .logit).interval, setting.area) { held.logit += 1 }
        }
        print(
            "coverage of AUC, \(setting.testDescription): plain", Double(held.plain) / Double(Self.samples), "logit",
            Double(held.logit) / Double(Self.samples))
        for (held, stated) in [(held.plain, setting.plain), (held.logit, setting.logit)] {
            // Four binomial standard errors of this run; the stated figure has its own, which is smaller.
            let error = (stated * (1 - stated) / Double(Self.samples)).squareRoot()
            #expect(abs(Double(held) / Double(Self.samples) - stated) < 4 * error)
        }
    }

    private func holds(_ interval: Interval?, _ value: Double) -> Bool {
        guard let interval else { return false }
        return interval.lower <= value && value <= interval.upper
    }
}
