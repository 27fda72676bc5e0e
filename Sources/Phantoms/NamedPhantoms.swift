// Recipes with a purpose: the demo's patient, and random patients for acceptance tests.
import Domain
import Foundation

extension PhantomRecipe {
    /// The demo's patient: T12…L4, osteoporotic, L1 wedged with a gas cleft under its upper endplate and a gap in the
    /// right anterior wall; an ordinary basivertebral foramen beside it in L2.
    package static func demo(seed: UInt64 = 20) -> PhantomRecipe {
        var recipe = PhantomRecipe(seed: seed, levels: [.T12, .L1, .L2, .L3, .L4])
        recipe.trabecularHU = 95
        recipe.trabecularHUByLevel = ["L1": 78]
        recipe.cortexThicknessMM = 0.4
        recipe.lesions = [
            .collapse(Collapse(level: .L1, shape: .wedge, lossFraction: 0.32)),
            .cleft(Cleft(level: .L1, content: .gas, sizeMM: [16, 9, 3], position: [0.1, 0.3, 0.4])),
            .corticalGap(
                CorticalGap(
                    level: .L1, wall: .anterior, angleDegrees: 128, position: 0.1, widthMM: 3, lengthMM: 8,
                    turnDegrees: 90)),
            .basivertebralForamen(BasivertebralForamen(level: .L2)),
        ]
        return recipe
    }

    /// A random patient of five vertebrae with one cortical gap in a random level, wall and place.
    ///
    /// The gap is 1–4 mm wide and 4–10 mm long, clear of quadrant borders (≥ 15° and its own half-extent), of the rim and of
    /// the pedicles. Spacing is 0.7 × 0.7 × 1 mm unless given.
    package static func random(seed: UInt64, spacingMM: SIMD3<Double> = [0.7, 0.7, 1]) -> PhantomRecipe {
        var random = RandomSource(seed: seed, stream: 50)
        let sets: [[VertebralLevel]] = [
            [.T11, .T12, .L1, .L2, .L3], [.T12, .L1, .L2, .L3, .L4], [.L1, .L2, .L3, .L4, .L5],
        ]
        var recipe = PhantomRecipe(seed: seed, levels: random.element(of: sets))
        recipe.spacingMM = spacingMM
        recipe.trabecularHU = random.uniform(70...190)
        recipe.cortexThicknessMM = random.uniform(0.35...0.6)
        recipe.cortexThicknessVariation = random.uniform(0.1...0.2)
        recipe.textureSDHU = random.uniform(15...30)
        recipe.noiseSDHU = random.uniform(10...25)
        recipe.curvature = random.uniform(0.6...1.2)
        recipe.scoliosisDegrees = random.uniform(-6...6)
        let level = random.element(of: recipe.levels)
        recipe.lesions = [.corticalGap(.random(level: level, random: &random))]
        return recipe
    }
}

extension CorticalGap {
    /// A gap at a random place of a body where the shell is really shell.
    fileprivate static func random(level: VertebralLevel, random: inout RandomSource) -> CorticalGap {
        let wall = random.element(of: CorticalWall.allCases)
        let left = random.uniform() < 0.5
        let front = random.uniform() < 0.5
        var gap = CorticalGap(
            level: level, wall: wall, widthMM: random.uniform(1...4), lengthMM: random.uniform(4...10))
        // Angles of the left half from the left's own axis; mirrored for the right half below.
        let fromLeft: Double
        switch wall {
        case .superiorEndplate, .inferiorEndplate:
            fromLeft = (front ? 1 : -1) * random.uniform(38...52)
            gap.position = random.uniform(0.42...0.55)
            gap.lengthMM = min(gap.lengthMM, 7)
        case .left, .right:
            fromLeft = front ? random.uniform(22...40) : -random.uniform(17...22)
            gap.position = random.uniform(-0.5...0.3)
        case .anterior:
            fromLeft = random.uniform(45...65)
            gap.position = random.uniform(-0.4...0.4)
        case .posterior:
            fromLeft = -random.uniform(63...70)
            gap.position = random.uniform(-0.4...0.2)
            gap.widthMM = min(gap.widthMM, 2.5)
        }
        let onLeft = wall == .left || (wall != .right && left)
        gap.angleDegrees = onLeft ? fromLeft : 180 - fromLeft
        if !wall.isEndplate { gap.lengthMM = min(gap.lengthMM, 8 + 2 * random.uniform()) }
        return gap
    }
}
