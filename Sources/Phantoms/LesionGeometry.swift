// Where a lesion lies on or in the shape of its vertebra.
import Domain
import Foundation

extension BodyShape.Dimensions {
    /// Changes the body's heights as a fracture does.
    mutating func apply(_ collapse: Collapse) {
        let loss = min(max(collapse.lossFraction, 0), 0.7)
        posteriorBulgeMM = min(max(collapse.bulgeMM, 0), 8)
        switch collapse.shape {
        case .wedge:
            let lost = anteriorHeightMM * loss
            anteriorHeightMM -= lost
            collapseDegrees += atan(lost / depthMM) * 180 / .pi
        case .biconcave:
            let lost = (anteriorHeightMM + posteriorHeightMM) / 2 * loss
            superiorCupMM += lost / 2
            inferiorCupMM += lost / 2
        case .crush:
            anteriorHeightMM *= 1 - loss
            posteriorHeightMM *= 1 - loss
            superiorCupMM *= 1 - loss
            inferiorCupMM *= 1 - loss
        }
    }
}

extension BodyShape {
    /// The point of the side wall in a direction (degrees: 0 = patient's left, 90 = anterior) at a height.
    func wallPoint(angleDegrees: Double, z: Float) -> SIMD3<Float> {
        let angle = Float(angleDegrees * .pi / 180)
        let direction: SIMD3<Float> = [cos(angle), sin(angle), 0]
        return surfacePoint(from: [0, 0, z], along: direction, farthest: 80) { distances($0).wall }
    }

    /// Names the sides of the body by place; in the shape's own frame.
    var sides: BodySides {
        BodySides(around: stride(from: 0.0, to: 360, by: 2).map { SIMD3<Double>(wallPoint(angleDegrees: $0, z: 0)) })
    }

    /// The point of an endplate over (x, y).
    func endplatePoint(x: Float, y: Float, superior: Bool) -> SIMD3<Float> {
        surfacePoint(from: [x, y, 0], along: [0, 0, superior ? 1 : -1], farthest: 40) { distances($0).endplate }
    }

    /// The outward unit normal of the surface near a point.
    func normal(at p: SIMD3<Float>) -> SIMD3<Float> {
        let e: Float = 0.05
        let gradient: SIMD3<Float> = [
            distances(p + [e, 0, 0]).surface - distances(p - [e, 0, 0]).surface,
            distances(p + [0, e, 0]).surface - distances(p - [0, e, 0]).surface,
            distances(p + [0, 0, e]).surface - distances(p - [0, 0, e]).surface,
        ]
        return gradient / (gradient * gradient).sum().squareRoot()
    }

    /// The first crossing of the zero of `distance` on a ray that starts inside, by bisection.
    func surfacePoint(
        from start: SIMD3<Float>, along direction: SIMD3<Float>, farthest: Float,
        distance: (SIMD3<Float>) -> Float
    ) -> SIMD3<Float> {
        var inside: Float = 0
        var outside = farthest
        for _ in 0..<30 {
            let middle = (inside + outside) / 2
            if distance(start + direction * middle) < 0 { inside = middle } else { outside = middle }
        }
        return start + direction * inside
    }
}

extension GapPatch {
    init(_ gap: PlantedGap, on body: BodyShape) {
        let place: SIMD3<Float>
        let upright: SIMD3<Float>
        if gap.wall.isEndplate {
            let angle = (gap.angleDegrees ?? 90) * .pi / 180
            let distance = Float(gap.position)
            place = body.endplatePoint(
                x: distance * body.halfWidth * Float(cos(angle)), y: distance * body.halfDepth * Float(sin(angle)),
                superior: gap.wall == .superiorEndplate)
            upright = [0, 1, 0]
        } else {
            place = body.wallPoint(
                angleDegrees: gap.angleDegrees ?? gap.wall.middleDegrees, z: Float(gap.position) * body.halfHeight)
            upright = [0, 0, 1]
        }
        let normal = body.normal(at: place)
        let level = upright - normal * (upright * normal).sum()
        let along = level / (level * level).sum().squareRoot()
        let across = crossProduct(normal, along)
        let turn = Float(gap.turnDegrees * .pi / 180)
        self.init(
            centre: place, normal: normal, widthAxis: across * cos(turn) - along * sin(turn),
            lengthAxis: along * cos(turn) + across * sin(turn), halfWidth: Float(gap.widthMM / 2),
            halfLength: Float(gap.lengthMM / 2))
    }
}

extension BodyWall {
    /// Direction of the middle of a side wall, degrees: 0 = patient's left, 90 = anterior.
    var middleDegrees: Double {
        switch self {
        case .left: 0
        case .right: 180
        case .posterior: 270
        case .anterior, .superiorEndplate, .inferiorEndplate: 90
        }
    }
}

extension Cavity {
    /// HU of a gas cleft (our choice: vacuum with some fluid) and of fluid.
    private static let gasHU: Float = -700
    private static let fluidHU: Float = 15
    /// HU of the basivertebral vein and the fat around it (our choice).
    private static let foramenHU: Float = 30

    init(_ cleft: Cleft, in body: BodyShape) {
        centre = SIMD3<Float>(cleft.position) * [body.halfWidth, body.halfDepth, body.halfHeight]
        semiAxes = SIMD3<Float>(cleft.sizeMM) / 2
        contentHU = cleft.content == .gas ? Self.gasHU : Self.fluidHU
        opensShell = false
    }

    init(_ foramen: BasivertebralForamen, in body: BodyShape) {
        // Nearer the upper rim from T10 to L4 (Tzika 2021, 10.1007/s00276-021-02690-0); how near is our choice.
        centre = body.wallPoint(angleDegrees: 270, z: 0.1 * body.halfHeight)
        semiAxes = [
            Float(foramen.widthMM / 2), Float(foramen.depthFraction * body.dimensions.depthMM),
            Float(foramen.heightMM / 2),
        ]
        contentHU = Self.foramenHU
        opensShell = true
    }
}

private func crossProduct(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> SIMD3<Float> {
    [a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x]
}
