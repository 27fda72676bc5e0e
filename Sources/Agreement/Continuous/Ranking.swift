// Ranks with ties.
import Foundation

/// Ranks from 1; equal values share the mean of their ranks (midranks).
struct Ranking {
    let ranks: [Double]
    /// How many share each value, of values that occur more than once.
    let tieSizes: [Int]

    init(_ values: [Double]) {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var ties: [Int] = []
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for i in start..<end { ranks[order[i]] = Double(start + 1 + end) / 2 }
            if end - start > 1 { ties.append(end - start) }
            start = end
        }
        self.ranks = ranks
        tieSizes = ties
    }

    /// Σ (t³ − t).
    var tieSum: Double {
        tieSizes.reduce(0) { $0 + Double($1) * (Double($1) * Double($1) - 1) }
    }
}
