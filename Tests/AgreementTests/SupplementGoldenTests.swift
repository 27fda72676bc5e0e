// Limits and intervals beside the plain ones, against other tools.
import Foundation
import Testing

@testable import Agreement

@Suite struct SupplementGoldenTests {
    /// Compares row by row and prints the largest relative difference of each statistic.
    private func compare(
        _ file: String,
        _ ours: (_ statistic: String, _ set: String, _ rest: [String], _ values: [Double]) throws ->
            [Double]?
    ) throws {
        var worst: [String: Double] = [:]
        for row in try goldenRows(file) {
            let parts = row.name.split(separator: "/").map(String.init)
            guard let values = try ours(parts[0], parts[1], Array(parts.dropFirst(2)), row.values) else { continue }
            let expected = Array(row.values.suffix(values.count))
            for (a, b) in zip(values, expected) {
                let difference = relativeDifference(a, b)
                worst[parts[0]] = max(worst[parts[0]] ?? 0, difference)
                #expect(difference < 1e-9, "\(row.name): \(a), \(b)")
            }
        }
        print("largest relative differences in", file, worst.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
        #expect(!worst.isEmpty)
    }

    private func both(_ interval: Interval?) -> [Double] { [interval?.lower ?? .nan, interval?.upper ?? .nan] }

    private func figures(_ bland: BlandAltman) -> [Double] {
        let lower = bland.lowerLimit
        return [bland.bias.value] + both(bland.bias.interval) + [lower.value] + both(lower.approximate)
            + both(lower.exact) + [bland.upperLimit.value]
    }

    @Test func `ratios, per cents, references, regression limits, free limits, corrections and net benefit`() throws {
        let data = try ContinuousData()
        let forecasts = Dictionary(
            uniqueKeysWithValues: try ClassificationGolden.read().sets.map { ($0.name, $0) })
        var drawn: [String: [Double]] = [:]
        try compare("supplement.csv") { statistic, set, rest, values in
            switch statistic {
            case "freedata", "pvalues":
                drawn[statistic + set] = values
                return nil
            case "free":
                let limits = try NonparametricLimits(differences: drawn["freedata" + set] ?? [])
                let limit = rest[0] == "lower" ? limits.lowerLimit : limits.upperLimit
                return [limit.value] + both(limit.interval)
            case "multiple":
                let methods: [String: MultipleTesting] = [
                    "bonferroni": .bonferroni, "holm": .holm, "fdr_bh": .benjaminiHochberg,
                ]
                return try methods[rest[0]]?.adjusted(drawn["pvalues" + set] ?? [])
            case "netbenefit":
                let golden = try #require(forecasts[set])
                let curve = try DecisionCurve(
                    Forecasts(probabilities: golden.probabilities, outcomes: golden.outcomes),
                    thresholds: Array(values.prefix(5)))
                return curve.points.map(\.model) + curve.points.map(\.treatAll)
            default:
                return try self.pairFigures(statistic, data.pairs(set), at: values[0])
            }
        }
    }

    private func pairFigures(_ statistic: String, _ pairs: Pairs, at mean: Double) throws -> [Double]? {
        switch statistic {
        case "lower": return figures(try BlandAltman(pairs))
        case "percent": return figures(try BlandAltman(differences: pairs.percentDifferences()))
        case "reference":
            // NumPy rounds halves to even, as here.
            let reference = (pairs.second.reduce(0, +) / Double(pairs.second.count)).rounded(.toNearestOrEven)
            return figures(try BlandAltman(measurements: pairs.first, reference: reference))
        case "ratio":
            let ratio = try RatioLimits(pairs)
            return [ratio.meanRatio.value] + both(ratio.meanRatio.interval) + [ratio.lowerLimit.value]
                + both(ratio.lowerLimit.approximate) + both(ratio.lowerLimit.exact) + [ratio.upperLimit.value]
        case "spearmaninterval": return both(try Correlation.spearman(pairs).estimate.interval)
        case "limitsat":
            let limits = try ProportionalBias(pairs).limits(at: mean)
            return [limits.lower, limits.bias, limits.upper]
        default: return nil
        }
    }

    @Test func `replicates: constant and varying truth, analysis of variance, repeatability`() throws {
        var readings: [String: [[Double]]] = [:]
        try compare("repeated.csv") { statistic, set, rest, values in
            if statistic == "data" {
                readings["\(set)/\(rest[0])", default: []].append(values)
                return nil
            }
            let (first, second) = (readings["\(set)/first"] ?? [], readings["\(set)/second"] ?? [])
            let differences = zip(first, second).map { zip($0, $1).map { $0 - $1 } }
            switch statistic {
            case "constant": return self.figures(try RepeatedLimits(constantTruth: first, second))
            case "varying": return self.figures(try RepeatedLimits(varyingTruth: differences))
            case "variance":
                let limits = try VaryingTruthLimits(differences)
                return [
                    limits.bias, limits.withinVariance, limits.betweenVariance, limits.standardDeviation,
                    limits.lowerLimit, limits.upperLimit,
                ]
            default:
                let repeatability = try Repeatability(first)
                return [repeatability.withinSubjectSD.value] + self.both(repeatability.withinSubjectSD.interval)
                    + [repeatability.coefficient.value]
            }
        }
    }

    private func figures(_ limits: RepeatedLimits) -> [Double] {
        [limits.bias.value] + both(limits.bias.interval) + [limits.standardDeviation, limits.lowerLimit.value]
            + both(limits.lowerLimit.interval) + [limits.upperLimit.value] + both(limits.upperLimit.interval)
    }

    /// G. Y. Zou, Stat Methods Med Res 2013;22:630, the first four patients of the cardiac outputs with a varying truth; figures as
    /// SimplyAgree's tests quote them (tests/testthat/test-agree_nest.R, tolerance 0.01).
    @Test func `the limits and intervals of Zou 2013`() throws {
        let data = try PublishedData()
        let (first, second) = (data.subjects("cardiac/RV").prefix(4), data.subjects("cardiac/IC").prefix(4))
        let limits = try RepeatedLimits(varyingTruth: zip(first, second).map { zip($0, $1).map { $0 - $1 } })
        #expect(abs(limits.bias.value - 0.7255) < 0.0001)
        for (value, published) in [
            (limits.lowerLimit.value, -2.14), (limits.lowerLimit.interval?.lower, -9.83),
            (limits.lowerLimit.interval?.upper, -0.33), (limits.upperLimit.value, 3.59),
            (limits.upperLimit.interval?.lower, 1.77), (limits.upperLimit.interval?.upper, 11.27),
        ] {
            #expect(abs((value ?? .infinity) - published) < 0.0101, "\(published)")
        }
    }
}
