// Quantiles of many values without sorting them all.

/// The values at ranks (n − 1)·q, interpolated linearly between neighbours in ascending order (NumPy's default); NaN for
/// no values or an infinite one.
///
/// Values are counted into intervals of equal width; only the intervals that hold a wanted rank are sorted.
/// - Parameters:
///   - fractions: each q, from 0 to 1.
///   - values: in any order.
func quantiles(_ fractions: [Double], of values: [Double]) -> [Double] {
    guard let intervals = EqualIntervals(values) else { return fractions.map { _ in .nan } }
    let ranks = fractions.map { Double(values.count - 1) * $0 }
    let lower = ranks.map { Int($0) }
    let upper = lower.map { min($0 + 1, values.count - 1) }
    let found = intervals.values(atRanks: lower + upper)
    return ranks.indices.map { i in
        let (low, high) = (found[i], found[ranks.count + i])
        return low + (high - low) * (ranks[i] - Double(lower[i]))
    }
}

/// Values by the interval in which each lies.
private struct EqualIntervals {
    private static let count = 4096  // our choice: few values in each, and the table stays in the first-level cache
    private let values: [Double]
    private let interval: [UInt16]
    /// How many values lie before each interval, and the number of all.
    private let before: [Int]

    init?(_ values: [Double]) {
        guard let low = values.min(), let high = values.max(), (high - low).isFinite else { return nil }
        let scale = Double(Self.count) / (high - low)
        let width = scale.isFinite ? scale : 0  // equal values all lie in the first
        var counts = [Int32](repeating: 0, count: Self.count)
        interval = values.map { value in
            let i = min(Int32((value - low) * width), Int32(Self.count - 1))
            counts[Int(i)] += 1
            return UInt16(truncatingIfNeeded: i)
        }
        self.values = values
        before = counts.reduce(into: [0]) { $0.append(($0.last ?? 0) + Int($1)) }
    }

    /// - Parameter ranks: in any order, 0 for the smallest value.
    func values(atRanks ranks: [Int]) -> [Double] {
        let wanted = ranks.map { rank in (before.firstIndex { $0 > rank } ?? 1) - 1 }
        let isWanted = wanted.reduce(into: [Bool](repeating: false, count: Self.count)) { $0[$1] = true }
        var members: [Int: [Double]] = [:]
        for (i, value) in zip(interval, values) where isWanted[Int(i)] { members[Int(i), default: []].append(value) }
        let ordered = members.mapValues { $0.sorted() }
        return zip(ranks, wanted).compactMap { rank, i in ordered[i]?[rank - before[i]] }
    }
}
