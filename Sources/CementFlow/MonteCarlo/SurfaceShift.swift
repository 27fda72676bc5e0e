// The segmentation's error in one run: a smooth shift of the body's surface.

/// A smooth random shift of a surface, by the direction in which it is seen from the body's centre.
///
/// Spherical harmonics of degree 0, 1 and 2 (the body is larger, lies elsewhere, is longer along one axis), each of the same
/// variance in every direction, so that the shift's standard deviation is the same everywhere (degrees and their equal weight: our
/// choice).
struct SurfaceShift {
    private let parts: [Double]

    /// - Parameters:
    ///   - standardDeviationMM: of the shift in any one direction.
    ///   - normal: a source of standard normal numbers; nine are taken.
    init(standardDeviationMM: Double, normal: () -> Double) {
        parts = (0..<9).map { _ in normal() * standardDeviationMM / 3.0.squareRoot() }
    }

    /// Outwards, mm, in the direction of a unit vector of the frame.
    func outwardsMM(_ u: SIMD3<Double>) -> Double {
        let root = 3.0.squareRoot()
        let shift = parts[1] * u.x + parts[2] * u.y + parts[3] * u.z
        let mixed = root * (parts[4] * u.x * u.y + parts[5] * u.y * u.z + parts[6] * u.z * u.x)
        let square = root / 2 * parts[7] * (u.x * u.x - u.y * u.y) + parts[8] / 2 * (3 * u.z * u.z - 1)
        return parts[0] + shift + mixed + square
    }
}
