// Features of regions of a scan by PyRadiomics' definitions; docs/models/radiomics.md lists the known differences.
import Domain
import Imaging

/// The features of one label.
package struct LabelFeatures: Sendable, Equatable {
    package let label: Int
    /// In PyRadiomics' order: shape, then each image with its classes. A feature that is not defined on the region has no
    /// value and a reason.
    package let features: [FeatureValue]
    /// What describes the images and masks that they were computed on; nil when not asked for.
    package let provenance: RegionProvenance?
}

/// Computes features.
package enum RadiomicsExtractor {
    /// Features of some labels of a mask, from one pass over the mask and one over the image.
    ///
    /// Values equal PyRadiomics 3.0.1 with the same settings (`docs/models/radiomics.md` states what was compared), and are
    /// the same bits for any number of threads. Of the image only the voxels that the regions need stay in memory.
    /// - Parameters:
    ///   - labels: in the order of the results.
    ///   - threads: how many may compute at once, ≥ 1.
    ///   - progress: is told after each step, on the calling thread.
    /// - Throws: `RadiomicsError`, what reading the sources throws, `FaultRecord` once cancelled.
    package static func extract(
        image: some VoxelSource, mask: some VoxelSource, labels: [Int], settings: RadiomicsSettings,
        threads: Int = 1, progress: (StageProgress) -> Void = { _ in }, cancellation: Cancellation = Cancellation()
    ) throws -> [LabelFeatures] {
        try require(settings)
        let regions = try labelRegions(mask, labels)
        try cancellation.check()
        let plans = try regions.map {
            try RegionPlan($0, mask: mask.geometry, image: image.geometry, settings: settings)
        }
        var survey = try ImageSurvey(image, keeping: plans.map(\.source))
        let normalisation = try Normalisation(survey, settings)
        return try plans.indices.map { i in
            try cancellation.check()
            progress(StageProgress(stage: "radiomics", fraction: Double(i) / Double(plans.count)))
            let values = survey.takeBox(i)
            let prepared = try PreparedRegion(
                plans[i], values: values, of: survey, storedAs: image.storedType, normalisation,
                settings: settings)
            return LabelFeatures(
                label: plans[i].label, features: try features(of: prepared, settings, threads, cancellation),
                provenance: settings.additionalInfo
                    ? RegionProvenance(prepared, plans[i], survey, mask.geometry, settings) : nil)
        }
    }

    /// Every feature of the settings for one region of a scan in memory.
    ///
    /// - Parameters:
    ///   - volume: grey values, HU for CT.
    ///   - mask: the region, on the volume's grid.
    ///   - type: how the scan stores its values; resampled values keep whole numbers whole, as PyRadiomics does.
    /// - Throws: `RadiomicsError`; `FaultRecord` once cancelled.
    package static func extract(
        _ volume: Volume, _ mask: VoxelMask, storedAs type: StoredType = .int16,
        settings: RadiomicsSettings = RadiomicsSettings(), cancellation: Cancellation = Cancellation()
    ) throws -> [FeatureValue] {
        guard !mask.isEmpty else { throw RadiomicsError.regionEmpty }
        return try extract(
            image: StoredVolume(volume, as: type), mask: mask, labels: [1], settings: settings,
            cancellation: cancellation
        ).flatMap(\.features)
    }

    private static func features(
        of region: PreparedRegion, _ settings: RadiomicsSettings, _ threads: Int, _ cancellation: Cancellation
    ) throws -> [FeatureValue] {
        // On one thread each image type is finished before the next is filtered: its memory serves again.
        let groups = threads > 1 ? [settings.images] : [[]] + settings.images.map { [$0] }
        return try groups.enumerated().flatMap { group, types in
            let images = try inOrder(types.count, threads: threads) { i in
                try types[i].derived(from: region)
            }.flatMap { $0 }
            // Shape is the first task of all, each image another.
            let shapes = group == 0 ? 1 : 0
            return try inOrder(shapes + images.count, threads: threads) { i in
                try cancellation.check()
                return i < shapes
                    ? try shapeFeatureValues(region, settings)
                    : try imageFeatures(images[i - shapes], region, settings.features)
            }.flatMap { $0 }
        }
    }

    private static func require(_ settings: RadiomicsSettings) throws(RadiomicsError) {
        if let spacing = settings.resampledSpacingMM {
            for axis in 0..<3 where !(spacing[axis] >= 0 && spacing[axis].isFinite) {
                throw .spacingInvalid(spacing[axis])
            }
        }
        for image in settings.images {
            let width = image.texture.binWidth
            guard width > 0, width.isFinite else { throw .binWidthInvalid(width) }
        }
    }
}
