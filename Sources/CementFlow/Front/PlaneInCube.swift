// A flat front inside one cell: how much it has filled, and how much of each face it has wetted.

/// A plane n · x = α across the unit cube, with cement on the side of the corner at the origin.
///
/// The normal's components are positive and sum to 1, so that α goes from 0 (empty) to 1 (full). Volumes after Scardovelli and
/// Zaleski 2000 (J Comput Phys 164:228).
struct PlaneInCube {
    /// The normal's components along x, y, z.
    let a: Double
    let b: Double
    let c: Double

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

    /// What of a face the plane has wetted: the area, 0…1, and its first moments about the face's middle along the other two axes, in their
    /// order, counted from the corner at the origin.
    func wettedMoments(axis: Int, at alpha: Double) -> (area: Double, first: Double, second: Double) {
        let (own, p, q) = axis == 0 ? (a, b, c) : axis == 1 ? (b, a, c) : (c, a, b)
        let rest = alpha - own
        if rest <= 0 { return (0, 0, 0) }
        if rest >= p + q { return (1, 0, 0) }
        // A right triangle with its corner at the origin, less the triangles beyond the face's far edges.
        let whole = square(rest) / (2 * p * q)
        let beyondFirst = square(rest - p) / (2 * p * q)
        let beyondSecond = square(rest - q) / (2 * p * q)
        let area = whole - beyondFirst - beyondSecond
        let first =
            whole * rest / (3 * p) - beyondFirst * (1 + (rest - p) / (3 * p)) - beyondSecond * (rest - q) / (3 * p)
        let second =
            whole * rest / (3 * q) - beyondFirst * (rest - p) / (3 * q) - beyondSecond * (1 + (rest - q) / (3 * q))
        return (area, first - area / 2, second - area / 2)
    }

    /// How fast the filled part grows with α: the plane's area over the length of (a, b, c).
    func growth(at alpha: Double) -> Double {
        let pieces =
            square(alpha) - square(alpha - a) - square(alpha - b) - square(alpha - c) + square(alpha - a - b)
            + square(alpha - a - c)
            + square(alpha - b - c)
        return max(pieces / (2 * a * b * c), 0)
    }

    /// The plane that fills this part of the cube, to 1e-6 of α: Newton's steps, halving where one leaves the bracket.
    func position(filling part: Double) -> Double {
        guard part > 0, part < 1 else { return part <= 0 ? 0 : 1 }
        var (low, high) = (0.0, 1.0)
        var alpha = 0.5
        for _ in 0..<18 {
            let missing = part - volume(at: alpha)
            if missing > 0 { low = alpha } else { high = alpha }
            let newton = alpha + missing / growth(at: alpha)
            let next = newton > low && newton < high ? newton : (low + high) / 2
            if abs(next - alpha) < 1e-6 { return next }
            alpha = next
        }
        return alpha
    }
}

@inline(__always) private func cube(_ x: Double) -> Double { x > 0 ? x * x * x : 0 }
@inline(__always) private func square(_ x: Double) -> Double { x > 0 ? x * x : 0 }
