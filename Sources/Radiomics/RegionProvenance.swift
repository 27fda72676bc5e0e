// What describes the image and mask that features were computed on: PyRadiomics' `diagnostics_` values.
import Imaging

/// The images and masks on the way to the features of one label.
package struct RegionProvenance: Sendable, Equatable {
    /// As read, and as resampled (PyRadiomics' `original` and `interpolated`).
    package let originalImage: ImageFigures
    package let interpolatedImage: ImageFigures?
    /// As read, as resampled, and as resegmented.
    package let originalMask: MaskFigures
    package let interpolatedMask: MaskFigures?
    package let resegmentedMask: MaskFigures?

    init(
        _ prepared: PreparedRegion, _ plan: RegionPlan, _ survey: ImageSurvey, _ mask: Geometry,
        _ settings: RadiomicsSettings
    ) {
        originalImage = ImageFigures(
            survey.geometry, mean: survey.mean, minimum: survey.minimum, maximum: survey.maximum)
        let box = plan.original.box
        originalMask = MaskFigures(
            inside: plan.original.inside(box), in: box, of: mask, values: nil)
        let whole = IndexBox.whole(prepared.grid)
        let isInterpolated = settings.resampledSpacingMM != nil && settings.interpolator != nil
        interpolatedImage = isInterpolated ? ImageFigures(prepared.grid, prepared.image.values) : nil
        interpolatedMask =
            isInterpolated
            ? MaskFigures(inside: prepared.inside, in: whole, of: prepared.grid, values: prepared.image.values) : nil
        resegmentedMask =
            settings.resegmentRange == nil
            ? nil
            : MaskFigures(
                inside: prepared.resegmented, in: whole, of: prepared.grid, values: prepared.image.values)
    }
}

/// An image's grid and grey values.
package struct ImageFigures: Sendable, Equatable {
    package let spacingMM: SIMD3<Double>
    package let size: Index3
    package let mean, minimum, maximum: Double

    init(_ grid: Geometry, mean: Double, minimum: Double, maximum: Double) {
        spacingMM = grid.spacingMM
        size = grid.size
        self.mean = mean
        self.minimum = minimum
        self.maximum = maximum
    }

    init(_ grid: Geometry, _ values: [Double]) {
        self.init(
            grid, mean: values.reduce(0, +) / Double(values.count), minimum: values.min() ?? .nan,
            maximum: values.max() ?? .nan)
    }
}

/// A region's place and, where the image was on the same grid, its grey values.
package struct MaskFigures: Sendable, Equatable {
    package let spacingMM: SIMD3<Double>
    package let size: Index3
    /// The smallest box around the region.
    package let box: IndexBox
    package let voxels: Int
    /// Parts that touch by faces, edges or corners.
    package let parts: Int
    /// The mean voxel index, and where it lies in LPS millimetres.
    package let centreIndex: SIMD3<Double>
    package let centreMM: PointMM
    /// Of the grey values inside.
    package let mean, minimum, maximum: Double?

    /// - Parameter part: the box of the grid that `inside` and `values` hold.
    init(inside: [Bool], in part: IndexBox, of grid: Geometry, values: [Double]?) {
        let mask = VoxelMask(geometry: grid.cropped(from: part.lower, size: part.size), voxels: inside)
        spacingMM = grid.spacingMM
        size = grid.size
        var box = mask.boundingBox() ?? part
        box.lower = Index3(
            x: box.lower.x + part.lower.x, y: box.lower.y + part.lower.y, z: box.lower.z + part.lower.z)
        self.box = box
        voxels = mask.count
        let zones = SizeZones(LevelGrid(size: part.size, ranks: inside.map { $0 ? 0 : -1 }, levels: [1]))
        parts = zones.size.count
        centreMM = mask.centroidMM ?? grid.originMM
        centreIndex = grid.index(of: centreMM)
        let grey = values.map { zip($0, inside).compactMap { $1 ? $0 : nil } }
        mean = grey.map { $0.reduce(0, +) / Double($0.count) }
        minimum = grey?.min()
        maximum = grey?.max()
    }
}
