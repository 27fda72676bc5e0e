// Which grey levels lie next to which: the grey-level co-occurrence matrix (GLCM).
import Foundation
import Imaging

/// The symmetric co-occurrence matrix of one direction at distance 1, with what its formulas share.
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

    /// - Parameter counts: n × n pair counts in one direction and its opposite, total above 0.
    init(counts: [Int], total: Int, levels: GreyLevels) {
        let n = levels.levels.count
        let scale = Double(total)
        var p = [Double](repeating: 0, count: n * n)
        var marginal = [Double](repeating: 0, count: n)
        var difference = [Double](repeating: 0, count: levels.highest)
        var sum = [Double](repeating: 0, count: 2 * levels.highest + 1)
        for i in 0..<n {
            for j in 0..<n {
                let share = Double(counts[i * n + j]) / scale
                p[i * n + j] = share
                marginal[i] += share
                difference[abs(levels.levels[i] - levels.levels[j])] += share
                sum[levels.levels[i] + levels.levels[j]] += share
            }
        }
        self.n = n
        level = levels.levels.map { Double($0) }
        highestLevel = Double(levels.highest)
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

/// One matrix per direction in which the region has neighbouring voxels: at most 13.
func cooccurrenceMatrices(_ levels: GreyLevels) -> [CooccurrenceMatrix] {
    let n = levels.levels.count
    var matrices: [CooccurrenceMatrix] = []
    for (dx, dy, dz) in uniqueDirections {
        var counts = [Int](repeating: 0, count: n * n)
        let pairs = countPairs(levels, dx, dy, dz, &counts)
        if pairs > 0 { matrices.append(CooccurrenceMatrix(counts: counts, total: 2 * pairs, levels: levels)) }
    }
    return matrices
}

/// The 13 steps to a touching voxel, one of each opposite pair.
private let uniqueDirections: [(Int, Int, Int)] = {
    var directions: [(Int, Int, Int)] = []
    for dz in 0...1 {
        for dy in -1...1 {
            for dx in -1...1 where dz > 0 || dy > 0 || (dy == 0 && dx > 0) { directions.append((dx, dy, dz)) }
        }
    }
    return directions
}()

/// Adds every pair of neighbours in a direction to `counts`, in both orders. Returns the number of pairs.
private func countPairs(_ levels: GreyLevels, _ dx: Int, _ dy: Int, _ dz: Int, _ counts: inout [Int]) -> Int {
    let size = levels.size
    let n = levels.levels.count
    let step = (dz * size.y + dy) * size.x + dx
    var pairs = 0
    levels.ranks.withUnsafeBufferPointer { ranks in
        counts.withUnsafeMutableBufferPointer { counts in
            for z in 0..<max(size.z - dz, 0) {
                for y in max(-dy, 0)..<max(min(size.y, size.y - dy), max(-dy, 0)) {
                    let row = (z * size.y + y) * size.x
                    for x in max(-dx, 0)..<max(min(size.x, size.x - dx), max(-dx, 0)) {
                        let (a, b) = (Int(ranks[row + x]), Int(ranks[row + x + step]))
                        guard a >= 0, b >= 0 else { continue }
                        counts[a * n + b] += 1
                        counts[b * n + a] += 1
                        pairs += 1
                    }
                }
            }
        }
    }
    return pairs
}
