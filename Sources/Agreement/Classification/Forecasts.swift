// Predicted probabilities and what then happened.

/// Cases with a predicted probability each and whether the outcome occurred.
package struct Forecasts: Sendable, Hashable {
    /// One per case, 0…1.
    package let probabilities: [Double]
    /// Whether the outcome occurred, one per case.
    package let outcomes: [Bool]
    /// Cases with the outcome, at least 1 and fewer than all.
    package let positives: Int

    /// - Throws: `lengthsDiffer`, `notFinite`, `outOfRange` (rows count from 1), `classMissing`.
    package init(probabilities: [Double], outcomes: [Bool]) throws(AgreementError) {
        guard probabilities.count == outcomes.count else {
            throw .lengthsDiffer(
                first: "probabilities", firstCount: probabilities.count, second: "outcomes",
                secondCount: outcomes.count)
        }
        for (row, value) in probabilities.enumerated() {
            guard value.isFinite else { throw .notFinite(row: row + 1, column: "probabilities") }
            guard (0...1).contains(value) else {
                throw .outOfRange(row: row + 1, column: "probabilities", value: value, allowed: "0 to 1")
            }
        }
        positives = outcomes.reduce(0) { $0 + ($1 ? 1 : 0) }
        guard positives > 0 else { throw .classMissing(column: "outcomes", missing: "1") }
        guard positives < outcomes.count else { throw .classMissing(column: "outcomes", missing: "0") }
        self.probabilities = probabilities
        self.outcomes = outcomes
    }

    /// The part of cases with the outcome.
    package var prevalence: Double { Double(positives) / Double(outcomes.count) }
}
