// How a phantom's shell varies from place to place.
import Domain
import Foundation
import Testing

@testable import Phantoms

struct ShellTextureTests {
    /// Root mean square change of the shell's thickness on the wall over a distance, over the mean thickness.
    private func change(_ texture: PhantomRecipe.ShellTexture, overMM: Float) -> Double {
        let recipe = PhantomRecipe.shell(seed: 30_020, pixelMM: 0.5, sliceMM: 1, texture: texture, gapWidthsMM: [])
        let shape = SpineLayout.vertebra(recipe.levels[0], recipe: recipe).shape
        var squares = 0.0
        var sum = 0.0
        var count = 0.0
        for angle in stride(from: 20.0, through: 160, by: 2) {
            for z: Float in [-4, -1, 2] {
                let here = Double(shape.sample(shape.body.wallPoint(angleDegrees: angle, z: z)).shell)
                let there = Double(shape.sample(shape.body.wallPoint(angleDegrees: angle, z: z + overMM)).shell)
                squares += (there - here) * (there - here)
                sum += here
                count += 1
            }
        }
        return (squares / count).squareRoot() / (sum / count)
    }

    @Test func `an uneven shell changes over one millimetre, the others over three`() {
        #expect(change(.uneven, overMM: 1) > 3 * change(.plain, overMM: 1))
        // Uncorrelated at both ends, two places of SD 20 % differ by 28 %, of 20 % and 40 % together by 63 %.
        #expect(abs(change(.plain, overMM: 3) - 0.28) < 0.1)
        #expect(abs(change(.uneven, overMM: 3) - 0.63) < 0.15)
    }

    @Test func `a recipe refuses a shell more uneven than it is thick`() {
        var recipe = PhantomRecipe()
        recipe.cortexFineVariation = 0.9
        #expect(throws: PhantomFault.self) { try recipe.validate() }
    }
}
