// Where the surface of a body lies between the cells' centres, and bodies whose surface lies elsewhere.
import Domain
import Imaging

extension BodyCells {
    /// The body with its surface shifted, on the same grid.
    ///
    /// Cells that come in are bone of middle density: what the scan shows there was not taken for bone.
    ///
    /// - Parameter outwards: shift of the surface seen from the body's centre in a direction (a unit vector of the frame), mm.
    package func shifted(_ outwards: (SIMD3<Double>) -> Double) -> BodyCells {
        var shifted = isBone
        for i in depthMM.indices where depthMM[i] > -Float(Self.shiftRoomMM) && !isRim(i) {
            let direction = normalised(frame.local(grid.centre(of: i)))
            shifted[i] = Double(depthMM[i]) + outwards(direction) > 0
        }
        return BodyCells(
            grid: grid, frame: frame, isBone: shifted, isCleft: zip(isCleft, shifted).map { $0 && $1 },
            densityRank: densityRank, depthMM: depthMM)
    }

    private func isRim(_ cell: Int) -> Bool {
        let at = grid.index(of: cell)
        let size = grid.size
        return at.x == 0 || at.y == 0 || at.z == 0 || at.x == size.x - 1 || at.y == size.y - 1 || at.z == size.z - 1
    }
}

/// Depth of each cell's centre under the surface, mm, negative outside: from points half as far apart as the cells, and exact to a
/// quarter of a cell.
func surfaceDepth(of holds: (PointMM) -> Bool, on grid: FlowGrid) -> [Float] {
    let half = grid.cellMM / 2
    let size = grid.size
    let axes = grid.geometry
    let fine = Geometry(
        size: Index3(x: 2 * size.x, y: 2 * size.y, z: 2 * size.z), spacingMM: SIMD3(repeating: half),
        originMM: axes.originMM - (axes.xAxis + axes.yAxis + axes.zAxis) * (half / 2), xAxis: axes.xAxis,
        yAxis: axes.yAxis, zAxis: axes.zAxis)
    var mask = VoxelMask(geometry: fine)
    var n = 0
    for z in 0..<fine.size.z {
        for y in 0..<fine.size.y {
            for x in 0..<fine.size.x {
                mask.voxels[n] = holds(fine.point(at: Index3(x: x, y: y, z: z)))
                n += 1
            }
        }
    }
    let inside = mask.depthMM().voxels
    let outside = mask.distanceMM().voxels
    let row = fine.size.x
    let slice = row * fine.size.y
    // How far the nearest point beyond the surface lies behind it: half a step along the axes, less across them (measured mean).
    let beyond = Float(0.3 * half)
    var depth = [Float](repeating: 0, count: grid.count)
    for i in depth.indices {
        let at = grid.index(of: i)
        let first = fine.offset(x: 2 * at.x, y: 2 * at.y, z: 2 * at.z)
        var sum: Float = 0
        for corner in [0, 1, row, row + 1, slice, slice + 1, slice + row, slice + row + 1] {
            let point = first + corner
            sum += mask.voxels[point] ? inside[point] - beyond : beyond - outside[point]
        }
        depth[i] = sum / 8
    }
    return depth
}
