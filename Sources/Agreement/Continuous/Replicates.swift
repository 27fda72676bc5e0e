// Several readings of each subject by one method.
import Foundation

/// Replicates of one method: within-subject variance by one-way analysis of variance.
struct Replicates {
    let means: [Double]
    let observations: Int
    /// Pooled over subjects, Σ(m − 1) below it.
    let withinVariance: Double
    let degreesOfFreedom: Double
    /// n / Σ(1/m).
    let harmonicMeanCount: Double

    /// - Throws: `AgreementError` for fewer than three subjects, a subject without readings, a reading that is not finite, or no
    ///   replicate at all.
    init(_ readings: [[Double]], column: String) throws(AgreementError) {
        guard readings.count >= 3 else { throw .tooFew(what: "subjects", count: readings.count, required: 3) }
        var means: [Double] = []
        var squares = 0.0
        var inverses = 0.0
        for (row, values) in readings.enumerated() {
            guard !values.isEmpty else { throw .unbalanced(row: row + 1, column: column, count: 0, expected: 1) }
            guard values.allSatisfy(\.isFinite) else { throw .notFinite(row: row + 1, column: column) }
            let sample = Sample(values)
            means.append(sample.mean)
            squares += sample.squares
            inverses += 1 / Double(values.count)
        }
        observations = readings.reduce(0) { $0 + $1.count }
        guard observations > readings.count else {
            throw .tooFew(what: "readings of column \(column)", count: observations, required: readings.count + 1)
        }
        self.means = means
        degreesOfFreedom = Double(observations - readings.count)
        withinVariance = squares / degreesOfFreedom
        harmonicMeanCount = Double(readings.count) / inverses
    }
}
