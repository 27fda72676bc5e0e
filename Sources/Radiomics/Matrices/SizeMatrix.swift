// What the formulas on run lengths, zone sizes and dependences share: each is a table of grey level i against a size j.

/// A count table of grey level i against size j with its sums. Size is a run's length, a zone's size or distance, or a
/// dependence.
struct SizeMatrix: Sendable {
    /// i of the rows and j of the columns.
    let levels, sizes: [Double]
    /// Counts, row after row.
    let counts: [Double]
    /// Counts of each level over all sizes, and of each size over all levels.
    let byLevel, bySize: [Double]
    /// N: the sum of all counts, the number of runs, zones or voxels.
    let total: Double

    /// Nil when the table is empty.
    init?(_ table: CountTable) {
        var byLevel = [Double](repeating: 0, count: table.levels.count)
        var bySize = [Double](repeating: 0, count: table.columns.count)
        for i in byLevel.indices {
            for j in bySize.indices {
                let count = table.counts[i * bySize.count + j]
                byLevel[i] += count
                bySize[j] += count
            }
        }
        levels = table.levels.map { Double($0) }
        sizes = table.columns.map { Double($0) }
        counts = table.counts
        total = byLevel.reduce(0, +)
        self.byLevel = byLevel
        self.bySize = bySize
        if total <= 0 { return nil }
    }

    /// Σ j·P(i, j): for runs and zones, the number of voxels.
    var voxels: Double { weightedSum(bySize, sizes) { $0 } }

    /// Σ P(i, j)/j² / N.
    var smallEmphasis: Double { weightedSum(bySize, sizes) { 1 / ($0 * $0) } / total }
    /// Σ P(i, j)·j² / N.
    var largeEmphasis: Double { weightedSum(bySize, sizes) { $0 * $0 } / total }
    /// Σ P(i, j)/i² / N.
    var lowLevelEmphasis: Double { weightedSum(byLevel, levels) { 1 / ($0 * $0) } / total }
    /// Σ P(i, j)·i² / N.
    var highLevelEmphasis: Double { weightedSum(byLevel, levels) { $0 * $0 } / total }

    /// Σ P(i, j)/(i²·j²) / N.
    var smallLowEmphasis: Double { jointEmphasis({ 1 / ($0 * $0) }, { 1 / ($0 * $0) }) }
    /// Σ P(i, j)·i²/j² / N.
    var smallHighEmphasis: Double { jointEmphasis({ $0 * $0 }, { 1 / ($0 * $0) }) }
    /// Σ P(i, j)·j²/i² / N.
    var largeLowEmphasis: Double { jointEmphasis({ 1 / ($0 * $0) }, { $0 * $0 }) }
    /// Σ P(i, j)·i²·j² / N.
    var largeHighEmphasis: Double { jointEmphasis({ $0 * $0 }, { $0 * $0 }) }

    /// Σᵢ (Σⱼ P(i, j))² / N.
    var levelNonUniformity: Double { byLevel.reduce(0) { $0 + $1 * $1 } / total }
    /// Σⱼ (Σᵢ P(i, j))² / N.
    var sizeNonUniformity: Double { bySize.reduce(0) { $0 + $1 * $1 } / total }
    /// Variance of i, and of j, over the shares P(i, j)/N.
    var levelVariance: Double { variance(byLevel, levels) }
    var sizeVariance: Double { variance(bySize, sizes) }
    /// −Σ p·log₂(p + ε), p = P(i, j)/N.
    var entropy: Double { Radiomics.entropy(counts, total: total) }
    /// Σ p².
    var energy: Double { counts.reduce(0) { $0 + $1 * $1 } / (total * total) }

    private func variance(_ counts: [Double], _ values: [Double]) -> Double {
        let mean = weightedSum(counts, values) { $0 } / total
        return weightedSum(counts, values) { ($0 - mean) * ($0 - mean) } / total
    }

    private func jointEmphasis(_ ofLevel: (Double) -> Double, _ ofSize: (Double) -> Double) -> Double {
        let sizeWeights = sizes.map(ofSize)
        var sum = 0.0
        for i in levels.indices {
            var row = 0.0
            for j in sizes.indices { row += counts[i * sizes.count + j] * sizeWeights[j] }
            sum += row * ofLevel(levels[i])
        }
        return sum / total
    }
}

private func weightedSum(_ counts: [Double], _ values: [Double], _ weight: (Double) -> Double) -> Double {
    var sum = 0.0
    for k in counts.indices { sum += counts[k] * weight(values[k]) }
    return sum
}
