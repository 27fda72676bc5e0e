// A phantom's vertebra as an imperfect segmentation would hand it over.
import Domain
import Imaging

/// The true boundary of body and arch moved in and out by a smooth random error.
package struct ErringSegmentation: Sendable {
    /// Standard deviation of the boundary's displacement.
    package var boundarySDMM: Double
    /// Distance over which the displacement changes: the spacing of its random lattice.
    package var grainMM: Double

    package init(boundarySDMM: Double, grainMM: Double) {
        self.boundarySDMM = boundarySDMM
        self.grainMM = grainMM
    }

    /// Segments one vertebra of a phantom.
    ///
    /// The frame is the true one. The displacement is drawn from the recipe's seed.
    ///
    /// - Returns: body and posterior elements on the smallest sub-grid of `geometry` that holds them; nil where the recipe has no
    ///   such level or none of it lies on the grid.
    /// - Throws: `PhantomFault` for a recipe that cannot be built.
    package func vertebra(_ level: VertebralLevel, of recipe: PhantomRecipe, on geometry: Geometry) throws -> Vertebra?
    {
        let layout = try SpineLayout(recipe)
        let bones = layout.bones
        guard let owner = bones.firstIndex(where: { $0.hasTruth && $0.shape.level == level }) else { return nil }
        var random = RandomSource(seed: recipe.seed, stream: 70)
        let displacement = SmoothField(spacingMM: grainMM, random: &random)
        let deviation = Float(boundarySDMM)
        var parts = LabelMap(geometry: geometry)
        let size = geometry.size
        var lower = size
        var upper = Index3(x: -1, y: -1, z: -1)
        var plane = BonePlane(width: size.x, height: size.y, ramp: 0.3)
        for z in 0..<size.z {
            let origin = geometry.point(at: Index3(x: 0, y: 0, z: z))
            plane.draw(
                bones, cortexHU: 0,
                on: PlaneGrid(
                    width: size.x, height: size.y, originMM: origin,
                    stepMM: [geometry.spacingMM.x, geometry.spacingMM.y]))
            for y in plane.rows {
                for x in 0..<size.x {
                    let i = y * size.x + x
                    guard Int(plane.owner[i]) == owner, plane.surface[i] < 3 else { continue }
                    let here = SIMD3<Float>(SIMD3(Double(x), Double(y), 0) * geometry.spacingMM + origin)
                    let moved = deviation * displacement.value(at: here)
                    guard plane.surface[i] + moved < 0 else { continue }
                    let part: Vertebra.Part = plane.body[i] + moved < 0 ? .body : .posteriorElements
                    parts.labels[z * size.x * size.y + i] = part.rawValue
                    lower = Index3(x: min(lower.x, x), y: min(lower.y, y), z: min(lower.z, z))
                    upper = Index3(x: max(upper.x, x), y: max(upper.y, y), z: max(upper.z, z))
                }
            }
        }
        guard upper.x >= lower.x, let truth = PhantomTruth(recipe, layout).vertebra(level) else { return nil }
        let extent = Index3(x: upper.x - lower.x + 1, y: upper.y - lower.y + 1, z: upper.z - lower.z + 1)
        return Vertebra(
            level: level, parts: parts.cropped(from: lower, size: extent), lowerIndex: lower, frame: truth.frame,
            origin: .mask, isWhole: true)
    }
}
