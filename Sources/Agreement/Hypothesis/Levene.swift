// Levene's test of equal variances.
import Foundation

/// From where Levene's deviations are counted.
package enum LeveneCentre: String, Sendable, Hashable, Codable {
    /// H. Levene 1960.
    case mean
    /// Brown & Forsythe, JASA 1974;69:364; holds for skewed values.
    case median
}

/// One-way analysis of variance of the absolute deviations from each group's centre.
package struct Levene: Sendable, Hashable, Codable {
    package let f: Double
    package let betweenDF: Int
    package let withinDF: Int
    package let p: Double
    package let centre: LeveneCentre

    /// - Throws: what `OneWayANOVA` throws; also where all deviations within groups are equal.
    package init(_ groups: [[Double]], centre: LeveneCentre = .median) throws(AgreementError) {
        for (index, values) in groups.enumerated() {
            try Sample.check(
                values, column: "group \(index + 1)", what: "values in group \(index + 1)", required: 1)
        }
        let anova = try OneWayANOVA(
            groups.map { values in
                let middle = centre == .mean ? Sample(values).mean : Self.median(values)
                return values.map { abs($0 - middle) }
            })
        f = anova.f
        betweenDF = anova.betweenDF
        withinDF = anova.withinDF
        p = anova.p
        self.centre = centre
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let half = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
    }
}
