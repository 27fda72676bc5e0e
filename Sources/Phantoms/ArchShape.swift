// The posterior elements as a signed distance: a smooth union of rounded plates, mirrored left to right.

import Domain
import Foundation

/// Everything within a radius of a flat quadrilateral: a rounded plate, or a capsule when one side is zero.
/// An exact distance where it does not taper.
struct RoundedPlate {
    let centre: SIMD3<Float>
    /// Unit vectors along the sides and across.
    private let u: SIMD3<Float>
    private let v: SIMD3<Float>
    private let n: SIMD3<Float>
    private let halfU: Float
    private let halfV: Float
    private let radius: Float
    private let corner: Float
    /// Radius of the ball around `centre` that holds the plate.
    let reach: Float
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
        let farthest = halfV + abs(flare) / 4
        reach = (halfU * halfU + farthest * farthest).squareRoot() + radius
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
                // A plate whose ball is farther than what is found already changes nothing.
                let q = p - plate.centre
                let limit = plate.reach + nearest + Self.blend
                guard limit > 0, (q * q).sum() < limit * limit else { continue }
                let d = plate.distance(p)
                let h = max(Self.blend - abs(nearest - d), 0)
                nearest = min(nearest, d) - h * h / (4 * Self.blend)
            }
        }
        return nearest
    }
}

extension ArchShape {
    /// The posterior elements behind a body. Where each part starts and ends is our choice, read off anatomy atlases.
    init(_ d: Dimensions, behind body: BodyShape, sacral: Bool) {
        let h = body.halfHeight
        let wall = -body.halfDepth + Float(body.dimensions.posteriorHollowMM)
        let canal = Float(d.canalDepthMM)
        let pedicle = Float(d.pedicleWidthMM)
        let pedicleX = Float(d.canalWidthMM) / 2 + pedicle / 2 - 0.5
        let pedicleZ = 0.32 * h
        let reach = Float(d.transverseReachMM)
        let drop = Float(d.spinousDropDegrees * .pi / 180)
        let tip = Float(d.spinousReachMM)
        let up: SIMD3<Float> = [0, 0, 1]
        let spineRoot: SIMD3<Float> = [0, wall - canal - 4, -4]
        let spineLength = tip - canal - 4 - 3
        let spineTip = spineRoot + SIMD3<Float>(0, -cos(drop), -sin(drop)) * spineLength
        var plates = [
            // Pedicle.
            RoundedPlate(
                from: [pedicleX - 1, wall + 3, pedicleZ], to: [pedicleX, wall - 0.55 * canal, pedicleZ], side: up,
                breadth: min(Float(d.pedicleHeightMM), 1.2 * h), radius: pedicle / 2),
            // Pars and lamina.
            RoundedPlate(
                from: [pedicleX + 0.5, wall - 0.62 * canal, 2], to: [1, wall - canal - 3.4, -4], side: [0, -0.2, 1],
                breadth: 19, radius: 3.1, corner: 3),
            // Superior articular process.
            RoundedPlate(
                from: [pedicleX + 1.5, wall - 0.6 * canal, pedicleZ + 2],
                to: [pedicleX + 2.5, wall - 0.75 * canal, h + 5],
                side: [0.6, 1, 0], breadth: 11, radius: 3.4),
            // Inferior articular process.
            RoundedPlate(
                from: [pedicleX - 4, wall - canal - 2, -4], to: [pedicleX - 4, wall - canal - 2.5, -h - 9],
                side: [0.6, 1, 0], breadth: 10, radius: 3.4),
            // Spinous process.
            RoundedPlate(
                from: spineRoot, to: spineTip, side: up, breadth: sacral ? 12 : 19, radius: 3, corner: 5, flare: 5),
        ]
        if sacral {
            // Ala of the sacrum.
            plates.append(
                RoundedPlate(
                    from: [20, wall + 12, -2], to: [reach, wall - 2, -6], side: up, breadth: 30, radius: 9))
        } else {
            plates.append(
                RoundedPlate(
                    from: [pedicleX + 1, wall - 0.55 * canal, pedicleZ - 3],
                    to: [reach - 3, wall - 0.55 * canal - 0.22 * reach, pedicleZ - 1], side: up, breadth: 10,
                    radius: 2.7))
        }
        self.init(
            plates: plates, anteriorEnd: wall + (sacral ? 24 : 5 + pedicle / 2 + 1),
            reach: [max(reach, pedicleX + 8) + 10, wall - tip - 8, -h - 24, h + 10])
    }

    /// The two ribs of a thoracic vertebra, from the joint at its body outwards and down. Sizes are our choice.
    init(ribsOf level: VertebralLevel, beside body: BodyShape) {
        let start = body.halfWidth + 2.5
        let back = -body.halfDepth
        let joint: SIMD3<Float> = [start, back + 7, 4]
        let angle: SIMD3<Float> = [start + 24, back - 16, -6]
        let side: SIMD3<Float> = [start + 48, back - 8, -24]
        let up: SIMD3<Float> = [0, 0, 1]
        var plates = [RoundedPlate(from: joint, to: angle, side: up, breadth: 10, radius: 3)]
        // The twelfth rib is short.
        if level != .T12 { plates.append(RoundedPlate(from: angle, to: side, side: up, breadth: 12, radius: 3)) }
        self.init(plates: plates, anteriorEnd: back + 14, reach: [start + 56, back - 26, -36, 16])
    }
}
