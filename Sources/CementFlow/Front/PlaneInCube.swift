// A flat front inside one cell: how much it has filled, and how much of each face it has wetted.

/// A plane n · x = α across the unit cube, with cement on the side of the corner at the origin.
///
/// The normal's components are positive and sum to 1, so that α goes from 0 (empty) to 1 (full). Volumes after Scardovelli and
/// Zaleski 2000 (J Comput Phys 164:228).
struct PlaneInCube {
    private let a: Double
    private let b: Double
    private let c: Double

    /// - Parameter slope: magnitude of the pressure's fall along x, y, z; the plane is diagonal where all are 0, as at a source.
    init(slope x: Double, _ y: Double, _ z: Double) {
        // The floor keeps the formulas away from 0/0 (our choice).
        let strongest = max(x, y, z)
        let least = strongest > 0 ? 0.03 * strongest : 1
        let (x, y, z) = (max(x, least), max(y, least), max(z, least))
        let sum = x + y + z
        (a, b, c) = (x / sum, y / sum, z / sum)
    }

    /// The filled part of the cube, 0…1.
    func volume(at alpha: Double) -> Double {
        let pieces =
            cube(alpha) - cube(alpha - a) - cube(alpha - b) - cube(alpha - c) + cube(alpha - a - b)
            + cube(alpha - a - c)
            + cube(alpha - b - c)
        return min(max(pieces / (6 * a * b * c), 0), 1)
    }

    /// The wetted part, 0…1, of the face that the flow leaves through along an axis.
    func wetted(axis: Int, at alpha: Double) -> Double {
        let (own, p, q) = axis == 0 ? (a, b, c) : axis == 1 ? (b, a, c) : (c, a, b)
        let rest = alpha - own
        if rest <= 0 { return 0 }
        if rest >= p + q { return 1 }
        return (square(rest) - square(rest - p) - square(rest - q)) / (2 * p * q)
    }

    /// The plane that fills this part of the cube.
    func position(filling part: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        for _ in 0..<18 {
            let middle = (low + high) / 2
            if volume(at: middle) < part { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}

@inline(__always) private func cube(_ x: Double) -> Double { x > 0 ? x * x * x : 0 }
@inline(__always) private func square(_ x: Double) -> Double { x > 0 ? x * x : 0 }
