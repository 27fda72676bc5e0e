// The phantoms on which the service measures itself.
import Domain

extension PhantomRecipe {
    /// A random patient with one cortical gap; in every other one (even seeds) one more vertebra, without the gap, has lost 10 to 40 %
    /// of its height in front or in the middle, so that heights and angles spread as they do in patients (our choice).
    package static func audited(seed: UInt64, spacingMM: SIMD3<Double>) -> PhantomRecipe {
        var recipe = PhantomRecipe.random(seed: seed, spacingMM: spacingMM)
        guard seed.isMultiple(of: 2) else { return recipe }
        var random = RandomSource(seed: seed, stream: 51)
        let gaps = Set(recipe.lesions.map(\.level))
        let level = random.element(of: recipe.levels.filter { !gaps.contains($0) })
        let shape: Collapse.Shape = random.element(of: [.wedge, .biconcave])
        recipe.lesions.append(
            .collapse(Collapse(level: level, shape: shape, lossFraction: random.uniform(0.1...0.4))))
        return recipe
    }
}
