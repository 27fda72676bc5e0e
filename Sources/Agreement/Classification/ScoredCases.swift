// Cases with a yes-or-no outcome and a score: what every ROC and precision–recall statistic reads.

/// Cases with a score each and whether the outcome occurred; a higher score speaks for the outcome.
package struct ScoredCases: Sendable, Hashable {
    /// One score per case, finite, any unit.
    package let scores: [Double]
    /// Whether the outcome occurred, one per case.
    package let outcomes: [Bool]
    /// Cases with the outcome, at least 1.
    package let positives: Int
    /// Cases without it, at least 1.
    package let negatives: Int

    /// - Throws: `lengthsDiffer`, `notFinite` (rows count from 1), `classMissing`.
    package init(scores: [Double], outcomes: [Bool]) throws(AgreementError) {
        guard scores.count == outcomes.count else {
            throw .lengthsDiffer(
                first: "scores", firstCount: scores.count, second: "outcomes", secondCount: outcomes.count)
        }
        if let row = scores.firstIndex(where: { !$0.isFinite }) { throw .notFinite(row: row + 1, column: "scores") }
        let positives = outcomes.reduce(0) { $0 + ($1 ? 1 : 0) }
        guard positives > 0 else { throw .classMissing(column: "outcomes", missing: "1") }
        guard positives < outcomes.count else { throw .classMissing(column: "outcomes", missing: "0") }
        self.scores = scores
        self.outcomes = outcomes
        self.positives = positives
        negatives = outcomes.count - positives
    }

    /// The cases counted at each distinct score, highest score first: what each threshold adds.
    func tiedGroups() -> [(score: Double, positives: Int, negatives: Int)] {
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var groups: [(score: Double, positives: Int, negatives: Int)] = []
        for index in order {
            if groups.last?.score != scores[index] { groups.append((scores[index], 0, 0)) }
            if outcomes[index] {
                groups[groups.count - 1].positives += 1
            } else {
                groups[groups.count - 1].negatives += 1
            }
        }
        return groups
    }
}
