// The names of a body's sides: by place, the same for truth and map.
import Domain
import Imaging
import Phantoms
import Testing

@testable import Morphometry

struct BodySidesTests {
    /// 40 mm wide and 30 mm deep, its middle 2 mm in front of the frame's origin; a rim far out, which does not count.
    private let sides = BodySides(around: [[20, 2, 0], [-20, 2, 1], [0, 17, -1], [0, -13, 0], [30, 30, 9]])

    @Test func `the diagonals of the outline's box part the sides`() {
        #expect(sides.centreMM == [0, 2])
        #expect(sides.halfSizeMM == [20, 15])
        // At x = 12 the diagonal lies 9 mm in front of the middle, at y = 11; 45° would be at y = 14.
        #expect(sides.side(of: [12, 10.9, 5]) == .left)
        #expect(sides.side(of: [12, 11.1, 5]) == .anterior)
        #expect(sides.side(of: [-12, 10.9, 5]) == .right)
        #expect(sides.side(of: [-12, -7.1, 5]) == .posterior)
    }

    @Test func `a body with nothing near mid-height is outlined by all of its points`() {
        #expect(BodySides(around: [[10, 0, 9], [-10, 0, 9], [0, 5, 9], [0, -5, 9]]).halfSizeMM == [10, 5])
    }

    @Test func `truth and map name a gap near a body's corner alike`() throws {
        for (angle, wall) in [(31.0, BodyWall.left), (44.0, .anterior)] {
            var recipe = PhantomRecipe.shell(
                seed: 30_010, pixelMM: 0.5, sliceMM: 1, texture: .plain, gapWidthsMM: [])
            let level = recipe.levels[0]
            recipe.lesions = [
                .corticalGap(
                    PlantedGap(
                        level: level, wall: .left, angleDegrees: angle, position: 0, widthMM: 2, lengthMM: 6,
                        turnDegrees: 0))
            ]
            let phantom = try PhantomBuilder.build(recipe)
            let planted = try #require(phantom.truth.vertebra(level)?.lesions.first)
            #expect(planted.wall == wall)
            let vertebra = try #require(
                try ShellTrial.segmentation.vertebra(level, of: recipe, on: phantom.volume.geometry))
            let map = try CortexMapper.map(vertebra, in: phantom.volume, sliceThicknessMM: nil).get()
            let gap = try #require(map.gaps.first { ShellTrial.isAt($0.centroidMM, planted) })
            #expect(gap.wall == wall)
        }
    }
}
