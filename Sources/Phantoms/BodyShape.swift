// The vertebral body as a signed distance: kidney-shaped wall with a waist, concave endplates, rounded rim.
import Foundation

/// A vertebral body in its own frame (x right→left, y posterior→anterior, z caudal→cranial, millimetres).
/// Distances are first-order exact near the surface, negative inside.
struct BodyShape {
    /// What a body is made from; millimetres.
    struct Dimensions {
        /// Largest width, at the endplates.
        var widthMM: Double
        /// Mid-sagittal depth at the endplates.
        var depthMM: Double
        /// Height of the rim planes at the anterior and posterior ends.
        var anteriorHeightMM: Double
        var posteriorHeightMM: Double
        /// How far the middle of the superior and inferior endplate sinks below its rim plane.
        var superiorCupMM: Double
        var inferiorCupMM: Double
        /// How far the posterior wall is hollowed in the midline.
        var posteriorHollowMM: Double
        /// Narrowing at mid-height as a fraction of the radius.
        var waistFraction: Double
        /// How far a fracture pushed the posterior wall back in the midline, above mid-height.
        var posteriorBulgeMM = 0.0
        /// How much the endplates were brought closer in front by a fracture.
        var collapseDegrees = 0.0
    }

    /// Distances of one point.
    struct Distances {
        /// To the body's surface.
        var surface: Float
        /// To the side wall alone.
        var wall: Float
        /// To the nearer endplate alone.
        var endplate: Float
    }

    let dimensions: Dimensions
    /// Half the width and depth of the bounding cross-section.
    let halfWidth: Float
    let halfDepth: Float
    /// Half the rim-plane height at y = 0, and its change per millimetre of y.
    let halfHeight: Float
    let heightSlope: Float

    private let superiorCup: Float
    private let inferiorCup: Float
    private let waist: Float
    private let bulge: Float
    /// Wall radius at the endplates and its derivative by angle, over the "diamond angle" 0…4 of the direction.
    private let radii: [SIMD2<Float>]
    private static let radiiPerUnit = 256
    /// Half-width (mm), height and half-height (shares of half the height) of a bulge of the posterior wall: fragments of burst
    /// fractures come from its upper part (our choice).
    private static let bulgeHalfWidth: Float = 8
    private static let bulgeHeight: Float = 0.3
    private static let bulgeHalfShare: Float = 0.45
    /// Smooth-maximum width of the rim: its edge is rounded by a quarter of it.
    private static let rim: Float = 2

    init(_ dimensions: Dimensions, random: inout RandomSource) {
        self.dimensions = dimensions
        halfWidth = Float(dimensions.widthMM / 2)
        let halfDepthMM = (dimensions.depthMM + dimensions.posteriorHollowMM) / 2
        halfDepth = Float(halfDepthMM)
        halfHeight = Float((dimensions.anteriorHeightMM + dimensions.posteriorHeightMM) / 4)
        heightSlope = Float((dimensions.anteriorHeightMM - dimensions.posteriorHeightMM) / (4 * halfDepthMM))
        superiorCup = Float(dimensions.superiorCupMM)
        inferiorCup = Float(dimensions.inferiorCupMM)
        waist = Float(dimensions.waistFraction)
        bulge = Float(dimensions.posteriorBulgeMM)
        // Low harmonics of 0.6 % of the radius make no two bodies alike (our choice).
        let wobble = (3...6).map { ($0, 0.006 * random.normal(), random.uniform(0...(2 * .pi))) }
        radii = Self.radii(
            halfWidth: dimensions.widthMM / 2, halfDepth: halfDepthMM, hollow: dimensions.posteriorHollowMM,
            wobble: wobble)
    }

    private static func radii(
        halfWidth: Double, halfDepth: Double, hollow: Double, wobble: [(Int, Double, Double)]
    ) -> [SIMD2<Float>] {
        let power = 2.35  // super-ellipse exponent of the cross-section (our choice: between ellipse and box)
        func radius(_ angle: Double) -> Double {
            let c = cos(angle)
            let s = sin(angle)
            let plain = pow(pow(abs(c) / halfWidth, power) + pow(abs(s) / halfDepth, power), -1 / power)
            let fromPosterior = atan2(c, -s) / 0.45  // the hollow's half-width in radians (our choice)
            let uneven = wobble.reduce(1) { $0 + $1.1 * cos(Double($1.0) * angle + $1.2) }
            return (plain - hollow * exp(-fromPosterior * fromPosterior)) * uneven
        }
        return (0...4 * radiiPerUnit + 1).map { i in
            let v = Double(i) / Double(radiiPerUnit)
            let x = v <= 2 ? 1 - v : v - 3
            let y = v <= 2 ? 1 - abs(x) : abs(x) - 1
            let angle = atan2(y, x)
            let step = 1e-4
            return [Float(radius(angle)), Float((radius(angle + step) - radius(angle - step)) / (2 * step))]
        }
    }

    func distances(_ p: SIMD3<Float>) -> Distances {
        let across = abs(p.x) + abs(p.y) + 1e-6
        let v = p.y >= 0 ? 1 - p.x / across : 3 + p.x / across
        let position = v * Float(Self.radiiPerUnit)
        let index = Int(position)
        let entry = radii.withUnsafeBufferPointer { r in
            r[index] + (r[index + 1] - r[index]) * (position - Float(index))
        }
        let zeta = min(max(p.z / halfHeight, -1.1), 1.1)
        let scale = 1 - waist * (1 - zeta * zeta)
        var radius = entry.x * scale
        let distance = (p.x * p.x + p.y * p.y).squareRoot()
        var byAngle = entry.y * scale / max(distance, radius * 0.5)
        var byHeight = entry.x * waist * 2 * zeta / halfHeight
        if bulge > 0, p.y < 0 {
            let across = p.x / Self.bulgeHalfWidth
            let above = (zeta - Self.bulgeHeight) / Self.bulgeHalfShare
            let out = bulge * exp(-across * across - above * above)
            radius += out
            // Behind the centre x grows with the angle.
            byAngle -= 2 * out * across / Self.bulgeHalfWidth
            byHeight -= 2 * out * above / (Self.bulgeHalfShare * halfHeight)
        }
        let wall = (distance - radius) / (1 + byAngle * byAngle + byHeight * byHeight).squareRoot()

        let plane = halfHeight + heightSlope * p.y
        let superior = cap(p.z - plane, p, depth: superiorCup, shift: 0)
        // The inferior endplate is deepest a little behind the middle (our choice).
        let inferior = cap(-p.z - plane, p, depth: inferiorCup, shift: -0.08 * halfDepth)
        let endplate = max(superior, inferior)
        let h = max(Self.rim - abs(wall - endplate), 0)
        return Distances(surface: max(wall, endplate) + h * h / (4 * Self.rim), wall: wall, endplate: endplate)
    }

    /// Distance to an endplate whose rim plane lies `over` millimetres below the point: plane, less a smooth hollow.
    @inline(__always)
    private func cap(_ over: Float, _ p: SIMD3<Float>, depth: Float, shift: Float) -> Float {
        let rx = 0.86 * halfWidth
        let ry = 0.86 * halfDepth
        let y = p.y - shift
        let q = max(1 - (p.x * p.x) / (rx * rx) - (y * y) / (ry * ry), 0)
        let byX = 4 * depth * q * p.x / (rx * rx)
        let byY = heightSlope + 4 * depth * q * y / (ry * ry)
        return (over + depth * q * q) / (1 + byX * byX + byY * byY).squareRoot()
    }
}
