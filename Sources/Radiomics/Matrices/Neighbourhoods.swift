// Compares every voxel with all its neighbours, once for the dependence and the neighbourhood difference matrices.
import Imaging

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
        let reach = Int32(min(max(coarseness, 0), 1e6))
        var dependences = [Int32](repeating: 0, count: n * width)
        var (voxelCount, touching) = ([Int](repeating: 0, count: n), [Int](repeating: 0, count: n))
        var differences = [Double](repeating: 0, count: n)
        var row = RowOfNeighbourhoods(count: grid.size.x)
        for first in grid.rows(in: slices) {
            row.compare(grid.voxelLevels, first, neighbours, reach)
            for x in 0..<grid.size.x where grid.ranks[first + x] >= 0 {
                let rank = Int(grid.ranks[first + x])
                dependences[rank * width + Int(row.dependent[x])] += 1
                voxelCount[rank] += 1
                guard row.count[x] > 0 else { continue }
                touching[rank] += 1
                differences[rank] += abs(Double(grid.levels[rank]) - Double(row.sum[x]) / Double(row.count[x]))
            }
        }
        self.dependences = CountTable(levels: grid.levels, countsFromOne: dependences)
        voxels = voxelCount
        voxelsWithNeighbours = touching
        self.differences = differences
    }
}

/// What surrounds each voxel of a row.
private struct RowOfNeighbourhoods {
    /// Neighbours in the region, the sum of their levels, and how many of them are within reach of the voxel's level.
    private(set) var count, sum, dependent: [Int32]

    init(count voxels: Int) {
        count = [Int32](repeating: 0, count: voxels)
        (sum, dependent) = (count, count)
    }

    /// - Parameters:
    ///   - levels: 0 outside the region.
    ///   - first: where the row begins in them.
    mutating func compare(_ levels: [Int32], _ first: Int, _ neighbours: [Int], _ reach: Int32) {
        levels.withUnsafeBufferPointer { levels in
            count.withUnsafeMutableBufferPointer { count in
                sum.withUnsafeMutableBufferPointer { sum in
                    dependent.withUnsafeMutableBufferPointer { dependent in
                        for x in 0..<count.count { (count[x], sum[x], dependent[x]) = (0, 0, 0) }
                        let own = levels.baseAddress.unsafelyUnwrapped + first
                        for step in neighbours {
                            let other = own + step
                            // No branches, so that voxels are compared side by side.
                            for x in 0..<count.count {
                                let isInside: Int32 = other[x] > 0 ? 1 : 0
                                let isNear: Int32 = abs(other[x] &- own[x]) <= reach ? 1 : 0
                                count[x] &+= isInside
                                sum[x] &+= other[x]
                                dependent[x] &+= isInside & isNear
                            }
                        }
                    }
                }
            }
        }
    }
}
