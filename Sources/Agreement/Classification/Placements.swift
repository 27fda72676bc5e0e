// How each case ranks among the cases of the other class: the structural components of DeLong's variance.

/// The placement values of DeLong, DeLong and Clarke-Pearson (1988, Biometrics 44:837), by midranks in n log n
/// (Sun and Xu 2014, IEEE Signal Process Lett 21:1389).
struct Placements {
    /// Per positive case, in the order of the cases: the part of the negatives that score lower, ties as one half.
    let positives: [Double]
    /// Per negative case, in the order of the cases: the part of the positives that score higher, ties as one half.
    let negatives: [Double]

    init(_ cases: ScoredCases) {
        let scores = cases.scores
        let outcomes = cases.outcomes
        let order = Self.sortedOrder(scores)
        let positiveCount = Double(cases.positives)
        let negativeCount = Double(cases.negatives)
        var placement = [Double](repeating: 0, count: scores.count)
        var positivesBelow = 0
        var negativesBelow = 0
        var start = 0
        while start < order.count {
            var end = start
            var tiedPositives = 0
            while end < order.count, scores[order[end]] == scores[order[start]] {
                if outcomes[order[end]] { tiedPositives += 1 }
                end += 1
            }
            let tiedNegatives = end - start - tiedPositives
            let ofPositive = (Double(negativesBelow) + 0.5 * Double(tiedNegatives)) / negativeCount
            let below = (Double(positivesBelow) + 0.5 * Double(tiedPositives)) / positiveCount
            for place in start..<end { placement[order[place]] = outcomes[order[place]] ? ofPositive : 1 - below }
            positivesBelow += tiedPositives
            negativesBelow += tiedNegatives
            start = end
        }
        var positives: [Double] = []
        var negatives: [Double] = []
        positives.reserveCapacity(cases.positives)
        negatives.reserveCapacity(cases.negatives)
        for (index, outcome) in outcomes.enumerated() {
            if outcome { positives.append(placement[index]) } else { negatives.append(placement[index]) }
        }
        self.positives = positives
        self.negatives = negatives
    }

    /// The area under the ROC curve.
    var area: Double { positives.reduce(0, +) / Double(positives.count) }

    /// The variance of the area; nil with a single case in a class.
    var variance: Double? { covariance(with: self) }

    /// The covariance of the areas of two scores on the same cases; nil with a single case in a class.
    func covariance(with other: Placements) -> Double? {
        guard positives.count > 1, negatives.count > 1 else { return nil }
        return Self.covariance(positives, other.positives) / Double(positives.count)
            + Self.covariance(negatives, other.negatives) / Double(negatives.count)
    }

    private static func covariance(_ first: [Double], _ second: [Double]) -> Double {
        let count = Double(first.count)
        let firstMean = first.reduce(0, +) / count
        let secondMean = second.reduce(0, +) / count
        var sum = 0.0
        for index in first.indices { sum += (first[index] - firstMean) * (second[index] - secondMean) }
        return sum / (count - 1)
    }

    private static func sortedOrder(_ scores: [Double]) -> [Int] {
        scores.withUnsafeBufferPointer { scores in
            scores.indices.sorted { scores[$0] < scores[$1] }
        }
    }
}
