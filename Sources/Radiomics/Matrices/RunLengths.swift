// Counts runs: consecutive voxels of one grey level along a line.
import Imaging

/// The runs of one direction.
struct RunLengths: Sendable {
    /// How many runs of each length each level has; columns are lengths in voxels.
    let table: CountTable
    /// False when every line in the direction meets the region in one voxel at most. PyRadiomics leaves such a direction out.
    let hasLineOfTwo: Bool
}

extension LevelGrid {
    /// The runs along a direction; a gap in the region ends a run.
    ///
    /// Source: Galloway 1975, Comput Graph Image Process 4:172.
    /// - Parameter slices: only voxels of these slices, for directions within a slice; nil for all.
    func runLengths(_ direction: Direction, slices: Range<Int>? = nil) -> RunLengths {
        let longest = max(size.x, size.y, size.z)
        var runs = [Int32](repeating: 0, count: levels.count * longest)
        var length = [Int32](repeating: 0, count: ranks.count)
        let (range, step) = (voxelRange(in: slices), offset(direction))
        runs.withUnsafeMutableBufferPointer { runs in
            length.withUnsafeMutableBufferPointer { length in
                ranks.withUnsafeBufferPointer { ranks in
                    voxels.withUnsafeBufferPointer { voxels in
                        // A step forward is a higher index, so the voxel before is always done.
                        for i in range {
                            let voxel = Int(voxels[i])
                            let rank = ranks[voxel]
                            let before = length[voxel - step]
                            let soFar = 1 + (ranks[voxel - step] == rank ? before : 0)
                            length[voxel] = soFar
                            // Adding nothing is faster than a branch that cannot be foretold.
                            runs[Int(rank) * longest + Int(soFar) - 1] += ranks[voxel + step] == rank ? 0 : 1
                        }
                    }
                }
            }
        }
        return RunLengths(
            table: CountTable(levels: levels, countsFromOne: runs), hasLineOfTwo: hasLineOfTwo(direction, range))
    }

    /// Whether two voxels of the region lie on one line, gaps allowed.
    private func hasLineOfTwo(_ direction: Direction, _ range: Range<Int>) -> Bool {
        let step = offset(direction)
        // Neighbours settle it at once, save in regions where hardly a voxel touches another.
        if range.contains(where: { ranks[Int(voxels[$0]) + step] >= 0 }) { return true }
        var lines: Set<[Int]> = []
        let (nx, ny) = (size.x + 2 * border, size.y + 2 * border)
        for i in range {
            let voxel = Int(voxels[i])
            let (x, y, z) = (voxel % nx, voxel / nx % ny, voxel / (nx * ny))
            // Where the line meets the plane through 0 across its first axis.
            let steps = direction.dz != 0 ? z : direction.dy != 0 ? y : x
            let line = [x - steps * direction.dx, y - steps * direction.dy, z - steps * direction.dz]
            if !lines.insert(line).inserted { return true }
        }
        return false
    }
}
