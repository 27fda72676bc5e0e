import Foundation
import Testing

@testable import Agreement

@Suite struct ContinuousGoldenTests {
    /// Ours in the order of the golden row; nil for rows that another test reads.
    private func ours(_ row: GoldenRow, _ data: ContinuousData, fromR: Bool) throws -> [Double]? {
        let parts = row.name.split(separator: "/")
        let key = parts.count > 2 ? String(parts[2]) : ""
        switch parts[0] {
        case "bland", "proportional", "spread", "quantiles", "medianinterval":
            return try limits(parts[0] + (parts[0] == "bland" ? key : ""), data.pairs(parts[1]))
        case "ccc", "pearson", "spearman":
            return try correlation(parts[0], data.pairs(parts[1]))
        case "pairedt", "shapiro", "shapirogroup":
            if parts[0] == "shapirogroup" { return try shapiro(data.groups(parts[1])[Int(key) ?? 0]) }
            let pairs = try data.pairs(parts[1])
            if parts[0] == "shapiro" { return try shapiro(pairs.differences) }
            let test = try PairedTTest(pairs)
            return [
                test.t, test.p, test.meanDifference.interval?.lower ?? .nan,
                test.meanDifference.interval?.upper ?? .nan,
            ]
        case "signedrank":
            let test = try WilcoxonSignedRank(
                data.pairs(parts[1]), method: method(key), zeros: key.hasPrefix("pratt") ? .pratt : .dropped)
            return [fromR ? test.positiveSum : test.smallerSum, test.p]
        case "ranksum":
            let pairs = try data.pairs(parts[1])
            let test = try WilcoxonRankSum(pairs.first, pairs.second, method: method(key))
            return [test.u, test.p]
        case "icc":
            let index = Int(key) ?? 0
            // pingouin lists the three single forms first.
            let result = try IntraclassCorrelation(data.ratings(parts[1])).results[
                fromR ? index : [0, 2, 4, 1, 3, 5][index]]
            return [
                result.estimate.value, result.f ?? .nan, result.p ?? .nan, result.estimate.interval?.lower ?? .nan,
                result.estimate.interval?.upper ?? .nan,
            ]
        case "anova":
            let anova = try OneWayANOVA(data.groups(parts[1]))
            return [anova.f, anova.p, anova.etaSquared, anova.achievedPower, anova.achievedPower]
        case "levene":
            let test = try Levene(data.groups(parts[1]), centre: key == "mean" ? .mean : .median)
            return [test.f, test.p]
        case "multiple":
            let correction: MultipleTesting =
                parts[1] == "bonferroni" ? .bonferroni : parts[1] == "holm" ? .holm : .benjaminiHochberg
            return try correction.adjusted(data.pValues)
        default: return nil
        }
    }

    private func method(_ key: String) -> RankTestMethod {
        if key.isEmpty { return .automatic }
        return key == "exact" ? .exact : key.hasSuffix("1") ? .normalWithContinuity : .normal
    }

    private func shapiro(_ values: [Double]) throws -> [Double] {
        let test = try ShapiroWilk(values)
        return [test.w, test.p]
    }

    private func limits(_ statistic: some StringProtocol, _ pairs: Pairs) throws -> [Double] {
        let agreement = try BlandAltman(pairs)
        let proportional = try ProportionalBias(pairs)
        let free = try NonparametricLimits(pairs)
        func both(_ interval: Interval?) -> [Double] { [interval?.lower ?? .nan, interval?.upper ?? .nan] }
        let line = proportional.difference
        switch statistic {
        case "blandbias": return [agreement.bias.value] + both(agreement.bias.interval) + [agreement.biasP]
        case "blandsd": return [agreement.standardDeviation.value] + both(agreement.standardDeviation.interval)
        case "blandupper":
            let upper = agreement.upperLimit
            return [upper.value] + both(upper.approximate) + both(upper.exact)
        case "proportional":
            return [
                line.slope.value, line.intercept.value, line.slopeP ?? .nan, line.slope.interval?.lower ?? .nan,
                line.intercept.interval?.upper ?? .nan,
            ]
        case "spread":
            let spread = proportional.spread
            return [spread.slope.value, spread.intercept.value, spread.slopeP ?? .nan]
        case "quantiles": return [free.lowerLimit.value, free.median.value, free.upperLimit.value]
        default: return both(free.median.interval)
        }
    }

    private func correlation(_ statistic: some StringProtocol, _ pairs: Pairs) throws -> [Double] {
        if statistic == "ccc" {
            let concordance = try Concordance(pairs)
            let interval = concordance.estimate.interval
            return [
                concordance.estimate.value, interval?.lower ?? .nan, interval?.upper ?? .nan,
                concordance.biasCorrection,
            ]
        }
        let result = try statistic == "pearson" ? Correlation.pearson(pairs) : Correlation.spearman(pairs)
        return [
            result.estimate.value, result.p, result.estimate.interval?.lower ?? .nan,
            result.estimate.interval?.upper ?? .nan,
        ]
    }

    @Test(arguments: ["continuous_python.csv", "continuous_r.csv"])
    func `every statistic equals that of an independent tool`(file: String) throws {
        let data = try ContinuousData()
        var worst: [String: Double] = [:]
        var compared = 0
        for row in try goldenRows(file) {
            guard let ours = try ours(row, data, fromR: file.contains("_r.")) else { continue }
            let statistic = String(row.name.split(separator: "/")[0])
            for (a, b) in zip(ours, row.values) {
                let difference = relativeDifference(a, b)
                worst[statistic] = max(worst[statistic] ?? 0, difference)
                compared += 1
                // SciPy's Shapiro–Wilk takes normal quantiles from the seven-digit PPND7 (Wichura, AS 241); R's are exact.
                let isSevenDigits = statistic.hasPrefix("shapiro") && file.contains("python")
                #expect(difference < (isSevenDigits ? 1e-7 : 1e-9), "\(row.name): \(a), \(b) in \(file)")
            }
        }
        print("largest relative differences in", file, worst.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
        #expect(compared > 140)
    }

    @Test func `variance components of a gauge study equal R's analysis of variance`() throws {
        let rows = try goldenRows("continuous_r.csv")
        for row in rows where row.name.hasPrefix("gaugedata/") {
            let set = row.name.split(separator: "/")[1]
            // Index order in the file: repeat fastest, then operator, then part.
            let values = row.values
            let readings: [[[Double]]] = (0..<10).map { part in
                (0..<3).map { person in Array(values[(part * 9 + person * 3)..<(part * 9 + person * 3 + 3)]) }
            }
            let study = try GaugeStudy(readings)
            let golden = try #require(rows.first { $0.name == "gauge/\(set)" }).values
            let ours: [Double] = [
                study.partVariance, study.operatorVariance, study.interactionVariance, study.repeatabilityVariance,
                study.interactionP ?? .nan,
            ]
            // R gives components below 0 as they are; here they count as 0.
            for (a, b) in zip(ours, golden) { #expect(relativeDifference(a, max(0, b)) < 1e-9, "set \(set)") }
            let repeatability = try Repeatability(readings.map { $0.flatMap { $0 } })
            #expect(relativeDifference(repeatability.withinSubjectSD.value, golden[5].squareRoot()) < 1e-9)
            // lme4's REML agrees to its own convergence, where no component is at 0.
            if golden.allSatisfy({ $0 > 0 }) {
                let reml = try #require(rows.first { $0.name == "gaugelme/\(set)" }).values
                for (a, b) in zip(ours, reml) { #expect(relativeDifference(a, b) < 2e-4) }
            }
        }
    }
}
