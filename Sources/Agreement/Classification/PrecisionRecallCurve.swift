// Precision against recall at every threshold: what the ROC curve hides where the outcome is rare.

/// The empirical precision–recall curve and its average precision.
package struct PrecisionRecallCurve: Sendable, Hashable {
    /// One operating point: a case is called positive when its score is at least the threshold.
    package struct Point: Sendable, Hashable, Codable {
        package let threshold: Double
        package let precision: Double
        package let recall: Double
    }

    /// One per distinct score, thresholds fall.
    package let points: [Point]
    /// Σ (recallₙ − recallₙ₋₁) · precisionₙ, the step-wise sum without interpolation
    /// (as scikit-learn's `average_precision_score`; Davis and Goadrich 2006, ICML, on why not the trapezium).
    package let averagePrecision: Double
    /// The part of cases with the outcome: the precision of a score that knows nothing.
    package let prevalence: Double

    /// - Complexity: n log n.
    package init(_ cases: ScoredCases) {
        var hits = 0
        var called = 0
        var average = 0.0
        var points: [Point] = []
        for group in cases.tiedGroups() {
            hits += group.positives
            called += group.positives + group.negatives
            let precision = Double(hits) / Double(called)
            average += Double(group.positives) / Double(cases.positives) * precision
            points.append(
                Point(threshold: group.score, precision: precision, recall: Double(hits) / Double(cases.positives)))
        }
        self.points = points
        averagePrecision = average
        prevalence = Double(cases.positives) / Double(cases.scores.count)
    }
}
