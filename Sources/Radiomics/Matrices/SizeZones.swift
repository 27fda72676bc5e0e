// Finds zones: connected voxels of one grey level.

/// The zones of a region.
struct SizeZones: Sendable {
    /// The rank of each zone's level.
    private(set) var rank: [Int32] = []
    /// Voxels of each zone.
    private(set) var size: [Int32] = []
    /// The voxels of all zones, zone after zone, as indices into `LevelGrid.ranks`.
    private(set) var voxels: [Int32] = []
    private let levels: [Int]

    /// How many zones of each size each level has; columns are sizes in voxels.
    var table: CountTable {
        let columns = Set(size).sorted()
        var place: [Int32: Int] = [:]
        for (column, value) in columns.enumerated() { place[value] = column }
        var counts = [Double](repeating: 0, count: levels.count * columns.count)
        for zone in size.indices { counts[Int(rank[zone]) * columns.count + (place[size[zone]] ?? 0)] += 1 }
        return CountTable(levels: levels, columns: columns.map(Int.init), counts: counts)
    }

    /// Zones connected along the directions and their opposites: 26-connected with `Direction.all`, 8-connected within slices
    /// with `Direction.inPlane`.
    ///
    /// Source: Thibault 2014, IEEE Trans Biomed Eng 61:630.
    /// - Parameter slices: only voxels of these slices, for directions within a slice; nil for all.
    init(_ grid: LevelGrid, _ directions: [Direction] = Direction.all, slices: Range<Int>? = nil) {
        levels = grid.levels
        let steps = directions.map(grid.offset)
        let neighbours = steps + steps.map { -$0 }
        let range = grid.voxelRange(in: slices)
        var open = grid.ranks  // −1 also where a zone was found
        var found = [Int32](repeating: 0, count: range.count)
        var end = 0
        var (rank, size): ([Int32], [Int32]) = ([], [])
        open.withUnsafeMutableBufferPointer { open in
            found.withUnsafeMutableBufferPointer { found in
                neighbours.withUnsafeBufferPointer { neighbours in
                    grid.voxels.withUnsafeBufferPointer { voxels in
                        for i in range where open[Int(voxels[i])] >= 0 {
                            let level = open[Int(voxels[i])]
                            let start = end
                            var next = end
                            found[end] = voxels[i]
                            end += 1
                            open[Int(voxels[i])] = -1
                            while next < end {
                                let voxel = Int(found[next])
                                next += 1
                                for step in neighbours where open[voxel + step] == level {
                                    open[voxel + step] = -1
                                    found[end] = Int32(truncatingIfNeeded: voxel + step)
                                    end += 1
                                }
                            }
                            rank.append(level)
                            size.append(Int32(truncatingIfNeeded: end - start))
                        }
                    }
                }
            }
        }
        self.rank = rank
        self.size = size
        voxels = found
    }
}
