// The grid on which the spine is sought: 3 mm, along the patient's axes, with air around the scan.
import Imaging

/// Brings a scan onto the grid that the locating network was trained on.
enum LocateGrid {
    static let spacingMM = 3.0
    /// Air on every side: without it tightly cropped scans lose agreement (measured: 0.91…0.97 with it, 0.79…0.88 without).
    private static let airVoxels = 16
    private static let airHU: Float = -1_024
    /// Extents are multiples of this, as three halvings ask.
    private static let multiple = 8

    /// The scan on its grid, HU; air outside.
    ///
    /// Axes that are finer are smoothed first (sigma 0.42 source voxels for each target voxel beyond one: the rule of the training).
    static func volume(of scan: Volume) -> Volume {
        var sigma = SIMD3<Double>.zero
        for axis in 0..<3 { sigma[axis] = max(0, 0.42 * (spacingMM / scan.geometry.spacingMM[axis] - 1)) }
        let smooth = sigma.max() > 0 ? scan.smoothed(sigmaVoxels: sigma) : scan
        return smooth.resampled(to: geometry(covering: scan.geometry), by: .linear, outside: airHU)
    }

    /// LPS axes; voxel centres on multiples of 3 mm, the first on one of 24 mm, so that a cropped scan is sampled at the same points and
    /// its network's coarse grids are the same; where the scan's voxels are as large themselves, on its own.
    static func geometry(covering scan: Geometry) -> Geometry {
        var low = SIMD3<Double>(repeating: .infinity)
        var high = SIMD3<Double>(repeating: -.infinity)
        let last: SIMD3<Double> = [Double(scan.size.x), Double(scan.size.y), Double(scan.size.z)]
        for corner in 0..<8 {
            let index: SIMD3<Double> = [
                corner & 1 == 0 ? -0.5 : last.x - 0.5, corner & 2 == 0 ? -0.5 : last.y - 0.5,
                corner & 4 == 0 ? -0.5 : last.z - 0.5,
            ]
            let point = scan.point(at: index)
            low = pointwiseMin(low, point)
            high = pointwiseMax(high, point)
        }
        var origin = SIMD3<Double>.zero
        var counts = SIMD3<Int>.zero
        for axis in 0..<3 {
            let phase = isAlike(scan, along: axis) ? scan.originMM[axis].remainder(dividingBy: spacingMM) : 0
            let first = ((low[axis] - phase) / spacingMM / Double(multiple) + 1e-6).rounded(.down) * Double(multiple)
            let end = ((high[axis] - phase) / spacingMM + 1e-6).rounded(.down)
            let count = max(1, Int(end - first) + 1) + 2 * airVoxels
            counts[axis] = (count + multiple - 1) / multiple * multiple
            origin[axis] = phase + (first - Double(airVoxels)) * spacingMM
        }
        return Geometry(
            size: Index3(x: counts.x, y: counts.y, z: counts.z), spacingMM: SIMD3(repeating: spacingMM),
            originMM: origin)
    }

    /// Whether the image axis that runs most along a patient axis has voxels of this grid's size, which need no interpolation.
    private static func isAlike(_ scan: Geometry, along axis: Int) -> Bool {
        let parts = [abs(scan.xAxis[axis]), abs(scan.yAxis[axis]), abs(scan.zAxis[axis])]
        let nearest = parts.indices.max { parts[$0] < parts[$1] } ?? axis
        return abs(scan.spacingMM[nearest] - spacingMM) < 0.01
    }
}
