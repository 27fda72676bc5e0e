// Moves a surface from the steepest fall to the cortex's true outer edge.
import Imaging

/// Corrects the outward bias of the steepest fall on thin, blurred cortex.
///
/// The shell is thinner than the scanner's blur, so that the steepest fall lies outside it. Blur moves neither the area
/// nor the first moment of a profile: a step from marrow to cortex to outside with the measured area and moment has its outer edge where
/// the cortex ends, whatever the blur (the fixed-density model of Treece 2010, Med Image Anal 14:276, solved by moments).
struct EdgeRefinement {
    let volume: Volume

    /// HU of solid cortex; Treece's model needs one value, and half of its error in thickness enters the edge. Our choice.
    private static let cortexHU = 1_100.0
    private static let stepMM = 0.25
    /// HU are clipped to this range: fat counts as soft tissue, metal as cement.
    private static let huRange: ClosedRange<Float> = -80...2_000

    /// The surface with every radius at the cortex's edge; rays without an edge follow their neighbours.
    func callAsFunction(_ surface: BodySurface) -> BodySurface {
        let degree = RayDirections.neighbourCount
        let neighbours = surface.directions.neighbours
        let spacing = volume.geometry.spacingMM
        let reach = max(2, 1.5 * (spacing.x + spacing.y + spacing.z) / 3)
        let half = Int(reach * 2 / Self.stepMM)
        let width = 2 * half + 1
        let profiles = profiles(across: surface, half: half)
        var shifts = [Double](repeating: 0, count: surface.radiiMM.count)
        var mean = [Double](repeating: 0, count: width)
        for i in shifts.indices {
            for k in 0..<width {
                var sum = 2 * profiles[i * width + k]
                for n in 0..<degree { sum += profiles[neighbours[i * degree + n] * width + k] }
                mean[k] = sum / Double(degree + 2)
            }
            shifts[i] = Self.shift(of: mean, half: half, reachMM: reach)
        }
        var refined = surface
        var around = [Double](repeating: 0, count: degree)
        for i in shifts.indices {
            for n in 0..<degree { around[n] = shifts[neighbours[i * degree + n]] }
            refined.radiiMM[i] += median(&around)
        }
        return refined
    }

    /// HU along each ray, `half` steps to both sides of the surface; ray by ray.
    private func profiles(across surface: BodySurface, half: Int) -> [Double] {
        var profiles: [Double] = []
        profiles.reserveCapacity(surface.radiiMM.count * (2 * half + 1))
        let frame = surface.frame
        for (radius, d) in zip(surface.radiiMM, surface.directions.vectors) {
            let world = frame.x * d.x + frame.y * d.y + frame.z * d.z
            for k in -half...half {
                let value = volume.value(at: frame.originMM + world * max(0, radius + Double(k) * Self.stepMM))
                profiles.append(Double(min(max(value, Self.huRange.lowerBound), Self.huRange.upperBound)))
            }
        }
        return profiles
    }

    /// How far outward the cortex's edge lies from the middle of the profile, millimetres; limited to the reach's half.
    private static func shift(of profile: [Double], half: Int, reachMM: Double) -> Double {
        func index(_ mm: Double) -> Int { half + Int((mm / stepMM).rounded()) }
        let inside = average(profile, index(-2 * reachMM), index(-reachMM))
        let outside = average(profile, index(0.6 * reachMM), index(reachMM))
        let first = index(-reachMM)
        let last = index(0.75 * reachMM)
        var area = 0.0
        var moment = 0.0
        for k in first...last {
            let excess = (profile[k] - outside) * stepMM
            area += excess
            moment += excess * Double(k - first) * stepMM
        }
        // The step model, x from `first`: marrow (a above outside) to u, cortex (c above outside) from u to the edge.
        // area = a·u + c·(edge − u) and moment = a·u²/2 + c·(edge² − u²)/2; with u eliminated, a quadratic in the edge.
        let a = inside - outside
        let c = cortexHU - outside
        guard a < c, area > 0 else { return 0 }
        let constant = area * area + 2 * (c - a) * moment
        let root = max(0, c * c * area * area - a * c * constant).squareRoot()
        let edge = constant / (c * area + root)
        let origin = Double(half - first) * stepMM
        return min(max(edge - origin, -0.5 * reachMM), 0.25 * reachMM)
    }

    private static func average(_ profile: [Double], _ first: Int, _ last: Int) -> Double {
        var sum = 0.0
        for k in first...last { sum += profile[k] }
        return sum / Double(last - first + 1)
    }
}
