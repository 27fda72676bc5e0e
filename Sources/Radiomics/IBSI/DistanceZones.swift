// Zones of one grey level by their distance to the region's border.
import Imaging

/// A count table of grey level against distance, and the number of voxels that its zones were found in.
struct DistanceZoneMatrix {
    let matrix: SizeMatrix
    let voxels: Double

    /// Nil when there is no zone.
    ///
    /// Source: Thibault 2014, IEEE Trans Biomed Eng 61:630; IBSI reference manual, VMDZ: a zone is as far from the border as
    /// its nearest voxel.
    /// - Parameters:
    ///   - distances: of each voxel of the grid's box, 1 on the border.
    ///   - slices: only voxels of these slices; nil for all.
    init?(_ grid: LevelGrid, _ directions: [Direction], distances: [Int32], slices: Range<Int>?) {
        let zones = SizeZones(grid, directions, slices: slices)
        var zoneDistances: [Int] = []
        var start = 0
        for size in zones.size {
            let end = start + Int(size)
            zoneDistances.append(zones.voxels[start..<end].map { Int(distances[grid.boxIndex(Int($0))]) }.min() ?? 0)
            start = end
        }
        let columns = Set(zoneDistances).sorted()
        var counts = [Double](repeating: 0, count: grid.levels.count * columns.count)
        for (rank, distance) in zip(zones.rank, zoneDistances) {
            counts[Int(rank) * columns.count + (columns.firstIndex(of: distance) ?? 0)] += 1
        }
        guard let matrix = SizeMatrix(CountTable(levels: grid.levels, columns: columns, counts: counts)) else {
            return nil
        }
        self.matrix = matrix
        voxels = Double(start)
    }
}

/// The number of steps along the image axes from each voxel inside a mask to the nearest one outside; 0 outside. What lies
/// beyond the box is outside.
///
/// Source: Rosenfeld and Pfaltz 1966, J ACM 13:471: two passes are exact for this distance.
/// - Parameter inPlane: only steps along x and y.
func borderDistances(_ mask: [Bool], size: Index3, inPlane: Bool) -> [Int32] {
    let (nx, ny, nz) = (size.x, size.y, size.z)
    var distance = [Int32](repeating: 0, count: mask.count)
    distance.withUnsafeMutableBufferPointer { distance in
        for z in 0..<nz {
            for y in 0..<ny {
                for x in 0..<nx where mask[(z * ny + y) * nx + x] {
                    let i = (z * ny + y) * nx + x
                    let nearest = min(x > 0 ? distance[i - 1] : 0, y > 0 ? distance[i - nx] : 0)
                    distance[i] = 1 + (inPlane ? nearest : min(nearest, z > 0 ? distance[i - nx * ny] : 0))
                }
            }
        }
        for z in (0..<nz).reversed() {
            for y in (0..<ny).reversed() {
                for x in (0..<nx).reversed() where mask[(z * ny + y) * nx + x] {
                    let i = (z * ny + y) * nx + x
                    let nearest = min(x < nx - 1 ? distance[i + 1] : 0, y < ny - 1 ? distance[i + nx] : 0)
                    let through = inPlane ? nearest : min(nearest, z < nz - 1 ? distance[i + nx * ny] : 0)
                    distance[i] = min(distance[i], through + 1)
                }
            }
        }
    }
    return distance
}
