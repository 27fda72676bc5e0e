// The posterior elements as a signed distance: a smooth union of rounded plates, mirrored left to right.

/// Everything within a radius of a flat rectangle: a rounded plate, or a capsule when one side is zero. An exact distance.
struct RoundedPlate {
    let centre: SIMD3<Float>
    /// Unit vectors along the sides and across.
    let u: SIMD3<Float>
    let v: SIMD3<Float>
    let n: SIMD3<Float>
    let halfU: Float
    let halfV: Float
    let radius: Float

    /// A plate whose middle line runs from `start` to `end`; it is `breadth` wide (radius included) along `side`.
    init(from start: SIMD3<Float>, to end: SIMD3<Float>, side: SIMD3<Float>, breadth: Float, radius: Float) {
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
    }

    @inline(__always)
    func distance(_ p: SIMD3<Float>) -> Float {
        let q = p - centre
        let du = max(abs((q * u).sum()) - halfU, 0)
        let dv = max(abs((q * v).sum()) - halfV, 0)
        let dn = (q * n).sum()
        return (du * du + dv * dv + dn * dn).squareRoot() - radius
    }
}

/// Pedicles, laminae, articular, transverse and spinous processes of one vertebra, in its frame.
struct ArchShape {
    /// Sizes in millimetres.
    struct Dimensions {
        var canalDepthMM: Double
        var canalWidthMM: Double
        var pedicleWidthMM: Double
        var pedicleHeightMM: Double
        /// From the midline to the tip of a transverse process.
        var transverseReachMM: Double
        /// From the posterior wall to the tip of the spinous process.
        var spinousReachMM: Double
        /// How far the spinous process points caudally.
        var spinousDropDegrees: Double
    }

    private let plates: [RoundedPlate]
    /// Nothing of the arch lies anterior to this y.
    let anteriorEnd: Float
    /// Box that holds the arch: half-width, most posterior y, lowest and highest z.
    let reach: SIMD4<Float>
    /// Width of the smooth minimum that joins the parts (our choice).
    private static let blend: Float = 3

    init(plates: [RoundedPlate], anteriorEnd: Float, reach: SIMD4<Float>) {
        self.plates = plates
        self.anteriorEnd = anteriorEnd
        self.reach = reach
    }

    func distance(_ point: SIMD3<Float>) -> Float {
        let p = SIMD3<Float>(abs(point.x), point.y, point.z)
        var nearest: Float = 1000
        plates.withUnsafeBufferPointer { plates in
            for plate in plates {
                let d = plate.distance(p)
                let h = max(Self.blend - abs(nearest - d), 0)
                nearest = min(nearest, d) - h * h / (4 * Self.blend)
            }
        }
        return nearest
    }
}
