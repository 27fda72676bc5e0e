// The examples of Bland and Altman's papers, from their data.
import Foundation
import Testing

@testable import Agreement

/// Data: `Golden/published_data.csv`, whose head names the sources. Published figures, unless a test says otherwise, as two programs
/// quote them in their own checks against the papers: blandr 0.6.0 (tests/testthat/test-pefr.r) for 1986, and ba1999demo.m of E. Huizinga's
/// Bland-Altman-Analysis for 1999 and 2007, with page numbers.
struct PublishedData {
    private let rows: [String: [Double]]

    init() throws {
        rows = Dictionary(uniqueKeysWithValues: try goldenRows("published_data.csv").map { ($0.name, $0.values) })
    }

    func callAsFunction(_ name: String) throws -> [Double] { try #require(rows[name]) }

    /// The readings of each subject, from columns of one reading each.
    func readings(_ names: String...) throws -> [[Double]] {
        let columns = try names.map { try self($0) }
        return columns[0].indices.map { row in columns.map { $0[row] } }
    }

    /// The readings of each subject, from rows that are numbered from 1.
    func subjects(_ name: String) -> [[Double]] { (1...99).compactMap { rows["\(name)/\($0)"] } }
}

private func expectNear(
    _ value: Double?, _ published: Double, within tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(abs((value ?? .infinity) - published) <= tolerance, sourceLocation: sourceLocation)
}

@Suite struct PublishedAgreementTests {
    let data: PublishedData

    init() throws { data = try PublishedData() }

    @Test func `the peak flow meters of Bland and Altman 1986`() throws {
        let pairs = try Pairs(data("flow/wright1"), data("flow/mini1"))
        let agreement = try BlandAltman(pairs)
        expectNear(agreement.bias.value, -2.1, within: 0.05)
        expectNear(agreement.standardDeviation.value, 38.8, within: 0.05)
        // The paper takes 2 SD, from rounded figures: −79.7 to 75.5 litres a minute.
        expectNear(agreement.bias.value - 2 * agreement.standardDeviation.value, -79.7, within: 0.06)
        expectNear(agreement.bias.value + 2 * agreement.standardDeviation.value, 75.5, within: 0.1)
        expectNear(agreement.bias.interval?.lower, -22.0, within: 0.1)
        expectNear(agreement.bias.interval?.upper, 17.8, within: 0.1)
        // Quoted in many accounts of the paper, not by the program above: r = 0.94.
        expectNear(try Correlation.pearson(pairs).estimate.value, 0.94, within: 0.005)
    }

    @Test func `the repeated peak flow readings of Bland and Altman 1986`() throws {
        let wright = try data.readings("flow/wright1", "flow/wright2")
        let mini = try data.readings("flow/mini1", "flow/mini2")
        // The data's source is independent; that the paper prints 21.6, 28.2 and 37.7 is from memory. Its SDs of the differences
        // between repeats take their mean as 0: √2 s_w.
        expectNear(try Repeatability(wright).withinSubjectSD.value * 2.0.squareRoot(), 21.6, within: 0.05)
        expectNear(try Repeatability(mini).withinSubjectSD.value * 2.0.squareRoot(), 28.2, within: 0.05)
        let repeated = try RepeatedLimits(constantTruth: wright, mini)
        expectNear(repeated.standardDeviation, 37.7, within: 0.1)
        // By the data the mini meter reads more: Wright − mini is −102.5 / 17.
        expectNear(repeated.bias.value, -102.5 / 17, within: 1e-9)
    }

    @Test func `the blood pressures of Bland and Altman 1999, first readings`() throws {
        let pairs = try Pairs(data("pressure/J1"), data("pressure/S1"))
        let agreement = try BlandAltman(pairs)
        expectNear(agreement.bias.value, -16.29, within: 0.005)
        expectNear(agreement.standardDeviation.value, 19.61, within: 0.005)
        expectNear(agreement.lowerLimit.value, -54.7, within: 0.05)
        expectNear(agreement.upperLimit.value, 22.1, within: 0.05)
        expectNear(agreement.bias.interval?.lower, -20.5, within: 0.05)
        expectNear(agreement.bias.interval?.upper, -12.1, within: 0.05)
        // The paper adds rounded figures, which moves these by up to 0.1.
        expectNear(agreement.lowerLimit.approximate.lower, -61.9, within: 0.1)
        expectNear(agreement.lowerLimit.approximate.upper, -47.5, within: 0.1)
        expectNear(agreement.upperLimit.approximate.lower, 14.9, within: 0.1)
        expectNear(agreement.upperLimit.approximate.upper, 29.3, within: 0.11)
        // The rank correlation of 0.07 (page 140) is that of the differences' size with the mean; the differences' own is −0.03.
        let size = try Pairs(pairs.differences.map(abs), pairs.means)
        expectNear(try Correlation.spearman(size).estimate.value, 0.07, within: 0.005)
    }

