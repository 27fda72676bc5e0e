// Grey levels laid out for counting neighbours.
import Imaging

/// The grey levels of a box inside a border that belongs to no region, so that no neighbour needs a bounds test, and the list
/// of the region's voxels, so that no loop visits others.
struct LevelGrid: Sendable {
    /// Voxels of the box along x, y, z, without the border.
    let size: Index3
    /// Voxels of border on each side: the farthest neighbour that can be asked for.
    let border: Int
    /// The rank of each voxel's level, 0-based; −1 outside the region. x fastest, border included.
    let ranks: [Int32]
    /// The level of each voxel, 0 outside the region, laid out as `ranks`.
    let voxelLevels: [Int32]
    /// The level of each rank, ascending.
    let levels: [Int]
    /// Index into `ranks` of each voxel of the region, ascending.
    let voxels: [Int32]
    /// Where each slice starts in `voxels`, and the end of the last.
    private let sliceStart: [Int]

    /// - Parameters:
    ///   - ranks: of the voxels of the box without border, −1 outside the region, x fastest.
    ///   - levels: the level of each rank, ascending.
    init(size: Index3, ranks box: [Int32], levels: [Int], border: Int = 1) {
        let (nx, ny) = (size.x + 2 * border, size.y + 2 * border)
        var ranks = [Int32](repeating: -1, count: nx * ny * (size.z + 2 * border))
        var voxels: [Int32] = []
        voxels.reserveCapacity(box.count)
        var sliceStart = [0]
        ranks.withUnsafeMutableBufferPointer { ranks in
            box.withUnsafeBufferPointer { box in
                for z in 0..<size.z {
                    for y in 0..<size.y {
                        let from = (z * size.y + y) * size.x
                        let to = ((z + border) * ny + y + border) * nx + border
                        for x in 0..<size.x where box[from + x] >= 0 {
                            ranks[to + x] = box[from + x]
                            voxels.append(Int32(truncatingIfNeeded: to + x))
                        }
                    }
                    sliceStart.append(voxels.count)
                }
            }
        }
        self.size = size
        self.border = border
        self.ranks = ranks
        let levelOfRank = [Int32(0)] + levels.map { Int32($0) }
        voxelLevels = ranks.map { levelOfRank[Int($0) + 1] }
        self.levels = levels
        self.voxels = voxels
        self.sliceStart = sliceStart
    }

    init(_ levels: GreyLevels, border: Int = 1) {
        self.init(size: levels.size, ranks: levels.ranks, levels: levels.levels, border: border)
    }

    /// The distance in `ranks` between a voxel and its neighbour.
    func offset(_ direction: Direction) -> Int {
        let (nx, ny) = (size.x + 2 * border, size.y + 2 * border)
        return (direction.dz * ny + direction.dy) * nx + direction.dx
    }

    /// The part of `voxels` that lies in a range of slices; nil is all of them.
    func voxelRange(in slices: Range<Int>?) -> Range<Int> {
        slices.map { sliceStart[$0.lowerBound]..<sliceStart[$0.upperBound] } ?? 0..<voxels.count
    }

    /// Index into `ranks` of the first voxel of each row of the box, in a range of slices; nil is all of them.
    func rows(in slices: Range<Int>?) -> [Int] {
        let (nx, ny) = (size.x + 2 * border, size.y + 2 * border)
        return (slices ?? 0..<size.z).flatMap { z in
            (0..<size.y).map { y in ((z + border) * ny + y + border) * nx + border }
        }
    }

    /// The index in the box without border of an index in `ranks`.
    func boxIndex(_ index: Int) -> Int {
        let (nx, ny) = (size.x + 2 * border, size.y + 2 * border)
        let (x, y, z) = (index % nx - border, index / nx % ny - border, index / (nx * ny) - border)
        return (z * size.y + y) * size.x + x
    }
}
