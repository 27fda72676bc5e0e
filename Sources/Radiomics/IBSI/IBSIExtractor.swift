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
    ///   feature and aggregation (`glcm_joint_maximum_3D_merged`, `glszm_zone_percentage_2.5D`); the identifier of a texture
    ///   is that of the feature and that of the aggregation (`GYBY/IAZD`). A feature that is not defined on the region has
    ///   no value and a reason.
    /// - Throws: `RadiomicsError`; `FaultRecord` once cancelled.
    package static func extract(
        _ image: Volume, _ mask: VoxelMask, settings: IBSISettings, cancellation: Cancellation = Cancellation()
    ) throws -> [FeatureValue] {
        let part = settings.filter == nil ? IBSIRegion.Part.border(mm: IBSILocalIntensity.radiusMM) : .wholeImage
        var whole = try IBSIRegion(image, mask, settings: settings, part: part)
        var settings = settings
        if let filter = settings.filter {
            whole = try whole.filtered(by: filter, cancellation: cancellation)
            // It chose voxels by their grey values and says nothing about the response map.
            settings.intensityRange = nil
        }
        let region = whole.tight
        let levels = try IBSILevels(region, settings.discretisation, range: settings.intensityRange)
        let textures = IBSITextures(region, levels)
        var features: [FeatureValue] = []
        for family in settings.families {
            try cancellation.check()
            switch family {
            case .morphology: features += values(ibsiMorphologyFeatures, [IBSIMorphology(region)], family)
            case .localIntensity: features += values(ibsiLocalIntensityFeatures, [IBSILocalIntensity(whole)], family)
            case .statistics:
                let statistics = IBSIStatistics(region.intensities(of: region.image))
                features += values(ibsiStatisticsFeatures, [statistics], family)
            case .histogram: features += values(ibsiHistogramFeatures, [IBSIHistogram(levels)], family)
            case .volumeHistogram:
                let histogram = try IBSIVolumeHistogram(region, settings: settings)
                features += values(ibsiVolumeHistogramFeatures, [histogram], family)
            default: features += textureValues(textures, family, settings.aggregations)
            }
        }
        return features
    }

    private static func textureValues(
        _ textures: IBSITextures, _ family: IBSIFamily, _ aggregations: [IBSIAggregation]
    ) -> [FeatureValue] {
        var reaches: [IBSIReach] = []
        for aggregation in aggregations where !reaches.contains(aggregation.reach) { reaches.append(aggregation.reach) }
        switch family {
        case .cooccurrence:
            return aggregations.flatMap {
                values(ibsiCooccurrenceFeatures, textures.cooccurrence($0), family, $0.rawValue, $0.ibsiID)
            }
        case .runLength:
            return aggregations.flatMap {
                values(ibsiRunLengthFeatures, textures.runLength($0), family, $0.rawValue, $0.ibsiID)
            }
        case .sizeZone:
            return reaches.flatMap {
                values(ibsiSizeZoneFeatures, textures.sizeZone($0), family, $0.rawValue, $0.ibsiID)
            }
        case .distanceZone:
            return reaches.flatMap {
                values(ibsiDistanceZoneFeatures, textures.distanceZone($0), family, $0.rawValue, $0.ibsiID)
            }
        case .neighbourhoodDifference:
            return reaches.flatMap {
                values(
                    ibsiNeighbourhoodDifferenceFeatures, textures.neighbourhoodDifference($0), family, $0.rawValue,
                    $0.ibsiID)
            }
        case .neighbourhoodDependence:
            return reaches.flatMap {
                values(
                    ibsiNeighbourhoodDependenceFeatures, textures.neighbourhoodDependence($0), family, $0.rawValue,
                    $0.ibsiID)
            }
        default: return []
        }
    }

    /// The mean of each feature over the matrices that it is defined on.
    private static func values<Matrix>(
        _ definitions: [FeatureDefinition<Matrix>], _ matrices: [Matrix], _ family: IBSIFamily,
        _ aggregation: String? = nil, _ aggregationID: String? = nil
    ) -> [FeatureValue] {
        definitions.map { definition in
            let defined = matrices.map(definition.formula).filter { $0.isFinite }
            return FeatureValue(
                name: [family.rawValue, definition.name, aggregation].compactMap { $0 }.joined(separator: "_"),
                value: defined.isEmpty ? .nan : defined.reduce(0, +) / Double(defined.count),
                ibsiID: [definition.ibsiID, aggregationID].compactMap { $0 }.joined(separator: "/"),
                reasonIfUndefined: matrices.isEmpty
                    ? "No two voxels of the region are neighbours." : "The formula has no finite value on this region.")
        }
    }
}
