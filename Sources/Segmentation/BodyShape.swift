// The plain shape from which a body surface starts: an elliptic cylinder between two discs.
import Imaging

/// A starting shape in a vertebra's frame; the upper and lower faces follow the disc planes.
struct BodyShape {
    var leftMM: Double
    var rightMM: Double
    var anteriorMM: Double
    var posteriorMM: Double
    /// Height of the upper face as a share of the way to the disc plane above.
    var upperShare: Double
    var lowerShare: Double
    /// Nothing of the body lies further behind the centre than this: it ends the rays that run into the pedicles.
    var backstopMM = Double.infinity

    /// Room behind the posterior wall that was measured; our choice, one step of the rays and a half.
    private static let slackMM = 0.75

    /// Depth of a starting shape against the level's typical one; our choice.
    private static let greatestDepthRatio = 1.25

    /// The typical body of a level. 0.82 of the way to the disc planes: measured on lumbar scans.
    init(_ proportions: BodyProportions) {
        leftMM = proportions.halfWidthMM
        rightMM = proportions.halfWidthMM
        anteriorMM = proportions.halfDepthMM
        posteriorMM = proportions.halfDepthMM
        upperShare = 0.82
        lowerShare = 0.82
    }

    /// The shape that a surface suggests: its own half extents, which a single wrong stretch cannot move far.
    init(fittedTo surface: BodySurface, discs: DiscPair, proportions: BodyProportions) {
        leftMM = surface.halfExtentMM(along: [1, 0, 0])
        rightMM = surface.halfExtentMM(along: [-1, 0, 0])
        anteriorMM = surface.halfExtentMM(along: [0, 1, 0])
        // A surface that fell through the posterior wall ends at the lamina: the next fit must not start there.
        let deepest = 2 * Self.greatestDepthRatio * proportions.halfDepthMM
        posteriorMM = min(surface.halfExtentMM(along: [0, -1, 0]), max(deepest - anteriorMM, proportions.halfDepthMM))
        backstopMM = surface.posteriorReachMM + Self.slackMM
        let frame = surface.frame
        let up = discs.upper.distance(from: frame.originMM, along: frame.z)
        let down = discs.lower.distance(from: frame.originMM, along: -frame.z)
        upperShare = min(max(surface.halfExtentMM(along: [0, 0, 1]) / up, 0.4), 0.97)
        lowerShare = min(max(surface.halfExtentMM(along: [0, 0, -1]) / down, 0.4), 0.97)
    }

    /// Distance from the centre to the plane behind which the body ends, along a unit vector of the frame.
    func backstopDistance(along d: SIMD3<Double>) -> Double { d.y < -1e-6 ? backstopMM / -d.y : .infinity }

    /// Distance from the centre to the shape along a unit vector of the frame.
    ///
    /// - Parameter discMM: distance to the disc plane that the ray meets; infinity for none.
    func radius(along d: SIMD3<Double>, discMM: Double) -> Double {
        let a = d.x / (d.x > 0 ? leftMM : rightMM)
        let b = d.y / (d.y > 0 ? anteriorMM : posteriorMM)
        let wall = 1 / max((a * a + b * b).squareRoot(), 1e-6)
        return min(wall, discMM * (d.z > 0 ? upperShare : lowerShare))
    }
}

/// The discs above and below one vertebra.
struct DiscPair {
    var upper: DiscPlane
    var lower: DiscPlane
    /// False where no valley was found and the plane stands at the level's typical distance.
    var isUpperFound = true
    var isLowerFound = true

    /// The nearer of the two planes along a ray.
    func distance(from origin: PointMM, along direction: SIMD3<Double>) -> Double {
        min(upper.distance(from: origin, along: direction), lower.distance(from: origin, along: direction))
    }
}
