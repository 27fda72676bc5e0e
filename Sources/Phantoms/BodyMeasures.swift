// Measures of a body taken from its shape: the truth that the image is judged by.

extension BodyShape {
    /// Volume, centroid and width of the body, by summing coverage on a fine grid.
    func solid() -> (volumeMM3: Double, centroid: SIMD3<Double>, width: Double) {
        let step: Float = 0.5
        let nx = Int((halfWidth + 3) / step)
        let ny = Int((halfDepth + 3) / step)
        let nz = Int((max(halfHeight + abs(heightSlope) * halfDepth, halfHeight) + 3) / step)
        var volume = 0.0
        var moment = SIMD3<Double>.zero
        var widest: Float = 0
        for z in -nz...nz {
            for y in -ny...ny {
                for x in -nx...nx {
                    let p = SIMD3<Float>(Float(x), Float(y), Float(z)) * step
                    let inside = min(max(0.5 - distances(p).surface / step, 0), 1)
                    guard inside > 0 else { continue }
                    volume += Double(inside)
                    moment += SIMD3<Double>(p) * Double(inside)
                    widest = max(widest, abs(p.x) + (inside - 0.5) * step)
                }
            }
        }
        let cell = Double(step * step * step)
        return (volume * cell, moment / max(volume, 1e-9), 2 * Double(widest))
    }

    /// The mid-sagittal section of a body along y.
    struct Profile {
        var posterior: Double
        var anterior: Double

        /// The body's height in the mid-sagittal plane at a fraction of the depth from posterior.
        func height(atDepthFraction fraction: Double, of body: BodyShape) -> Double {
            let y = Float(posterior + fraction * (anterior - posterior))
            let up = body.surfacePoint(from: [0, y, 0], along: [0, 0, 1], farthest: 40) { body.distances($0).surface }
            let down = body.surfacePoint(from: [0, y, 0], along: [0, 0, -1], farthest: 40) {
                body.distances($0).surface
            }
            return Double(up.z - down.z)
        }
    }

    func midSagittalProfile() -> Profile {
        var profile = Profile(posterior: 0, anterior: 0)
        for k in -40...40 {
            let z = halfHeight * Float(k) / 40
            guard distances([0, 0, z]).surface < 0 else { continue }
            let front = surfacePoint(from: [0, 0, z], along: [0, 1, 0], farthest: 60) { distances($0).surface }
            let back = surfacePoint(from: [0, 0, z], along: [0, -1, 0], farthest: 60) { distances($0).surface }
            profile.anterior = max(profile.anterior, Double(front.y))
            profile.posterior = min(profile.posterior, Double(back.y))
        }
        return profile
    }
}
