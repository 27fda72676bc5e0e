// Gauge repeatability and reproducibility.
import Foundation

/// Variance components of parts measured several times by several operators (crossed, balanced), by analysis of variance.
///
/// Components below 0 count as 0. Where the interaction's p is above `poolingP`, it is pooled with the error, as in AIAG,
/// Measurement Systems Analysis, 4th ed., 2010, ch. III. The reproducibility coefficient is z √2 times the SD of readings by different
/// operators (ISO 5725-2), the repeatability coefficient z √2 times that of one operator.
package struct GaugeStudy: Sendable, Hashable, Codable {
    package let repeatabilityVariance: Double
    /// Between operators, without the interaction.
    package let operatorVariance: Double
    package let interactionVariance: Double
    package let partVariance: Double
    /// p of the operator × part interaction; nil without variation in it or in the error.
    package let interactionP: Double?
    package let isInteractionPooled: Bool
    package let repeatabilityCoefficient: Double
    package let reproducibilityCoefficient: Double

    /// Operator and interaction together.
    package var reproducibilityVariance: Double { operatorVariance + interactionVariance }
    /// Repeatability and reproducibility together.
    package var gaugeVariance: Double { repeatabilityVariance + reproducibilityVariance }
    package var totalVariance: Double { gaugeVariance + partVariance }
    /// 100 · SD of the gauge / total SD (AIAG's %GRR of total variation).
    package var gaugePercentOfTotalSD: Double { 100 * (gaugeVariance / totalVariance).squareRoot() }
    /// √2 · part SD / gauge SD (AIAG: 1.41), not cut to an integer; nil for a gauge without variance.
    package var distinctCategories: Double? {
        gaugeVariance > 0 ? (2 * partVariance / gaugeVariance).squareRoot() : nil
    }

    /// - Parameter readings: index order [part][operator][repeat].
    /// - Throws: `AgreementError` for fewer than two parts, operators or repeats, for a cell (row = part, column = operator) with another
    ///   number of repeats, a reading that is not finite, or readings that are all equal.
    package init(_ readings: [[[Double]]], poolingP: Double = 0.25, coverage: Double = 0.95) throws(AgreementError) {
        try Sample.checkFraction(coverage, name: "coverage")
        let (parts, operators, repeats) = try Self.shape(readings)
        let grand = Sample(readings.flatMap { $0.flatMap { $0 } })
        guard grand.squares > 0 else { throw .constantColumn(column: "reading") }
        let (p, o, r) = (Double(parts), Double(operators), Double(repeats))
        let partMeans = readings.map { Sample($0.flatMap { $0 }).mean }
        let operatorMeans = (0..<operators).map { column in Sample(readings.flatMap { $0[column] }).mean }
        let cells = readings.map { $0.map { Sample($0) } }
        let error = cells.reduce(0) { $0 + $1.reduce(0) { $0 + $1.squares } }
        var interaction = 0.0
        for i in 0..<parts {
            for j in 0..<operators {
                let rest = cells[i][j].mean - partMeans[i] - operatorMeans[j] + grand.mean
                interaction += r * rest * rest
            }
        }
        let partMS = Sample(partMeans).squares * o * r / (p - 1)
        let operatorMS = Sample(operatorMeans).squares * p * r / (o - 1)
        let interactionDF = (p - 1) * (o - 1)
        let errorDF = p * o * (r - 1)
        let interactionMS = interaction / interactionDF
        let errorMS = error / errorDF
        interactionP =
            errorMS > 0
            ? FDistribution(numerator: interactionDF, denominator: errorDF).survival(interactionMS / errorMS) : nil
        isInteractionPooled = (interactionP ?? 0) > poolingP
        if isInteractionPooled {
            repeatabilityVariance = (interaction + error) / (interactionDF + errorDF)
            interactionVariance = 0
        } else {
            repeatabilityVariance = errorMS
            interactionVariance = max(0, (interactionMS - errorMS) / r)
        }
        let residual = isInteractionPooled ? repeatabilityVariance : interactionMS
        operatorVariance = max(0, (operatorMS - residual) / (p * r))
        partVariance = max(0, (partMS - residual) / (o * r))
        let factor = NormalDistribution().twoSided(coverage) * 2.0.squareRoot()
        repeatabilityCoefficient = factor * repeatabilityVariance.squareRoot()
        reproducibilityCoefficient =
            factor * (repeatabilityVariance + operatorVariance + interactionVariance).squareRoot()
    }

    private static func shape(_ readings: [[[Double]]]) throws(AgreementError) -> (Int, Int, Int) {
        guard readings.count >= 2 else { throw .tooFew(what: "parts", count: readings.count, required: 2) }
        let (operators, repeats) = (readings[0].count, readings[0].first?.count ?? 0)
        guard operators >= 2 else { throw .tooFew(what: "operators", count: operators, required: 2) }
        guard repeats >= 2 else { throw .tooFew(what: "repeats", count: repeats, required: 2) }
        for (row, part) in readings.enumerated() {
            guard part.count == operators else {
                throw .unbalanced(row: row + 1, column: "operator", count: part.count, expected: operators)
            }
            for (column, cell) in part.enumerated() {
                guard cell.count == repeats else {
                    throw .unbalanced(
                        row: row + 1, column: "operator \(column + 1)", count: cell.count, expected: repeats)
                }
                guard cell.allSatisfy(\.isFinite) else {
                    throw .notFinite(row: row + 1, column: "operator \(column + 1)")
                }
            }
        }
        return (readings.count, operators, repeats)
    }
}
