// Counts pairs of neighbours by their grey levels.

extension LevelGrid {
    /// Per direction, how often level i has level j as its neighbour in that direction or its opposite: symmetric, each pair
    /// counted twice.
    ///
    /// Source: Haralick 1973, IEEE Trans Syst Man Cybern 3:610.
    /// - Parameters:
    ///   - slices: only voxels of these slices, for directions within a slice; nil for all.
    ///   - isSymmetric: false counts neighbours in the direction only, each pair once.
    func cooccurrences(
        _ directions: [Direction], slices: Range<Int>? = nil, isSymmetric: Bool = true
    ) -> [CountTable] {
        let n = levels.count
        let width = n + 1  // column 0 takes the neighbours outside the region
        let tableCount = n * width
        var pairs = [Int32](repeating: 0, count: directions.count * tableCount)
        let range = voxelRange(in: slices)
        pairs.withUnsafeMutableBufferPointer { pairs in
            ranks.withUnsafeBufferPointer { ranks in
                voxels.withUnsafeBufferPointer { voxels in
                    directions.map(offset).withUnsafeBufferPointer { steps in
                        // All directions of a voxel after one another: counts of one table would wait for each other.
                        for i in range {
                            let voxel = Int(voxels[i])
                            var row = Int(ranks[voxel]) * width + 1
                            for step in steps {
                                pairs[row + Int(ranks[voxel + step])] += 1
                                row += tableCount
                            }
                        }
                    }
                }
            }
        }
        return directions.indices.map { direction in
            let table = direction * tableCount
            var counts = [Double](repeating: 0, count: n * n)
            for i in 0..<n {
                for j in 0..<n {
                    let opposite = isSymmetric ? pairs[table + j * width + i + 1] : 0
                    counts[i * n + j] = Double(pairs[table + i * width + j + 1] + opposite)
                }
            }
            return CountTable(levels: levels, columns: levels, counts: counts)
        }
    }
}
