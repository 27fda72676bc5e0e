// Features of regions of a scan after the reference manual of the Image Biomarker Standardisation Initiative.
import Domain
import Imaging

/// Computes features in the `ibsi` mode.
package enum IBSIExtractor {
    /// Features of some labels of a mask.
    ///
    /// Values are the same bits for any number of threads. The whole image is in memory, in single precision: values with
    /// more than 24 significant bits are rounded (CT has 16).
    /// - Parameters:
    ///   - image: grey values, HU for CT.
    ///   - mask: on the image's grid.
    ///   - labels: in the order of the results.
    ///   - threads: how many may compute at once, ≥ 1.
    ///   - progress: is told before each label, on the calling thread.
    /// - Returns: as the other `extract`, without provenance.
    /// - Throws: `RadiomicsError`, what reading the sources throws, `FaultRecord` once cancelled.
    package static func extract(
        image: some VoxelSource, mask: some VoxelSource, labels: [Int], settings: IBSISettings, threads: Int = 1,
        progress: (StageProgress) -> Void = { _ in }, cancellation: Cancellation = Cancellation()
    ) throws -> [LabelFeatures] {
        try requireSameGrid(image.geometry, mask.geometry)
        let regions = try labelRegions(mask, labels)
        let volume = try volume(image)
        return try regions.enumerated().map { i, region in
            progress(StageProgress(stage: "radiomics", fraction: Double(i) / Double(regions.count)))
            let inside = region.inside(IndexBox.whole(mask.geometry))
            return LabelFeatures(
                label: region.label,
                features: try extract(
                    volume, VoxelMask(geometry: volume.geometry, voxels: inside), settings: settings,
                    threads: threads, cancellation: cancellation),
                provenance: nil)
        }
    }

    /// Every feature of the settings' families for one region.
    ///
    /// - Parameters:
    ///   - image: grey values, HU for CT.
    ///   - mask: the region, on the image's grid.
    ///   - threads: how many may compute at once, ≥ 1.
    /// - Returns: one value per feature and, for textures, aggregation, in the order of the settings. A name is family,
    ///   feature and aggregation (`glcm_joint_maximum_3D_merged`, `glszm_zone_percentage_2.5D`); the identifier of a texture
    ///   is that of the feature and that of the aggregation (`GYBY/IAZD`). With a filter both begin with the filter's
    ///   (`log_intensity_statistics_mean`, `L6PA/Q4LE`). A feature that is not defined on the region has no value and a
    ///   reason.
    /// - Throws: `RadiomicsError`; `FaultRecord` once cancelled.
    package static func extract(
        _ image: Volume, _ mask: VoxelMask, settings: IBSISettings, threads: Int = 1,
        cancellation: Cancellation = Cancellation()
    ) throws -> [FeatureValue] {
        let part = settings.filter == nil ? IBSIRegion.Part.border(mm: IBSILocalIntensity.radiusMM) : .wholeImage
        var whole = try IBSIRegion(image, mask, settings: settings, part: part)
        var settings = settings
        if let filter = settings.filter {
            whole = try whole.filtered(by: filter, cancellation: cancellation)
            // It chose voxels by their grey values and says nothing about the response map.
            settings.intensityRange = nil
        }
        let evaluation = IBSIEvaluation(whole, settings)
        return try inOrder(settings.families.count, threads: threads) { i in
            try cancellation.check()
            return try evaluation.values(of: evaluation.settings.families[i])
        }.flatMap { $0 }
    }

    private static func volume(_ image: some VoxelSource) throws -> Volume {
        var voxels: [Float] = []
        voxels.reserveCapacity(image.geometry.size.count)
        try image.forEachPiece { values, _ in voxels.append(contentsOf: values.lazy.map { Float($0) }) }
        return Volume(geometry: image.geometry, voxels: voxels)
    }
}
