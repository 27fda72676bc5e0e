// Smooth random variation in space: the texture of trabecular bone, the unevenness of cortex.

/// A random field with mean 0 and SD 1: normal numbers on a cubic lattice, trilinear in between, repeating every 32 steps.
struct SmoothField {
    private static let period = 32
    private let lattice: [Float]
    private let stepsPerMM: Float

    init(spacingMM: Double, random: inout RandomSource) {
        stepsPerMM = Float(1 / spacingMM)
        // Trilinear interpolation averages: its mean variance is (2/3)^3 of the lattice's.
        let gain = Float(1.5 * (1.5).squareRoot())
        lattice = (0..<Self.period * Self.period * Self.period).map { _ in random.quickNormal() * gain }
    }

    func value(at point: SIMD3<Float>) -> Float {
        // Shifted far into the positive, where truncation is floor; whole periods, so the field does not move.
        let p = point * stepsPerMM + 4096
        let x0 = Int(p.x)
        let y0 = Int(p.y)
        let z0 = Int(p.z)
        let fx = p.x - Float(x0)
        let fy = p.y - Float(y0)
        let fz = p.z - Float(z0)
        let xa = x0 & 31
        let xb = (x0 + 1) & 31
        let ya = (y0 & 31) << 5
        let yb = ((y0 + 1) & 31) << 5
        let za = (z0 & 31) << 10
        let zb = ((z0 + 1) & 31) << 10
        return lattice.withUnsafeBufferPointer { v in
            let low = mix(mix(v[za + ya + xa], v[za + ya + xb], fx), mix(v[za + yb + xa], v[za + yb + xb], fx), fy)
            let high = mix(mix(v[zb + ya + xa], v[zb + ya + xb], fx), mix(v[zb + yb + xa], v[zb + yb + xb], fx), fy)
            return mix(low, high, fz)
        }
    }
}

@inline(__always) private func mix(_ a: Float, _ b: Float, _ t: Float) -> Float { a + (b - a) * t }
