// Which grey levels lie next to which: the grey-level co-occurrence matrix (GLCM).

/// A symmetric co-occurrence matrix with what its formulas share.
///
/// Source: Haralick 1973, IEEE Trans Syst Man Cybern 3:610; IBSI 1, "Grey level co-occurrence based features".
struct CooccurrenceMatrix {
    /// Rows, which are also columns: the levels that occur in the region.
    let n: Int
    /// True level numbers i of the rows.
    let level: [Double]
    /// p(i, j), n × n, sums to 1.
    let p: [Double]
    /// Marginal p(i) of rows and, since the matrix is symmetric, of columns.
    let marginal: [Double]
    /// Σ i·p(i).
    let mean: Double
    /// Σ (i − mean)²·p(i).
    let variance: Double
    /// p₋(k), the share of pairs that differ by k = 0 … Ng − 1 levels.
    let difference: [Double]
    /// p₊(k), the share of pairs whose levels sum to k = 0 … 2·Ng.
    let sum: [Double]
    /// Ng: the highest level.
    let highestLevel: Double

    /// - Parameters:
    ///   - table: symmetric pair counts, of one direction or added over several.
    ///   - highestLevel: Ng; nil takes the highest level of the table.
    /// - Returns: nil when the table is empty.
    init?(_ table: CountTable, highestLevel: Int? = nil) {
        let n = table.levels.count
        let scale = table.total
        guard scale > 0 else { return nil }
        let highest = highestLevel ?? table.levels.last ?? 0
        var p = [Double](repeating: 0, count: n * n)
        var marginal = [Double](repeating: 0, count: n)
        var difference = [Double](repeating: 0, count: highest)
        var sum = [Double](repeating: 0, count: 2 * highest + 1)
        for i in 0..<n {
            for j in 0..<n {
                let share = table.counts[i * n + j] / scale
                p[i * n + j] = share
                marginal[i] += share
                difference[abs(table.levels[i] - table.levels[j])] += share
                sum[table.levels[i] + table.levels[j]] += share
            }
        }
        self.n = n
        level = table.levels.map { Double($0) }
        self.highestLevel = Double(highest)
        self.p = p
        self.marginal = marginal
        self.difference = difference
        self.sum = sum
        var (mean, variance) = (0.0, 0.0)
        for i in 0..<n { mean += level[i] * marginal[i] }
        for i in 0..<n { variance += (level[i] - mean) * (level[i] - mean) * marginal[i] }
        self.mean = mean
        self.variance = variance
    }
}