    @Test func `the blood pressures without subjects 78 and 80`() throws {
        let kept = (0..<85).filter { $0 != 77 && $0 != 79 }
        let (first, second) = (try data("pressure/J1"), try data("pressure/S1"))
        let agreement = try BlandAltman(Pairs(kept.map { first[$0] }, kept.map { second[$0] }))
        expectNear(agreement.lowerLimit.value, -43.6, within: 0.05)
        expectNear(agreement.upperLimit.value, 15.0, within: 0.05)
        // The paper prints a mean of −14.9, which is not the middle of its own limits: a misprint of −14.3.
        expectNear(agreement.bias.value, -14.3, within: 0.05)
    }

    @Test func `three blood pressures of each subject by each method`() throws {
        let observer = try data.readings("pressure/J1", "pressure/J2", "pressure/J3")
        let machine = try data.readings("pressure/S1", "pressure/S2", "pressure/S3")
        let repeated = try RepeatedLimits(constantTruth: observer, machine)
        expectNear(repeated.withinVariances[0], 37.408, within: 0.0005)
        expectNear(repeated.withinVariances[1], 83.141, within: 0.0005)
        expectNear(repeated.bias.value, -15.62, within: 0.005)
        expectNear(repeated.standardDeviation, 20.95, within: 0.005)
        expectNear(repeated.lowerLimit.value, -56.68, within: 0.005)
        expectNear(repeated.upperLimit.value, 25.44, within: 0.005)
    }

    @Test func `ratios of plasma volumes by Nadler and Hurley`() throws {
        let ratio = try RatioLimits(Pairs(data("plasma/Nadler"), data("plasma/Hurley")))
        expectNear(ratio.logarithmic.bias.value, 0.099, within: 0.0005)
        expectNear(ratio.logarithmic.lowerLimit.value, 0.056, within: 0.0005)
        expectNear(ratio.logarithmic.upperLimit.value, 0.141, within: 0.0005)
        expectNear(ratio.logarithmic.lowerLimit.approximate.lower, 0.049, within: 0.0005)
        expectNear(ratio.logarithmic.lowerLimit.approximate.upper, 0.064, within: 0.0005)
        expectNear(ratio.meanRatio.value, 1.11, within: 0.0065)
        expectNear(ratio.lowerLimit.value, 1.06, within: 0.005)
        expectNear(ratio.upperLimit.value, 1.15, within: 0.005)
    }

    @Test func `fat in milk: the differences fall with the mean, their spread does not change`() throws {
        let bias = try ProportionalBias(Pairs(data("milk/Trig"), data("milk/Gerber")))
        expectNear(bias.difference.residualSD, 0.08033, within: 0.000005)
        #expect(!bias.isSpreadProportional)
        let limits = bias.limits(at: 3)
        expectNear(limits.upper - limits.lower, 2 * 1.96 * 0.08033, within: 0.0001)
    }

    @Test func `unequal numbers of cardiac outputs, truth constant (1999) and varying (2007)`() throws {
        let (nuclear, impedance) = (data.subjects("cardiac/RV"), data.subjects("cardiac/IC"))
        let constant = try RepeatedLimits(constantTruth: nuclear, impedance)
        expectNear(constant.withinVariances[0], 0.1072, within: 0.00005)
        expectNear(constant.withinVariances[1], 0.1379, within: 0.00005)
        expectNear(constant.bias.value, 0.7092, within: 0.0001)
        // From here on the paper computes with rounded variances.
        expectNear(constant.standardDeviation, 1.0517, within: 0.0002)
        expectNear(constant.lowerLimit.value, -1.3521, within: 0.0004)
        expectNear(constant.upperLimit.value, 2.7705, within: 0.0004)
        // J Biopharm Stat 2007;17:571, §3, which prints eight digits and 1.96 SD.
        let differences = zip(nuclear, impedance).map { zip($0, $1).map { $0 - $1 } }
        let varying = try VaryingTruthLimits(differences)
        expectNear(varying.bias, 0.6021667, within: 5e-8)
        expectNear(varying.standardDeviation, 0.99062408, within: 5e-8)
        expectNear(varying.lowerLimit, -1.3394565, within: 0.00005)
        expectNear(varying.upperLimit, 2.5437899, within: 0.00005)
    }

    @Test func `with as many pairs of each subject both forms for a varying truth agree`() throws {
        let differences = [[0.1, 0.4, -0.2], [1.2, 0.9, 1.7], [-0.5, -0.1, 0.3], [0.8, 0.2, 0.6]]
        let weighted = try VaryingTruthLimits(differences)
        let alike = try RepeatedLimits(varyingTruth: differences)
        expectNear(weighted.bias, alike.bias.value, within: 1e-14)
        expectNear(weighted.standardDeviation, alike.standardDeviation, within: 1e-14)
        expectNear(weighted.upperLimit, alike.upperLimit.value, within: 1e-14)
    }
}
