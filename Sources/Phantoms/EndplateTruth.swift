// How the endplates of a body tilt, taken from its shape.
import Foundation

extension BodyShape {
    /// Forward tilt of a line laid on both rims of an endplate in the mid-sagittal section, degrees; positive where it falls to the front.
    ///
    /// Of all lines from a point behind the middle to one before it, the one that passes highest over the middle rests on both. The rim planes
    /// themselves lie up to half a millimetre above the rounded rims, and not evenly.
    func tiltDegrees(superior: Bool, on profile: Profile) -> Double {
        let up: Float = superior ? 1 : -1
        let points = stride(from: 0.04, through: 0.96, by: 0.02).map { share -> (y: Double, height: Double) in
            let y = profile.posterior + share * (profile.anterior - profile.posterior)
            let start: SIMD3<Float> = [0, Float(y), 0]
            let surface = surfacePoint(from: start, along: [0, 0, up], farthest: 40) { distances($0).surface }
            return (y, Double(surface.z * up))
        }
        let middle = (profile.posterior + profile.anterior) / 2
        var best = (height: -Double.infinity, slope: 0.0)
        for back in points where back.y <= middle {
            for front in points where front.y > middle {
                let slope = (front.height - back.height) / (front.y - back.y)
                let height = back.height + slope * (middle - back.y)
                if height > best.height { best = (height, slope) }
            }
        }
        return -Double(up) * atan(best.slope) * 180 / .pi
    }
}
