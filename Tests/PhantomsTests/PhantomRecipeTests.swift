// Recipes travel as JSON and refuse what cannot be built.
import Domain
import Foundation
import Phantoms
import Testing

struct PhantomRecipeTests {
    @Test func `a recipe with missing fields takes the defaults`() throws {
        let json = """
            {"seed": 9, "noiseSDHU": 5,
             "lesions": [{"kind": "cortical-gap", "level": "L2", "wall": "left"}, {"kind": "cleft", "level": "L3"},
                         {"kind": "basivertebral-foramen", "level": "L4"},
                         {"kind": "collapse", "level": "L1", "shape": "wedge", "lossFraction": 0.3}]}
            """
        let recipe = try JSONDecoder().decode(PhantomRecipe.self, from: Data(json.utf8))
        var expected = PhantomRecipe(
            seed: 9,
            lesions: [
                .corticalGap(PlantedGap(level: .L2, wall: .left)), .cleft(Cleft(level: .L3)),
                .basivertebralForamen(BasivertebralForamen(level: .L4)),
                .collapse(Collapse(level: .L1, shape: .wedge, lossFraction: 0.3)),
            ])
        expected.noiseSDHU = 5
        #expect(recipe == expected)
    }

    @Test func `recipe and truth survive JSON`() throws {
        let truth = try PhantomBuilder.truth(of: .demo())
        let data = try JSONEncoder().encode(truth)
        #expect(try JSONDecoder().decode(PhantomTruth.self, from: data) == truth)
    }

    @Test func `the demo's patient has a wedge, a cleft and a gap in one vertebra`() throws {
        let truth = try PhantomBuilder.truth(of: .demo())
        #expect(truth.vertebrae.map(\.level) == [.T12, .L1, .L2, .L3, .L4])
        let broken = try #require(truth.vertebra(.L1))
        #expect(broken.lesions.map(\.kind) == [.collapse, .cleft, .corticalGap])
        #expect(broken.lesions.compactMap(\.quadrant).allSatisfy { $0 == .anteriorRight })
        let neighbours = try [VertebralLevel.T12, .L2].map { try #require(truth.vertebra($0)).anteriorHeightMM }
        let expected = neighbours.reduce(0, +) / 2
        // Genant grade 2: a quarter to two fifths of the height is lost.
        #expect((0.25...0.4).contains(1 - broken.anteriorHeightMM / expected))
    }

    @Test func `bodies keep to the published sizes`() throws {
        // Clouthier 2023, J Biomech 146:111421, L2–L5: the range of a model of real vertebrae; 3 % is left at its ends.
        for seed in 1...20 {
            for vertebra in try PhantomBuilder.truth(of: PhantomRecipe(seed: UInt64(seed))).vertebrae
            where vertebra.level > .L1 {
                #expect((29.5 * 0.97...42.0 * 1.03).contains(vertebra.bodyDepthMM))
                #expect((39.4 * 0.97...58.8 * 1.03).contains(vertebra.bodyWidthMM))
                #expect((23.5 * 0.97...32.4 * 1.03).contains(vertebra.anteriorHeightMM))
            }
        }
    }

    @Test(arguments: [
        [VertebralLevel](), [.L1, .L3], [.L2, .L1], [.C3, .C4], [.L5, .S1],
    ])
    func `levels must be consecutive and supported`(levels: [VertebralLevel]) {
        #expect(throws: PhantomFault.levelsInvalid(levels)) { try PhantomRecipe(levels: levels).validate() }
    }

    @Test func `numbers outside their range are named`() {
        var recipe = PhantomRecipe()
        recipe.spacingMM = [0.7, 0.7, 0]
        #expect(throws: PhantomFault.valueOutOfRange(field: "spacingMM", value: 0, allowed: 0.25...6)) {
            try recipe.validate()
        }
        recipe = PhantomRecipe(lesions: [.corticalGap(PlantedGap(level: .L1, wall: .left, widthMM: 0.2))])
        #expect(throws: PhantomFault.valueOutOfRange(field: "widthMM", value: 0.2, allowed: 0.5...20)) {
            try recipe.validate()
        }
        recipe = PhantomRecipe(lesions: [.cleft(Cleft(level: .T12))])
        #expect(throws: PhantomFault.lesionLevelAbsent(.T12)) { try recipe.validate() }
    }
}
