// Features of a region of a scan after the reference manual of the Image Biomarker Standardisation Initiative.
import Domain
import Imaging

/// Computes features in the `ibsi` mode.
package enum IBSIExtractor {
    /// Every feature of the settings' families for one region.
    ///
    /// - Parameters:
    ///   - image: grey values, HU for CT.
    ///   - mask: the region, on the image's grid.
    /// - Returns: one value per feature and, for textures, aggregation, in the order of the settings. A name is family,
    ///   feature and aggregation (`glcm_joint_maximum_3D_merged`); the identifier of a texture is that of the feature and
    ///   that of the aggregation (`GYBY/IAZD`). A feature that is not defined on the region has no value and a reason.
    /// - Throws: `RadiomicsError`; `FaultRecord` once cancelled.
    package static func extract(
        _ image: Volume, _ mask: VoxelMask, settings: IBSISettings, cancellation: Cancellation = Cancellation()
    ) throws -> [FeatureValue] {
        let whole = try IBSIRegion(image, mask, settings: settings, part: .border(mm: IBSILocalIntensity.radiusMM))
        let region = whole.tight
        var features: [FeatureValue] = []
        for family in settings.families {
            try cancellation.check()
            switch family {
            case .morphology: features += evaluate(ibsiMorphologyFeatures, IBSIMorphology(region), family)
            case .localIntensity: features += evaluate(ibsiLocalIntensityFeatures, IBSILocalIntensity(whole), family)
            case .statistics:
                let values = region.intensities(of: region.image)
                features += evaluate(ibsiStatisticsFeatures, IBSIStatistics(values), family)
            case .histogram:
                let levels = try IBSILevels(region, settings.discretisation, range: settings.intensityRange)
                features += evaluate(ibsiHistogramFeatures, IBSIHistogram(levels), family)
            case .volumeHistogram:
                let histogram = try IBSIVolumeHistogram(region, settings: settings)
                features += evaluate(ibsiVolumeHistogramFeatures, histogram, family)
            }
        }
        return features
    }

    private static func evaluate<Input>(
        _ definitions: [FeatureDefinition<Input>], _ input: Input, _ family: IBSIFamily
    ) -> [FeatureValue] {
        definitions.map { definition in
            FeatureValue(
                name: "\(family.rawValue)_\(definition.name)", value: definition.formula(input),
                ibsiID: definition.ibsiID, reasonIfUndefined: "The formula has no finite value on this region.")
        }
    }
}
