// From one processed region to feature values: which table of formulas each family uses.
import Domain

/// One region and what is asked of it.
struct IBSIEvaluation: Sendable {
    let settings: IBSISettings
    /// With the border that local peaks look at.
    private let whole: IBSIRegion
    private let region: IBSIRegion

    init(_ whole: IBSIRegion, _ settings: IBSISettings) {
        self.settings = settings
        self.whole = whole
        region = whole.tight
    }

    /// - Throws: `RadiomicsError` where grey levels are asked for and cannot be made.
    func values(of family: IBSIFamily) throws(RadiomicsError) -> [FeatureValue] {
        switch family {
        case .morphology: values(ibsiMorphologyFeatures, [IBSIMorphology(region)], family)
        case .localIntensity: values(ibsiLocalIntensityFeatures, [IBSILocalIntensity(whole)], family)
        case .statistics:
            values(ibsiStatisticsFeatures, [GreyStatistics(region.intensities(of: region.image))], family)
        case .histogram: values(ibsiHistogramFeatures, [IBSIHistogram(try levels())], family)
        case .volumeHistogram:
            values(ibsiVolumeHistogramFeatures, [try IBSIVolumeHistogram(region, settings: settings)], family)
        case .cooccurrence: directed(ibsiCooccurrenceFeatures, family, try textures().cooccurrence)
        case .runLength: directed(ibsiRunLengthFeatures, family, try textures().runLength)
        case .sizeZone: undirected(ibsiSizeZoneFeatures, family, try textures().sizeZone)
        case .distanceZone: undirected(ibsiDistanceZoneFeatures, family, try textures().distanceZone)
        case .neighbourhoodDifference:
            undirected(ibsiNeighbourhoodDifferenceFeatures, family, try textures().neighbourhoodDifference)
        case .neighbourhoodDependence:
            undirected(ibsiNeighbourhoodDependenceFeatures, family, try textures().neighbourhoodDependence)
        }
    }

    /// Made anew for each family that needs them: a pass over the region, where matrices take many.
    private func levels() throws(RadiomicsError) -> IBSILevels {
        try IBSILevels(region, settings.discretisation, range: settings.intensityRange)
    }

    private func textures() throws(RadiomicsError) -> IBSITextures { IBSITextures(region, try levels()) }

    /// Features of matrices that have directions, for each aggregation.
    private func directed<Matrix>(
        _ definitions: [FeatureDefinition<Matrix>], _ family: IBSIFamily, _ matrices: (IBSIAggregation) -> [Matrix]
    ) -> [FeatureValue] {
        settings.aggregations.flatMap { values(definitions, matrices($0), family, $0.rawValue, $0.ibsiID) }
    }

    /// Features of matrices that have none, for what the aggregations say about slices.
    private func undirected<Matrix>(
        _ definitions: [FeatureDefinition<Matrix>], _ family: IBSIFamily, _ matrices: (IBSIReach) -> [Matrix]
    ) -> [FeatureValue] {
        var reaches: [IBSIReach] = []
        for aggregation in settings.aggregations where !reaches.contains(aggregation.reach) {
            reaches.append(aggregation.reach)
        }
        return reaches.flatMap { values(definitions, matrices($0), family, $0.rawValue, $0.ibsiID) }
    }

    /// The mean of each feature over the matrices that it is defined on.
    private func values<Matrix>(
        _ definitions: [FeatureDefinition<Matrix>], _ matrices: [Matrix], _ family: IBSIFamily,
        _ aggregation: String? = nil, _ aggregationID: String? = nil
    ) -> [FeatureValue] {
        definitions.map { definition in
            let defined = matrices.map(definition.formula).filter { $0.isFinite }
            let name = [settings.filter?.name, family.rawValue, definition.name, aggregation]
            let identifier = [settings.filter?.ibsiID, definition.ibsiID, aggregationID]
            return FeatureValue(
                name: name.compactMap { $0 }.joined(separator: "_"),
                value: defined.isEmpty ? .nan : defined.reduce(0, +) / Double(defined.count),
                ibsiID: identifier.compactMap { $0 }.joined(separator: "/"),
                reasonIfUndefined: matrices.isEmpty
                    ? "No two voxels of the region are neighbours." : "The formula has no finite value on this region.")
        }
    }
}
