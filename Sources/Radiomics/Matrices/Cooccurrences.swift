// Counts pairs of neighbours by their grey levels.

extension LevelGrid {
    /// How often level i has level j as its neighbour in a direction or its opposite: symmetric, each pair counted twice.
    ///
    /// Source: Haralick 1973, IEEE Trans Syst Man Cybern 3:610.
    /// - Parameters:
    ///   - slices: only voxels of these slices, for directions within a slice; nil for all.
    ///   - isSymmetric: false counts neighbours in the direction only, each pair once.
    func cooccurrences(_ direction: Direction, slices: Range<Int>? = nil, isSymmetric: Bool = true) -> CountTable {
        let n = levels.count
        let width = n + 1  // column 0 takes the neighbours outside the region
        var pairs = [Int32](repeating: 0, count: n * width)
        let (range, step) = (voxelRange(in: slices), offset(direction))
        pairs.withUnsafeMutableBufferPointer { pairs in
            ranks.withUnsafeBufferPointer { ranks in
                voxels.withUnsafeBufferPointer { voxels in
                    for i in range {
                        let voxel = Int(voxels[i])
                        pairs[Int(ranks[voxel]) * width + Int(ranks[voxel + step]) + 1] += 1
                    }
                }
            }
        }
        var counts = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            for j in 0..<n {
                let opposite = isSymmetric ? pairs[j * width + i + 1] : 0
                counts[i * n + j] = Double(pairs[i * width + j + 1] + opposite)
            }
        }
        return CountTable(levels: levels, columns: levels, counts: counts)
    }
}
