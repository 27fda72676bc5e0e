// Centre, axes and lengths of a region: the ellipsoid with the same moments.
import Foundation
import Imaging

/// The ellipsoid that has the first and second moments of a region.
struct CleftShape {
    /// In the vertebral frame, mm.
    let centreMM: SIMD3<Double>
    /// Unit vectors in the frame, longest first.
    let axes: [SIMD3<Double>]
    /// Full lengths along `axes`, mm.
    let extentMM: SIMD3<Double>

    /// - Parameter mask: not empty, on the window's grid.
    init(_ mask: VoxelMask, window: BodyWindow, frame: VertebralFrame) {
        let points = mask.voxels.indices.filter { mask.voxels[$0] }.map { window.local($0, frame) }
        let count = Double(max(points.count, 1))
        let centre = points.reduce(.zero, +) / count
        var moments = SymmetricMoments()
        for point in points { moments.add(point - centre, weight: 1 / count) }
        let principal = moments.principalAxes()
        centreMM = centre
        axes = principal.map(\.axis)
        // A solid ellipsoid of semi-axis a has the variance a²/5 along it.
        let lengths = principal.map { 2 * (5 * max($0.variance, 0)).squareRoot() }
        extentMM = [lengths[0], lengths[1], lengths[2]]
    }
}

/// A symmetric 3 × 3 matrix of second moments.
struct SymmetricMoments {
    private var rows: [[Double]]

    init(xx: Double = 0, yy: Double = 0, zz: Double = 0, xy: Double = 0, xz: Double = 0, yz: Double = 0) {
        rows = [[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]
    }

    mutating func add(_ v: SIMD3<Double>, weight: Double) {
        for i in 0..<3 { for j in 0..<3 { rows[i][j] += weight * v[i] * v[j] } }
    }

    /// Eigenvalues and unit eigenvectors, greatest first, by Jacobi rotations (Jacobi 1846, J Reine Angew Math 30:51).
    func principalAxes() -> [(variance: Double, axis: SIMD3<Double>)] {
        var a = rows
        var v: [SIMD3<Double>] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        for _ in 0..<30 {
            for (p, q) in [(0, 1), (0, 2), (1, 2)] where abs(a[p][q]) > 1e-300 {
                let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
                let t = (theta >= 0 ? 1.0 : -1.0) / (abs(theta) + (theta * theta + 1).squareRoot())
                let c = 1 / (t * t + 1).squareRoot()
                let s = t * c
                for k in 0..<3 {
                    let (kp, kq) = (a[k][p], a[k][q])
                    a[k][p] = c * kp - s * kq
                    a[k][q] = s * kp + c * kq
                }
                for k in 0..<3 {
                    let (pk, qk) = (a[p][k], a[q][k])
                    a[p][k] = c * pk - s * qk
                    a[q][k] = s * pk + c * qk
                }
                (v[p], v[q]) = (c * v[p] - s * v[q], s * v[p] + c * v[q])
            }
        }
        return (0..<3).map { (a[$0][$0], v[$0]) }.sorted { $0.0 > $1.0 }
    }
}
