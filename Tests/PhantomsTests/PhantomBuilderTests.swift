// A phantom holds what its recipe says.
import Domain
import Imaging
import Phantoms
import Testing

struct PhantomBuilderTests {
    @Test func `the same recipe gives the same voxels, another seed gives others`() throws {
        var recipe = PhantomRecipe(seed: 5, levels: [.L2])
        recipe.spacingMM = [2, 2, 2]
        recipe.marginMM = 4
        let first = try PhantomBuilder.build(recipe)
        let second = try PhantomBuilder.build(recipe)
        #expect(first.volume.voxels == second.volume.voxels)
        #expect(first.labels.labels == second.labels.labels)
        #expect(first.truth == second.truth)
        recipe.seed = 6
        #expect(try PhantomBuilder.build(recipe).volume.voxels != first.volume.voxels)
    }
}
