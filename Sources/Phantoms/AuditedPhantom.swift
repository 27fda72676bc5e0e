// The phantoms on which the service measures itself.
import Domain

extension PhantomRecipe {
    /// A random patient with one cortical gap, a basivertebral foramen and a cleft, each in a vertebra of its own. In every other one (even
    /// seeds) the vertebra with the cleft has also lost 10 to 40 % of its height in front or in the middle and, in half of these, its
    /// posterior wall is pushed back by 4 to 8 mm, so that heights and angles spread as they do in patients (our choice).
    package static func audited(seed: UInt64, spacingMM: SIMD3<Double>) -> PhantomRecipe {
        var recipe = PhantomRecipe.random(seed: seed, spacingMM: spacingMM)
        var random = RandomSource(seed: seed, stream: 51)
        let gaps = Set(recipe.lesions.map(\.level))
        let cleftLevel = random.element(of: recipe.levels.filter { !gaps.contains($0) })
        let foramenLevel = random.element(of: recipe.levels.filter { !gaps.contains($0) && $0 != cleftLevel })
        if seed.isMultiple(of: 2) {
            let shape: Collapse.Shape = random.element(of: [.wedge, .biconcave])
            let loss = random.uniform(0.1...0.4)
            let bulge = random.element(of: [0.0, 1.0]) * random.uniform(4...8)
            recipe.lesions.append(
                .collapse(Collapse(level: cleftLevel, shape: shape, lossFraction: loss, bulgeMM: bulge)))
        }
        recipe.lesions.append(.cleft(cleft(cleftLevel, random: &random)))
        recipe.lesions.append(
            .basivertebralForamen(
                BasivertebralForamen(
                    level: foramenLevel, widthMM: random.uniform(3...8), heightMM: random.uniform(3...8),
                    depthFraction: random.uniform(0.12...0.22))))
        return recipe
    }

    /// Gas in half of them, fluid in the others, before the middle of the body and clear of the endplates.
    private static func cleft(_ level: VertebralLevel, random: inout RandomSource) -> Cleft {
        let content: Cleft.Content = random.element(of: [.gas, .fluid])
        let size: SIMD3<Double> = [random.uniform(8...20), random.uniform(6...12), random.uniform(2.5...5)]
        let side = random.element(of: [-1.0, 1.0])
        let position: SIMD3<Double> = [
            random.uniform(-0.2...0.2), random.uniform(0.3...0.45), side * random.uniform(0.25...0.4),
        ]
        return Cleft(level: level, content: content, sizeMM: size, position: position)
    }
}
