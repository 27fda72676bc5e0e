// Planted lesions are where their truth says, and change what they should.
import Domain
import Imaging
import Phantoms
import Testing

struct LesionTests {
    @Test(arguments: [
        (10.0, BodyQuadrant.anteriorLeft), (70, .anteriorLeft), (110, .anteriorRight), (170, .anteriorRight),
        (200, .posteriorRight), (255, .posteriorRight), (285, .posteriorLeft), (340, .posteriorLeft),
    ])
    func `the quadrant of a gap follows from its direction`(angleDegrees: Double, quadrant: BodyQuadrant) throws {
        var recipe = PhantomRecipe.plain()
        recipe.lesions = [
            .corticalGap(PlantedGap(level: .L3, wall: .anterior, angleDegrees: angleDegrees, position: 0.6))
        ]
        let vertebra = try #require(try PhantomBuilder.truth(of: recipe).vertebra(.L3))
        let lesion = try #require(vertebra.lesions.first)
        #expect(lesion.quadrant == quadrant)
        #expect(lesion.third == .upper)
        // The vertebra stands nearly upright: left is +x and anterior −y of LPS.
        let centre = try #require(lesion.centroidLPSMM) - vertebra.bodyCentreLPSMM
        #expect((centre.x > 0) == (quadrant == .anteriorLeft || quadrant == .posteriorLeft))
        #expect((centre.y < 0) == (quadrant == .anteriorLeft || quadrant == .anteriorRight))
        #expect(centre.z > 0)
    }

    @Test func `random patients have one clear gap each`() throws {
        var walls: Set<BodyWall> = []
        var quadrants: Set<BodyQuadrant> = []
        for seed in 1...40 {
            let recipe = PhantomRecipe.random(seed: UInt64(seed))
            let truth = try PhantomBuilder.truth(of: recipe)
            #expect(truth.vertebrae.count == 5)
            let lesions = truth.vertebrae.flatMap { vertebra in vertebra.lesions.map { (vertebra, $0) } }
            let (vertebra, lesion) = try #require(lesions.first)
            #expect(lesions.count == 1)
            let widthMM = try #require(lesion.widthMM)
            let lengthMM = try #require(lesion.lengthMM)
            #expect((1...4).contains(widthMM) && (4...10).contains(lengthMM))
            let local = vertebra.frame.local(try #require(lesion.centroidLPSMM))
            // 15° from both axes: tan 15° = 0.268.
            #expect(min(abs(local.x), abs(local.y)) >= 0.267 * max(abs(local.x), abs(local.y)))
            walls.insert(try #require(lesion.wall))
            quadrants.insert(try #require(lesion.quadrant))
        }
        #expect(walls.count == 6)
        #expect(quadrants.count == 4)
    }

    @Test func `a wedge lowers the front, a biconcave collapse the middle, a crush everything`() throws {
        let recipe = PhantomRecipe.plain()
        let whole = try #require(try PhantomBuilder.truth(of: recipe).vertebra(.L3))
        func collapsed(_ shape: Collapse.Shape) throws -> VertebraTruth {
            var broken = recipe
            broken.lesions = [.collapse(Collapse(level: .L3, shape: shape, lossFraction: 0.3))]
            return try #require(try PhantomBuilder.truth(of: broken).vertebra(.L3))
        }
        // At 85 % of the depth a wedge that loses 30 % at the rim has lost 0.85 · 30 % = 25 %, at 15 % some 5 %.
        let wedge = try collapsed(.wedge)
        #expect(abs(wedge.anteriorHeightMM / whole.anteriorHeightMM - 0.745) < 0.03)
        #expect(abs(wedge.posteriorHeightMM / whole.posteriorHeightMM - 0.955) < 0.03)
        #expect(wedge.wedgeAngleDegrees - whole.wedgeAngleDegrees > 10)
        let biconcave = try collapsed(.biconcave)
        #expect(biconcave.middleHeightMM < 0.72 * whole.middleHeightMM)
        #expect(biconcave.anteriorHeightMM > 0.9 * whole.anteriorHeightMM)
        let crush = try collapsed(.crush)
        #expect(abs(crush.bodyVolumeML / whole.bodyVolumeML - 0.7) < 0.03)
        #expect(abs(crush.middleHeightMM / whole.middleHeightMM - 0.7) < 0.03)
    }

    @Test(arguments: [(Cleft.Content.gas, -700.0), (.fluid, 15)])
    func `a cleft shows its content`(content: Cleft.Content, contentHU: Double) throws {
        var recipe = PhantomRecipe.plain()
        recipe.lesions = [.cleft(Cleft(level: .L3, content: content, sizeMM: [16, 12, 8], position: [0, 0.2, 0.1]))]
        let phantom = try PhantomBuilder.build(recipe)
        let lesion = try #require(phantom.truth.vertebra(.L3)?.lesions.first)
        let centre = try #require(lesion.centroidLPSMM)
        #expect(abs(phantom.meanHU(around: centre, radiusMM: 1.6) - contentHU) < 5)
        // What is missing of the marrow is the ellipsoid's volume: 4/3 π · 8 · 6 · 4.
        recipe.lesions = []
        let whole = try PhantomBuilder.build(recipe).volume
        let change = zip(phantom.volume.voxels, whole.voxels).reduce(0) { $0 + Double($1.0 - $1.1) }
        let volumeMM3 = change * whole.geometry.voxelVolumeMM3 / (contentHU - recipe.trabecularHU)
        #expect(abs(volumeMM3 / (4.0 / 3 * .pi * 8 * 6 * 4) - 1) < 0.03)
    }
}

struct PosteriorWallTruthTests {
    @Test func `a planted bulge stands out behind the corners and narrows the canal by as much`() throws {
        func truth(bulgeMM: Double) throws -> VertebraTruth {
            var recipe = PhantomRecipe(seed: 3, levels: [.L1])
            recipe.lesions = [.collapse(Collapse(level: .L1, shape: .crush, lossFraction: 0.2, bulgeMM: bulgeMM))]
            return try #require(try PhantomBuilder.truth(of: recipe).vertebra(.L1))
        }
        let straight = try truth(bulgeMM: 0)
        let bulging = try truth(bulgeMM: 5)
        #expect(straight.posteriorBulgeMM < 0.1)
        // The waist and the hollow of the wall take up the first millimetres.
        #expect(bulging.posteriorBulgeMM > 2 && bulging.posteriorBulgeMM < 5)
        let room = try #require(straight.canalDepthMM)
        let left = try #require(bulging.canalDepthMM)
        #expect(room - left > 1 && room - left < 5.1)
    }

    @Test func `a cleft's volume is that of its ellipsoid where it lies wholly inside`() throws {
        var recipe = PhantomRecipe(seed: 3, levels: [.L1])
        recipe.lesions = [.cleft(Cleft(level: .L1, sizeMM: [12, 8, 4], position: [0, 0.2, 0.1]))]
        let lesion = try #require(try PhantomBuilder.truth(of: recipe).vertebra(.L1)?.lesions.first)
        let volume = try #require(lesion.volumeML)
        // π/6 · 12 · 8 · 4 mm³.
        #expect(abs(volume - 0.2011) < 0.005)
    }

    @Test func `a ruler on the rims tilts as the rim planes do, to their rounding`() throws {
        let truth = try #require(try PhantomBuilder.truth(of: PhantomRecipe(seed: 3, levels: [.L3])).vertebra(.L3))
        let wedge = truth.superiorTiltDegrees - truth.inferiorTiltDegrees
        #expect(abs(wedge - truth.wedgeAngleDegrees) < 1.5)
    }
}
