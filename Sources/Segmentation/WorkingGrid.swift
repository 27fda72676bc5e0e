// The piece of the scan that is worked on: cropped to the spine, thinned to about a millimetre where it is finer.
import Imaging

/// A cropped and, on finely sampled axes, block-averaged part of a scan, and how its voxels lie in the scan's grid.
struct WorkingGrid {
    /// The image that is worked on.
    let volume: Volume
    /// Index in the scan of the first scan voxel of working voxel (0,0,0).
    let lower: Index3
    /// Scan voxels that were averaged into one along each axis.
    let factor: Index3

    /// Axes finer than half of this are averaged; our choice, below the endplate accuracy that is asked.
    private static let finestMM = 1.0

    /// The part of `scan` within `marginsMM` (left and right, front and back, up and down) of any of the points.
    init(of scan: Volume, around points: [PointMM], marginsMM: SIMD3<Double>) {
        let geometry = scan.geometry
        let (low, high) = geometry.indexRange(around: points, marginsMM: marginsMM)
        let (x, nx, fx) = Self.span(low.x, high.x, geometry.size.x, geometry.spacingMM.x)
        let (y, ny, fy) = Self.span(low.y, high.y, geometry.size.y, geometry.spacingMM.y)
        let (z, nz, fz) = Self.span(low.z, high.z, geometry.size.z, geometry.spacingMM.z)
        lower = Index3(x: x, y: y, z: z)
        factor = Index3(x: fx, y: fy, z: fz)
        volume = Self.averaged(scan, from: lower, size: Index3(x: nx, y: ny, z: nz), factor: factor)
    }

    private static func span(_ low: Double, _ high: Double, _ size: Int, _ spacing: Double) -> (Int, Int, Int) {
        let factor = min(max(1, Int(finestMM / spacing + 0.01)), size)
        let first = min(max(0, Int(low.rounded(.down))), size - factor)
        let last = min(max(first + factor, Int(high.rounded(.up)) + 1), size)
        return (first, (last - first) / factor, factor)
    }

    private static func averaged(_ scan: Volume, from lower: Index3, size: Index3, factor: Index3) -> Volume {
        var geometry = scan.geometry
        geometry.size = size
        geometry.spacingMM *= [Double(factor.x), Double(factor.y), Double(factor.z)]
        geometry.originMM = scan.geometry.point(
            at: [
                Double(lower.x) + Double(factor.x - 1) / 2, Double(lower.y) + Double(factor.y - 1) / 2,
                Double(lower.z) + Double(factor.z - 1) / 2,
            ])
        var voxels = [Float](repeating: 0, count: size.count)
        let share = 1 / Float(factor.count)
        let full = scan.geometry.size
        scan.voxels.withUnsafeBufferPointer { source in
            voxels.withUnsafeMutableBufferPointer { target in
                for z in 0..<size.z * factor.z {
                    for y in 0..<size.y * factor.y {
                        let from = ((lower.z + z) * full.y + lower.y + y) * full.x + lower.x
                        let to = ((z / factor.z) * size.y + y / factor.y) * size.x
                        for x in 0..<size.x {
                            var sum: Float = 0
                            for i in 0..<factor.x { sum += source[from + x * factor.x + i] }
                            target[to + x] += sum * share
                        }
                    }
                }
            }
        }
        return Volume(geometry: geometry, voxels: voxels)
    }

    /// Writes `number` at the voxels inside a body's surface that no other body holds.
    func paint(_ surface: BodySurface, number: UInt8, into labels: inout [UInt8]) {
        let geometry = volume.geometry
        let reach = surface.radiiMM.max() ?? 0
        let centre = geometry.index(of: surface.frame.originMM)
        let span = SIMD3(repeating: reach) / geometry.spacingMM
        let box = geometry.voxels(from: centre - span, to: centre + span)
        let (lower, size) = (box.lower, box.size)
        let mask = surface.mask(on: geometry.cropped(from: lower, size: size))
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x where mask[x, y, z] {
                    let i = geometry.offset(x: x + lower.x, y: y + lower.y, z: z + lower.z)
                    if labels[i] == 0 { labels[i] = number }
                }
            }
        }
    }
}
