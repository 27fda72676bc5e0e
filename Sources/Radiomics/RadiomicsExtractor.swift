// Features of a region of a scan, equal to PyRadiomics'.
import Domain
import Imaging

/// Computes features.
package enum RadiomicsExtractor {
    /// Every feature of the settings' classes for one region.
    ///
    /// Values equal PyRadiomics 3.0.1 with the same settings (`docs/models/radiomics.md` states what was compared).
    /// - Parameters:
    ///   - volume: grey values, HU for CT.
    ///   - mask: the region, on the volume's grid.
    ///   - type: how the scan stores its values; resampled values keep whole numbers whole, as PyRadiomics does.
    /// - Returns: one value per feature, in the order of `FeatureCatalog`; a feature that is not defined on the region has
    ///   no value and a reason.
    /// - Throws: `RadiomicsError`; `FaultRecord` once cancelled.
    package static func extract(
        _ volume: Volume, _ mask: VoxelMask, storedAs type: StoredType = .int16,
        settings: RadiomicsSettings = RadiomicsSettings(), cancellation: Cancellation = Cancellation()
    ) throws -> [FeatureValue] {
        let region = try RegionOfInterest(volume, mask, storedAs: type, settings: settings)
        let levels = try GreyLevels(region, binWidth: settings.images.first?.texture.binWidth ?? 25)
        let textures = Textures(
            levels, settings.images.first?.texture ?? TextureSettings(), spacingMM: region.spacingMM)
        var features: [FeatureValue] = []
        for featureClass in settings.features.map(\.featureClass) {
            try cancellation.check()
            switch featureClass {
            case .shape: features += evaluate(shapeFeatures, Shape(region), featureClass)
            case .firstorder: features += evaluate(firstOrderFeatures, FirstOrder(region, levels), featureClass)
            case .glcm: features += evaluate(cooccurrenceFeatures, textures.cooccurrence, featureClass)
            case .glrlm: features += evaluate(runLengthFeatures, textures.runLength, featureClass)
            case .glszm: features += evaluate(sizeZoneFeatures, textures.sizeZone, featureClass)
            case .gldm: features += evaluate(dependenceFeatures, textures.dependence, featureClass)
            case .ngtdm:
                features += evaluate(
                    neighbourhoodDifferenceFeatures, textures.neighbourhoodDifference, featureClass)
            }
        }
        return features
    }

    /// Every feature for several labels of one map, in the order of the labels.
    ///
    /// - Throws: as for one region, for the first label that fails.
    package static func extract(
        _ volume: Volume, _ map: LabelMap, labels: [UInt16], settings: RadiomicsSettings = RadiomicsSettings(),
        cancellation: Cancellation = Cancellation()
    ) throws -> [[FeatureValue]] {
        try labels.map { label in
            try extract(volume, map.mask(of: label), settings: settings, cancellation: cancellation)
        }
    }

    private static func evaluate<Input>(
        _ definitions: [FeatureDefinition<Input>], _ input: Input, _ featureClass: FeatureClass
    ) -> [FeatureValue] {
        definitions.map { definition in
            FeatureValue(
                name: featureName(definition.name, featureClass, "original"), value: definition.formula(input),
                ibsiID: definition.ibsiID, reasonIfUndefined: "The formula has no finite value on this region.")
        }
    }

    /// Features of a matrix that exists once per direction: the mean over the directions in which each is defined.
    private static func evaluate<Matrix>(
        _ definitions: [FeatureDefinition<Matrix>], _ directions: [Matrix], _ featureClass: FeatureClass
    ) -> [FeatureValue] {
        definitions.map { definition in
            let values = directions.map(definition.formula).filter { !$0.isNaN }
            return FeatureValue(
                name: featureName(definition.name, featureClass, "original"),
                value: values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count), ibsiID: definition.ibsiID,
                reasonIfUndefined: directions.isEmpty
                    ? "No two voxels of the region are neighbours." : "The formula has no value in any direction.")
        }
    }
}
