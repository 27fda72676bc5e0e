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
    /// The runs along each direction; a gap in the region ends a run.
    ///
    /// Source: Galloway 1975, Comput Graph Image Process 4:172.
    /// - Parameter slices: only voxels of these slices, for directions within a slice; nil for all.
    func runLengths(_ directions: [Direction], slices: Range<Int>? = nil) -> [RunLengths] {
        let longest = max(size.x, size.y, size.z)
        let (n, tableCount) = (directions.count, levels.count * longest)
        var runs = [Int32](repeating: 0, count: n * tableCount)
        // Per voxel and direction, how many voxels of its run come before it: n values for each voxel. Small ones stay in the cache.
        var before = [UInt16](repeating: 0, count: n * ranks.count)
        let range = voxelRange(in: slices)
        runs.withUnsafeMutableBufferPointer { runs in
            before.withUnsafeMutableBufferPointer { before in
                ranks.withUnsafeBufferPointer { ranks in
                    voxels.withUnsafeBufferPointer { voxels in
                        directions.map(offset).withUnsafeBufferPointer { steps in
                            // A step forward is a higher index, so the voxel before is always done.
                            for i in range {
                                let voxel = Int(voxels[i])
                                let rank = ranks[voxel]
                                var row = Int(rank) * longest
                                for d in 0..<n {
                                    let (step, length) = (steps[d], before[voxel * n + d])
                                    let goesOn = ranks[voxel + step] == rank
                                    // Adding nothing is faster than a branch that cannot be foretold.
                                    runs[row + Int(length)] += goesOn ? 0 : 1
                                    before[(voxel + step) * n + d] = goesOn ? length &+ 1 : 0
                                    row += tableCount
                                }
                            }
                        }
                    }
                }
            }
        }
        return directions.indices.map { d in
            let counts = Array(runs[d * tableCount..<(d + 1) * tableCount])
            return RunLengths(
                table: CountTable(levels: levels, countsFromOne: counts),
                hasLineOfTwo: hasLineOfTwo(directions[d], range))
        }
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
