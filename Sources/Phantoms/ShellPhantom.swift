// One vertebra with several gaps in its shell: what the cortex map is scored on.
import Domain
import Foundation

extension PhantomRecipe {
    /// Trabecular texture and unevenness of the shell: SD before the scanner's blur, and relative SD of the thickness (our choice).
    package enum ShellTexture: String, CaseIterable, Sendable {
        /// 25 HU and 20 %.
        case plain
        /// 50 HU and 30 %.
        case strong
        /// 50 HU, 20 % over 3 mm and 40 % over 1 mm: as uneven as real thoracic bodies look (docs/cortex.md).
        case uneven
    }

    /// A random single vertebra, T11 to L5, with its neighbours' ends, and gaps of given widths in its shell.
    ///
    /// Random by seed: level and shape, shell 0.25–0.6 mm, marrow 70–200 HU, noise SD 10–40 HU, kernel 0.7–1.0 mm (at least 1.1
    /// pixels, see `blurFWHMMM`), a basivertebral foramen in half of them; each gap's wall, place, turn and length (4–8 mm). Gaps lie
    /// at least 10 mm apart, 3 mm from the rim, 4 mm from the arch and the ribs, and outside the foramen's zone. One for which no
    /// such place is found is left out, so look at `lesions` for what is there.
    package static func shell(
        seed: UInt64, pixelMM: Double, sliceMM: Double, texture: ShellTexture, gapWidthsMM: [Double]
    ) -> PhantomRecipe {
        var random = RandomSource(seed: seed, stream: 60)
        var recipe = PhantomRecipe(seed: seed, levels: [random.element(of: [.T11, .T12, .L1, .L2, .L3, .L4, .L5])])
        recipe.spacingMM = [pixelMM, pixelMM, sliceMM]
        recipe.fieldOfViewMM = [72, 72]
        recipe.marginMM = 7
        recipe.bowelGas = false
        recipe.blurFWHMMM = max(random.uniform(0.7...1.0), 1.1 * pixelMM)
        recipe.cortexThicknessMM = random.uniform(0.25...0.6)
        recipe.trabecularHU = random.uniform(70...200)
        recipe.noiseSDHU = random.uniform(10...40)
        recipe.textureSDHU = texture == .plain ? 25 : 50
        recipe.cortexThicknessVariation = texture == .strong ? 0.3 : 0.2
        recipe.cortexFineVariation = texture == .uneven ? 0.4 : 0
        let hasForamen = random.uniform() < 0.5
        let shape = SpineLayout.vertebra(recipe.levels[0], recipe: recipe).shape
        var site = ShellSite(shape)
        recipe.lesions = gapWidthsMM.compactMap { site.gap(widthMM: $0, random: &random) }.map { .corticalGap($0) }
        if hasForamen { recipe.lesions.append(.basivertebralForamen(BasivertebralForamen(level: recipe.levels[0]))) }
        return recipe
    }
}

/// Where on one vertebra's shell gaps may still be planted.
private struct ShellSite {
    private let shape: VertebraShape
    private let ribs: ArchShape?
    private var taken: [SIMD3<Float>] = []
    private var walls: [BodyWall] = []

    init(_ shape: VertebraShape) {
        self.shape = shape
        ribs = shape.level < .L1 ? ArchShape(ribsOf: shape.level, beside: shape.body) : nil
    }

    /// A gap on the next wall in a random order, or on another where that one has no room; nil where none has.
    mutating func gap(widthMM: Double, random: inout RandomSource) -> PlantedGap? {
        for _ in 0..<BodyWall.allCases.count {
            if walls.isEmpty { walls = BodyWall.allCases }
            let wall = walls.remove(at: Int(random.next() % UInt64(walls.count)))
            for _ in 0..<60 {
                let gap = candidate(wall, widthMM: widthMM, random: &random)
                let patch = GapPatch(gap, on: shape.body)
                guard isClear(patch, wall: wall) else { continue }
                taken.append(patch.centre)
                return gap
            }
        }
        return nil
    }

    private func candidate(_ wall: BodyWall, widthMM: Double, random: inout RandomSource) -> PlantedGap {
        var gap = PlantedGap(
            level: shape.level, wall: wall, widthMM: widthMM, lengthMM: random.uniform(4...8),
            turnDegrees: random.uniform(0...180))
        if wall.isEndplate {
            gap.angleDegrees = random.uniform(0...360)
            gap.position = random.uniform(0...0.8)
        } else {
            gap.angleDegrees = wall.middleDegrees + random.uniform(-45...45)
            gap.position = random.uniform(-0.75...0.75)
        }
        return gap
    }

    private func isClear(_ patch: GapPatch, wall: BodyWall) -> Bool {
        let apart = taken.allSatisfy { other in ((other - patch.centre) * (other - patch.centre)).sum() >= 100 }
        guard apart else { return false }
        return [-1, 0, 1].allSatisfy { (across: Float) in
            [-1, -0.5, 0, 0.5, 1].allSatisfy { (along: Float) in
                let p =
                    patch.centre + patch.widthAxis * (patch.halfWidth * across)
                    + patch.lengthAxis * (patch.halfLength * along)
                let distances = shape.body.distances(p)
                let toRim = wall.isEndplate ? distances.wall : distances.endplate
                let isForamen =
                    wall == .posterior && abs(p.x) < Self.foramenHalfWidthMM
                    && abs(p.z) < Self.foramenHeightShare * shape.body.halfHeight
                let toRibs = ribs?.distance(p) ?? .infinity
                return abs(distances.surface) < 1.2 && toRim < -3 && min(shape.arch.distance(p), toRibs) > 4
                    && !isForamen
            }
        }
    }

    /// Zone kept free round the basivertebral foramen, which is 6 mm wide and 5 mm high (our choice).
    private static let foramenHalfWidthMM: Float = 4.5
    private static let foramenHeightShare: Float = 0.6
}
