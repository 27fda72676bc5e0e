// A tip nearer to a gap leaks earlier: how much, learned from the table itself.
import Foundation

/// First-leak volumes as a power of the distance between a run's tip and a way.
///
/// A front that grows as a ball reaches a place after a volume that grows with the cube of its distance; walls, and cement that
/// has elsewhere to go, make the power smaller. Runs near a needle are moved to its place by this power, which lets more of
/// them speak for it (docs/guidance.md: what that gains on runs held out).
enum DistanceScaling {
    /// Distances below this are taken for it, mm: the ball of cement at the needle's mouth, and a cell (our choice).
    static let leastMM = 2.0
    /// Fewer leaks than this say nothing of the power (our choice).
    private static let fewestLeaks = 10

    /// The slope of ln volume over ln distance by least squares, within 0…3; 0 for an intact wall, which has no one place, and
    /// where too few runs leaked. Runs without a leak are left out, which makes it rather too small.
    static func exponent(of way: GuidanceTable.Way, index: Int, in runs: [GuidanceTable.Run]) -> Double {
        guard way.passage != .wall else { return 0 }
        let points = runs.compactMap { run -> SIMD2<Double>? in
            guard index < run.firstLeakML.count, let volume = run.firstLeakML[index] else { return nil }
            return [log(distanceMM(run.tipMM, way.localMM)), log(max(volume, 0.02))]
        }
        guard points.count >= fewestLeaks else { return 0 }
        let mean = points.reduce(.zero, +) / Double(points.count)
        var (xx, xy) = (0.0, 0.0)
        for point in points {
            let d = point - mean
            xx += d.x * d.x
            xy += d.x * d.y
        }
        return xx > 1e-9 ? min(max(xy / xx, 0), 3) : 0
    }

    static func distanceMM(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
        let d = a - b
        return max((d * d).sum().squareRoot(), leastMM)
    }
}
