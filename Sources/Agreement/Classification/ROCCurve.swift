// The receiver operating characteristic: sensitivity against 1 − specificity at every threshold.

/// The empirical ROC curve (Fawcett 2006, Pattern Recognit Lett 27:861): one point per distinct score.
package struct ROCCurve: Sendable, Hashable {
    /// One operating point: a case is called positive when its score is at least the threshold.
    package struct Point: Sendable, Hashable, Codable {
        /// nil at the first point, where no case is called positive.
        package let threshold: Double?
        package let sensitivity: Double
        package let specificity: Double
    }

    /// From (0, 0) to (1, 1): thresholds fall.
    package let points: [Point]

    /// - Complexity: n log n.
    package init(_ cases: ScoredCases) {
        let positives = Double(cases.positives)
        let negatives = Double(cases.negatives)
        var hits = 0
        var alarms = 0
        var points = [Point(threshold: nil, sensitivity: 0, specificity: 1)]
        for group in cases.tiedGroups() {
            hits += group.positives
            alarms += group.negatives
            points.append(
                Point(
                    threshold: group.score, sensitivity: Double(hits) / positives,
                    specificity: 1 - Double(alarms) / negatives))
        }
        self.points = points
    }

    /// The point with the largest sensitivity + specificity − 1 (Youden 1950, Cancer 3:32); the higher threshold where two tie.
    package var youden: Point {
        points.dropFirst().reduce(points[0]) { best, point in
            point.sensitivity + point.specificity > best.sensitivity + best.specificity ? point : best
        }
    }
}
