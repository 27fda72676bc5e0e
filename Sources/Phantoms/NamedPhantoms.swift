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
            .collapse(Collapse(level: .L1, shape: .wedge, lossFraction: 0.4)),
            .cleft(Cleft(level: .L1, content: .gas, sizeMM: [16, 9, 3], position: [-0.12, 0.3, 0.4])),
            .corticalGap(
                PlantedGap(
                    level: .L1, wall: .anterior, angleDegrees: 128, position: 0.1, widthMM: 3, lengthMM: 8,
                    turnDegrees: 90)),
            .basivertebralForamen(BasivertebralForamen(level: .L2)),
        ]
        return recipe
    }

    /// A random patient of five vertebrae with one cortical gap in a random level, wall and place.
    ///
    /// The gap is 1–4 mm wide and 4–10 mm long. Its centre is at least 15° from the borders of its quadrant, and all of it is
    /// clear of the rim and of the pedicles, where the shell is another shell.
    package static func random(seed: UInt64, spacingMM: SIMD3<Double> = [0.7, 0.7, 1]) -> PhantomRecipe {
        var random = RandomSource(seed: seed, stream: 50)
        let runs: [[VertebralLevel]] = [
            [.T11, .T12, .L1, .L2, .L3], [.T12, .L1, .L2, .L3, .L4], [.L1, .L2, .L3, .L4, .L5],
        ]
        var recipe = PhantomRecipe(seed: seed, levels: random.element(of: runs))
        recipe.spacingMM = spacingMM
        // Pixels wider than the blur would alias: a thin wall's mass then depends on where it lies between pixels.
        recipe.blurFWHMMM = max(recipe.blurFWHMMM, 1.1 * max(spacingMM.x, spacingMM.y))
        recipe.trabecularHU = random.uniform(70...190)
        recipe.cortexThicknessMM = random.uniform(0.35...0.6)
        recipe.cortexThicknessVariation = random.uniform(0.1...0.2)
        recipe.textureSDHU = random.uniform(15...30)
        recipe.noiseSDHU = random.uniform(10...25)
        recipe.curvature = random.uniform(0.6...1.2)
        recipe.scoliosisDegrees = random.uniform(-6...6)
        let level = random.element(of: recipe.levels)
        let wall = random.element(of: BodyWall.allCases)
        let shape = SpineLayout.vertebra(level, recipe: recipe).shape
        let centre = SIMD3<Float>(shape.body.solid().centroid)
        for attempt in 0..<500 {
            let gap = PlantedGap.candidate(level: level, wall: wall, shrink: Double(attempt) / 500, random: &random)
            if GapPatch(gap, on: shape.body).isClear(on: shape, bodyCentre: centre, wall: wall) {
                recipe.lesions = [.corticalGap(gap)]
                break
            }
        }
        return recipe
    }
}

extension PlantedGap {
    /// A gap somewhere on a wall; `shrink` (0…1) draws it towards the smallest size.
    fileprivate static func candidate(
        level: VertebralLevel, wall: BodyWall, shrink: Double, random: inout RandomSource
    ) -> PlantedGap {
        var gap = PlantedGap(
            level: level, wall: wall, widthMM: 1 + random.uniform(0...3) * (1 - shrink),
            lengthMM: 4 + random.uniform(0...6) * (1 - shrink), turnDegrees: random.element(of: [0, 90]))
        let side = random.element(of: [-1.0, 1.0])
        switch wall {
        case .superiorEndplate, .inferiorEndplate:
            gap.angleDegrees = random.uniform(0...360)
            gap.position = random.uniform(0.3...0.6)
        case .left, .right: gap.angleDegrees = wall.middleDegrees + side * random.uniform(15...45)
        case .anterior: gap.angleDegrees = wall.middleDegrees + side * random.uniform(15...45)
        case .posterior: gap.angleDegrees = wall.middleDegrees + side * random.uniform(15...35)
        }
        if !wall.isEndplate { gap.position = random.uniform(-0.6...0.6) }
        return gap
    }
}

extension GapPatch {
    /// True where the whole patch lies on the free shell of its wall and well inside one quadrant (margins: our choice).
    fileprivate func isClear(on shape: VertebraShape, bodyCentre: SIMD3<Float>, wall: BodyWall) -> Bool {
        let middle = centre - bodyCentre
        let fromBorder = atan2(min(abs(middle.x), abs(middle.y)), max(abs(middle.x), abs(middle.y))) * 180 / .pi
        guard fromBorder >= 15 else { return false }
        return [-1, 0, 1].allSatisfy { (across: Float) in
            [-1, 0, 1].allSatisfy { (along: Float) in
                let p = centre + widthAxis * (halfWidth * across) + lengthAxis * (halfLength * along)
                let q = p - bodyCentre
                let distances = shape.body.distances(p)
                let toRim = wall.isEndplate ? distances.wall : distances.endplate
                return q.x * middle.x > 0 && q.y * middle.y > 0 && min(abs(q.x), abs(q.y)) > 1
                    && abs(distances.surface) < 1.2 && toRim < -3 && shape.arch.distance(p) > 2.5
            }
        }
    }
}
