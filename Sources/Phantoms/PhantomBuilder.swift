// From a recipe to a CT: anatomy, then bone slab by slab through the scanner, then noise.
import Domain
import Imaging

/// A phantom: what a scanner would have seen, and what is known to be there.
package struct Phantom: Sendable {
    /// HU, whole numbers from −1024, on an axis-aligned LPS grid.
    package var volume: Volume
    package var truth: PhantomTruth
    /// Whole vertebrae: `VertebralLevel.labelValue`. A voxel belongs to the vertebra that holds its centre.
    /// Neighbours without truth are not labelled.
    package var labels: LabelMap
    /// Bodies only, same values.
    package var bodies: LabelMap
}

/// Builds phantoms.
package enum PhantomBuilder {
    /// Builds the phantom of a recipe. Some seconds of one core.
    ///
    /// - Throws: `PhantomFault` for a recipe that cannot be built, `FaultRecord` (`job-cancelled`) when cancelled.
    package static func build(
        _ recipe: PhantomRecipe, cancellation: Cancellation = Cancellation(),
        progress: (StageProgress) -> Void = { _ in }
    ) throws -> Phantom {
        let layout = try SpineLayout(recipe)
        let geometry = geometry(recipe, layout)
        var volume = Volume(geometry: geometry, filledWith: TissueHU.air)
        try scan(recipe, layout, into: &volume, cancellation: cancellation) { done in
            progress(StageProgress(stage: "scan", fraction: 0.9 * done))
        }
        let (labels, bodies) = try label(layout, geometry, cancellation: cancellation)
        progress(StageProgress(stage: "truth", fraction: 0.95))
        let truth = PhantomTruth(recipe, layout)
        progress(StageProgress(stage: "truth", fraction: 1))
        return Phantom(volume: volume, truth: truth, labels: labels, bodies: bodies)
    }

    /// The truth of a recipe without its image: quick.
    ///
    /// - Throws: `PhantomFault` for a recipe that cannot be built.
    package static func truth(of recipe: PhantomRecipe) throws -> PhantomTruth {
        PhantomTruth(recipe, try SpineLayout(recipe))
    }

    /// The grid: the column lies a little in front of its middle, the levels and the margin fill its height.
    private static func geometry(_ recipe: PhantomRecipe, _ layout: SpineLayout) -> Geometry {
        let shown = layout.vertebrae.filter(\.hasTruth)
        let heights = shown.flatMap { vertebra in
            [-1.0, 1.0].map { vertebra.frame.point([0, 0, $0 * Double(vertebra.shape.body.halfHeight)]).z }
        }
        let low = (heights.min() ?? 0) - recipe.marginMM
        let high = (heights.max() ?? 0) + recipe.marginMM
        let s = recipe.spacingMM
        let size = Index3(
            x: max(Int((recipe.fieldOfViewMM.x / s.x).rounded()), 1),
            y: max(Int((recipe.fieldOfViewMM.y / s.y).rounded()), 1),
            z: max(Int(((high - low) / s.z).rounded(.up)), 1))
        // Two thirds of the field lie behind the front of the column: arch, muscles, skin.
        let origin: PointMM = [
            -Double(size.x - 1) / 2 * s.x, -0.36 * Double(size.y - 1) * s.y, low + s.z / 2,
        ]
        return Geometry(size: size, spacingMM: s, originMM: origin)
    }

    private static func scan(
        _ recipe: PhantomRecipe, _ layout: SpineLayout, into volume: inout Volume, cancellation: Cancellation,
        progress: (Double) -> Void
    ) throws {
        let geometry = volume.geometry
        let size = geometry.size
        let sliceCount = size.x * size.y
        let tissue = SoftTissue(recipe, layout)
        var slab = BoneSlab(recipe, layout, geometry)
        let noise = ScannerNoise(recipe)
        try volume.voxels.withUnsafeMutableBufferPointer { voxels in
            for z in 0..<size.z {
                try cancellation.check()
                let slice = UnsafeMutableBufferPointer(rebasing: voxels[z * sliceCount..<(z + 1) * sliceCount])
                let grid = PlaneGrid(
                    width: size.x, height: size.y, originMM: geometry.point(at: Index3(x: 0, y: 0, z: z)),
                    stepMM: [recipe.spacingMM.x, recipe.spacingMM.y])
                tissue.paint(z: grid.originMM.z, on: grid, into: slice)
                slab.add(to: slice, z: grid.originMM.z)
                noise.apply(to: slice, width: size.x, height: size.y, z: z)
                progress(Double(z + 1) / Double(size.z))
            }
        }
    }

    private static func label(
        _ layout: SpineLayout, _ geometry: Geometry, cancellation: Cancellation
    ) throws -> (whole: LabelMap, bodies: LabelMap) {
        var whole = LabelMap(geometry: geometry)
        var bodies = LabelMap(geometry: geometry)
        let size = geometry.size
        let bones = layout.bones
        var plane = BonePlane(width: size.x, height: size.y, ramp: 0.3)
        for z in 0..<size.z {
            try cancellation.check()
            let grid = PlaneGrid(
                width: size.x, height: size.y, originMM: geometry.point(at: Index3(x: 0, y: 0, z: z)),
                stepMM: [geometry.spacingMM.x, geometry.spacingMM.y])
            plane.draw(bones, cortexHU: 0, on: grid)
            for y in plane.rows {
                for i in y * size.x..<(y + 1) * size.x where plane.surface[i] < 0 {
                    let vertebra = bones[Int(plane.owner[i])]
                    guard vertebra.hasTruth else { continue }
                    whole.labels[z * size.x * size.y + i] = vertebra.shape.level.labelValue
                    if plane.body[i] < 0 { bodies.labels[z * size.x * size.y + i] = vertebra.shape.level.labelValue }
                }
            }
        }
        return (whole, bodies)
    }
}
