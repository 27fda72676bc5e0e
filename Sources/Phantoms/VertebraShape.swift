// One vertebra: its outer surface, its cortical shell, its marrow, and what was planted in it.
import Domain

/// A patch of the shell that is missing: a rectangle on the surface, seen along the surface normal.
struct GapPatch {
    var centre: SIMD3<Float>
    /// Unit vectors: outward normal, along the width, along the length.
    var normal: SIMD3<Float>
    var widthAxis: SIMD3<Float>
    var lengthAxis: SIMD3<Float>
    var halfWidth: Float
    var halfLength: Float

    /// How much of the shell at a point is missing, 0 … 1; edges are ramps of `ramp` millimetres.
    func coverage(_ p: SIMD3<Float>, ramp: Float) -> Float {
        let q = p - centre
        // The shell of the opposite wall is farther than any half body; 5 mm holds the curved ends of a 12 mm patch.
        guard abs((q * normal).sum()) < 5 else { return 0 }
        let across = min(max((halfWidth - abs((q * widthAxis).sum())) / ramp + 0.5, 0), 1)
        let along = min(max((halfLength - abs((q * lengthAxis).sum())) / ramp + 0.5, 0), 1)
        return across * along
    }
}

/// An ellipsoid filled with something other than marrow.
struct Cavity {
    var centre: SIMD3<Float>
    var semiAxes: SIMD3<Float>
    var contentHU: Float
    /// True where it also opens the shell, as a foramen does.
    var opensShell: Bool

    /// How much of the surroundings of a point it fills, 0 … 1.
    func coverage(_ p: SIMD3<Float>, ramp: Float) -> Float {
        let q = (p - centre) / semiAxes
        let s = q / semiAxes
        let k = (q * q).sum().squareRoot()
        // First-order distance to an ellipsoid.
        let distance = k * (k - 1) / max((s * s).sum().squareRoot(), 1e-6)
        return min(max(0.5 - distance / ramp, 0), 1)
    }
}

/// A vertebra in its own frame, ready to be sampled.
struct VertebraShape {
    /// What lies at a point; millimetres, negative inside.
    struct Sample {
        var surface: Float
        var body: Float
        /// Thickness of the shell of the nearest surface.
        var shell: Float
    }

    var level: VertebralLevel
    var body: BodyShape
    var arch: ArchShape
    var wallThickness: Float
    var archThickness: Float
    var thicknessVariation: Float
    var unevenness: SmoothField
    var marrowHU: Float
    var textureSDHU: Float
    var texture: SmoothField
    var fineVariation: Float
    var fineUnevenness: SmoothField
    var gaps: [GapPatch] = []
    var cavities: [Cavity] = []
    /// True for a pair of ribs, which is drawn like an arch without its body.
    var isRibs = false

    /// Endplates relative to the side walls (our choice).
    static let endplateThickening: Float = 1.3
    /// The marrow of the posterior elements is denser than the body's (our choice).
    static let archMarrowExcessHU: Float = 25
    /// What fills a gap besides marrow.
    static let softTissueHU: Float = 45
    /// Width of the fillet between body and pedicles.
    private static let fillet: Float = 2

    /// Half-sizes and centre of the box that holds the vertebra, with the margin that the shell and the blends need.
    var box: (centre: SIMD3<Float>, half: SIMD3<Float>) {
        let lower = SIMD3<Float>(
            -max(arch.reach.x, body.halfWidth + 2), arch.reach.y, min(arch.reach.z, -body.halfHeight - 6))
        let upper = SIMD3<Float>(
            -lower.x, isRibs ? arch.anteriorEnd : body.halfDepth + 2, max(arch.reach.w, body.halfHeight + 6))
        return ((lower + upper) / 2, (upper - lower) / 2)
    }

    func sample(_ p: SIMD3<Float>) -> Sample {
        if isRibs { return Sample(surface: arch.distance(p), body: BonePlane.far, shell: archThickness) }
        if p.y > arch.anteriorEnd + 3 {
            let d = body.distances(p)
            return Sample(surface: d.surface, body: d.surface, shell: bodyShell(d, p))
        }
        let archDistance = arch.distance(p)
        if p.y < -body.halfDepth - 8 { return Sample(surface: archDistance, body: BonePlane.far, shell: archThickness) }
        let d = body.distances(p)
        let h = max(Self.fillet - abs(archDistance - d.surface), 0)
        let surface = min(archDistance, d.surface) - h * h / (4 * Self.fillet)
        let share = min(max(0.5 + (archDistance - d.surface) / (2 * Self.fillet), 0), 1)
        let shell = share * bodyShell(d, p) + (1 - share) * archThickness
        return Sample(surface: surface, body: d.surface, shell: shell)
    }

    private func bodyShell(_ d: BodyShape.Distances, _ p: SIMD3<Float>) -> Float {
        let endplate = min(max(0.5 + (d.endplate - d.wall) / 2, 0), 1)
        let mean = wallThickness * (1 + (Self.endplateThickening - 1) * endplate)
        guard thicknessVariation > 0 || fineVariation > 0, d.surface > -3 else { return mean }
        var share = 1 + thicknessVariation * unevenness.value(at: p)
        if fineVariation > 0 { share += fineVariation * fineUnevenness.value(at: p) }
        return mean * max(share, 0.2)
    }

    /// How much of the body's shell at a point is missing.
    func missingShell(_ p: SIMD3<Float>, ramp: Float) -> Float {
        var missing: Float = 0
        for gap in gaps { missing = max(missing, gap.coverage(p, ramp: ramp)) }
        for cavity in cavities where cavity.opensShell { missing = max(missing, cavity.coverage(p, ramp: ramp)) }
        return missing
    }

    /// HU inside the shell.
    func marrow(_ p: SIMD3<Float>, inBody: Bool, ramp: Float) -> Float {
        var hu = marrowHU + (inBody ? 0 : Self.archMarrowExcessHU)
        if textureSDHU > 0 { hu += textureSDHU * texture.value(at: p) }
        for cavity in cavities {
            let filled = cavity.coverage(p, ramp: ramp)
            hu += filled * (cavity.contentHU - hu)
        }
        return hu
    }
}
