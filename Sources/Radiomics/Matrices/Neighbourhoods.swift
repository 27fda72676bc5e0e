// Compares every voxel with all its neighbours, once for the dependence and the neighbourhood difference matrices.

/// What is counted over the neighbourhoods of a region's voxels.
struct Neighbourhoods: Sendable {
    /// How many voxels of each level have each dependence; columns are 1 + the number of neighbours that depend on the voxel
    /// (IBSI counts the voxel itself too).
    let dependences: CountTable
    /// Voxels of each rank.
    let voxels: [Int]
    /// Voxels of each rank with at least one neighbour in the region (IBSI counts only these).
    let voxelsWithNeighbours: [Int]
    /// Σ |level − mean level of the neighbours in the region| of each rank; a voxel without neighbours adds nothing.
    let differences: [Double]

    /// Neighbours lie along the directions and their opposites: 26 with `Direction.all`, 8 with `Direction.inPlane`.
    ///
    /// Sources: Sun and Wee 1983, Comput Vis Graph Image Process 23:341; Amadasun and King 1989, IEEE Trans Syst Man Cybern
    /// 19:1264.
    /// - Parameters:
    ///   - coarseness: a neighbour depends on the voxel when their levels differ by this at most (PyRadiomics `gldm_a`, IBSI α).
    ///   - slices: only voxels of these slices, for directions within a slice; nil for all.
    init(
        _ grid: LevelGrid, _ directions: [Direction] = Direction.all, coarseness: Double = 0, slices: Range<Int>? = nil
    ) {
        let n = grid.levels.count
        let steps = directions.map(grid.offset)
        let neighbours = steps + steps.map { -$0 }
        let width = neighbours.count + 1
        // Levels by rank + 1; what lies outside has level 0 and is farther than any coarseness.
        let level = [Int32(0)] + grid.levels.map { Int32($0) }
        let reach = Int32(min(max(coarseness, 0), 1e6))
        var dependences = [Int32](repeating: 0, count: n * width)
        var (voxelCount, touching) = ([Int](repeating: 0, count: n), [Int](repeating: 0, count: n))
        var differences = [Double](repeating: 0, count: n)
        for i in grid.voxelRange(in: slices) {
            let voxel = Int(grid.voxels[i])
            let rank = Int(grid.ranks[voxel])
            let own = level[rank + 1]
            var (count, sum, dependent): (Int32, Int32, Int) = (0, 0, 0)
            for step in neighbours {
                let other = grid.ranks[voxel + step]
                guard other >= 0 else { continue }
                count += 1
                sum += level[Int(other) + 1]
                if abs(level[Int(other) + 1] - own) <= reach { dependent += 1 }
            }
            dependences[rank * width + dependent] += 1
            voxelCount[rank] += 1
            guard count > 0 else { continue }
            touching[rank] += 1
            differences[rank] += abs(Double(own) - Double(sum) / Double(count))
        }
        self.dependences = CountTable(levels: grid.levels, countsFromOne: dependences)
        voxels = voxelCount
        voxelsWithNeighbours = touching
        self.differences = differences
    }
}
