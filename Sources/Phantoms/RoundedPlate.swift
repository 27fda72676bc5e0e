// The building block of the posterior elements and the ribs.

/// Everything within a radius of a flat quadrilateral: a rounded plate, or a capsule when one side is zero.
/// An exact distance where it does not taper.
struct RoundedPlate {
    private let centre: SIMD3<Float>
    /// Unit vectors along the sides and across.
    private let u: SIMD3<Float>
    private let v: SIMD3<Float>
    private let n: SIMD3<Float>
    private let halfU: Float
    private let halfV: Float
    private let radius: Float
    private let corner: Float
    /// Change of the half breadth by millimetre along `u`.
    private let taper: Float

    /// A plate whose middle line runs from `start` to `end`; it is `breadth` wide along `side` at its middle, radius included.
    /// - Parameters:
    ///   - corner: how round the corners of the flat figure are.
    ///   - flare: how much wider it is at the end than at the start.
    init(
        from start: SIMD3<Float>, to end: SIMD3<Float>, side: SIMD3<Float>, breadth: Float, radius: Float,
        corner: Float = 0, flare: Float = 0
    ) {
        centre = (start + end) / 2
        let along = end - start
        let span = (along * along).sum().squareRoot()
        u = along / span
        let across = side - u * (side * u).sum()
        v = across / (across * across).sum().squareRoot()
        n = [u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x]
        halfU = span / 2
        halfV = max(breadth / 2 - radius, 0)
        self.radius = radius
        self.corner = min(corner, halfU, halfV)
        taper = flare / (2 * span)
    }

    @inline(__always)
    func distance(_ p: SIMD3<Float>) -> Float {
        let q = p - centre
        let along = (q * u).sum()
        let breadth = halfV + taper * min(max(along, -halfU), halfU)
        let du = max(abs(along) - halfU + corner, 0)
        let dv = max(abs((q * v).sum()) - breadth + corner, 0)
        let dn = (q * n).sum()
        let flat = max((du * du + dv * dv).squareRoot() - corner, 0)
        return (flat * flat + dn * dn).squareRoot() - radius
    }
}
