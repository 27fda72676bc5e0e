// Which grey levels lie next to which: the grey-level co-occurrence matrix (GLCM).
import Foundation

/// A co-occurrence matrix with what its formulas share.
///
/// Source: Haralick 1973, IEEE Trans Syst Man Cybern 3:610; IBSI 1, "Grey level co-occurrence based features".
struct CooccurrenceMatrix: Sendable {
    /// Rows, which are also columns: the levels that occur in the region.
    let n: Int
    /// True level numbers i of the rows.
    let level: [Double]
    /// p(i, j), n × n, sums to 1.
    let p: [Double]
    /// Distribution of the first and of the second level of a pair; the same when the matrix is symmetric.
    let rows, columns: Marginal
    /// p₋(k), the share of pairs that differ by k = 0 … Ng − 1 levels.
    let difference: [Double]
    /// p₊(k), the share of pairs whose levels sum to k = 0 … 2·Ng.
    let sum: [Double]
    /// Ng: the highest level.
    let highestLevel: Double
    /// HXY: −Σ p·log₂(p + ε).
    let jointEntropy: Double
    /// log₂(p(i)·p(j) + ε), n × n.
    let logOfProduct: [Double]

    /// The distribution of one level of a pair.
    struct Marginal: Sendable {
        /// p(i).
        let p: [Double]
        /// Σ i·p(i).
        let mean: Double
        /// Σ (i − mean)²·p(i).
        let variance: Double

        fileprivate init(_ p: [Double], _ level: [Double]) {
            var (mean, variance) = (0.0, 0.0)
            for i in p.indices { mean += level[i] * p[i] }
            for i in p.indices { variance += (level[i] - mean) * (level[i] - mean) * p[i] }
            self.p = p
            self.mean = mean
            self.variance = variance
        }
    }

    /// - Parameters:
    ///   - table: pair counts, of one direction or added over several.
    ///   - highestLevel: Ng; nil takes the highest level of the table.
    /// - Returns: nil when the table is empty.
    init?(_ table: CountTable, highestLevel: Int? = nil) {
        let n = table.levels.count
        let scale = table.total
        guard scale > 0 else { return nil }
        let highest = highestLevel ?? table.levels.last ?? 0
        var p = [Double](repeating: 0, count: n * n)
        var (first, second) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
        var difference = [Double](repeating: 0, count: highest)
        var sum = [Double](repeating: 0, count: 2 * highest + 1)
        for i in 0..<n {
            for j in 0..<n {
                let share = table.counts[i * n + j] / scale
                p[i * n + j] = share
                first[i] += share
                second[j] += share
                difference[abs(table.levels[i] - table.levels[j])] += share
                sum[table.levels[i] + table.levels[j]] += share
            }
        }
        let level = table.levels.map { Double($0) }
        self.n = n
        self.level = level
        self.highestLevel = Double(highest)
        self.p = p
        self.difference = difference
        self.sum = sum
        rows = Marginal(first, level)
        columns = Marginal(second, level)
        jointEntropy = entropy(p)
        logOfProduct = Self.logOfProduct(first, second)
    }

    private static func logOfProduct(_ rows: [Double], _ columns: [Double]) -> [Double] {
        let n = rows.count
        let isSymmetric = rows == columns
        var logs = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            for j in 0..<n {
                logs[i * n + j] = isSymmetric && j < i ? logs[j * n + i] : log2(rows[i] * columns[j] + epsilon)
            }
        }
        return logs
    }
}
