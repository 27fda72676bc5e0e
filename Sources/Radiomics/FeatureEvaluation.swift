// From regions to feature values: which table of formulas each class uses.

/// Feature classes of one image, in the order of the settings.
///
/// - Throws: `RadiomicsError`: bins that do not fit, a feature that does not exist.
func imageFeatures(
    _ derived: DerivedImage, _ prepared: PreparedRegion, _ selections: [FeatureSelection]
) throws(RadiomicsError) -> [FeatureValue] {
    let region = prepared.region(of: derived.image)
    let levels = try GreyLevels(region, derived.texture, isSinglePrecision: derived.isSinglePrecision)
    let textures = Textures(levels, derived.texture, spacingMM: region.spacingMM)
    var features: [FeatureValue] = []
    for selection in selections {
        let evaluation = FeatureEvaluation(selection: selection, image: derived.name)
        switch selection.featureClass {
        case .shape, .shape2D: continue
        case .firstorder:
            features += try evaluation.values(
                firstOrderFeatures, FirstOrder(region, levels, shift: derived.texture.voxelArrayShift))
        case .glcm:
            features += try evaluation.means(
                cooccurrenceFeatures, textures.cooccurrence, reasonIfNone: textures.reasonWithoutPairs)
        case .glrlm: features += try evaluation.means(runLengthFeatures, textures.runLength)
        case .glszm: features += try evaluation.means(sizeZoneFeatures, textures.sizeZone)
        case .gldm: features += try evaluation.means(dependenceFeatures, textures.dependence)
        case .ngtdm:
            features += try evaluation.values(neighbourhoodDifferenceFeatures, textures.neighbourhoodDifference)
        }
    }
    return features
}

/// Shape, where the settings ask for it; PyRadiomics names it after the original image.
func shapeFeatureValues(
    _ prepared: PreparedRegion, _ settings: RadiomicsSettings
) throws(RadiomicsError) -> [FeatureValue] {
    var features: [FeatureValue] = []
    for shapeClass in [FeatureClass.shape, .shape2D] {
        guard let selection = settings.features.first(where: { $0.featureClass == shapeClass }) else { continue }
        let evaluation = FeatureEvaluation(selection: selection, image: "original")
        let region = prepared.shapeRegion(settings)
        if shapeClass == .shape {
            features += try evaluation.values(shapeFeatures, Shape(region))
        } else {
            features += try evaluation.values(
                shape2DFeatures, Shape2D(region, across: 2 - settings.shape2DDimension),
                reasonIfNone: "The region has more than one slice across force2Ddimension.")
        }
    }
    return features
}

/// Features of one class on one image.
private struct FeatureEvaluation {
    let selection: FeatureSelection
    let image: String

    func values<Input>(
        _ definitions: [FeatureDefinition<Input>], _ input: Input?, reasonIfNone: String = ""
    ) throws(RadiomicsError) -> [FeatureValue] {
        try selected(definitions).map { definition in
            FeatureValue(
                name: featureName(definition.name, selection.featureClass, image),
                value: input.map(definition.formula) ?? .nan, ibsiID: definition.ibsiID,
                reasonIfUndefined: input == nil ? reasonIfNone : "The formula has no finite value on this region.")
        }
    }

    /// Features of a matrix that exists once per direction: the mean over the directions in which each is defined.
    func means<Matrix>(
        _ definitions: [FeatureDefinition<Matrix>], _ directions: [Matrix], reasonIfNone: String? = nil
    ) throws(RadiomicsError) -> [FeatureValue] {
        try selected(definitions).map { definition in
            let values = directions.map(definition.formula).filter { !$0.isNaN }
            return FeatureValue(
                name: featureName(definition.name, selection.featureClass, image),
                value: values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count), ibsiID: definition.ibsiID,
                reasonIfUndefined: directions.isEmpty
                    ? reasonIfNone ?? "No two voxels of the region are neighbours."
                    : "The formula has no value in any direction.")
        }
    }

    private func selected<Input>(
        _ definitions: [FeatureDefinition<Input>]
    ) throws(RadiomicsError) -> [FeatureDefinition<Input>] {
        guard let names = selection.names, !names.isEmpty else { return definitions.filter { !$0.isDeprecated } }
        var chosen: [FeatureDefinition<Input>] = []
        for name in names {
            guard let definition = definitions.first(where: { $0.name == name }) else {
                throw .featureUnknown(name, featureClass: selection.featureClass.rawValue)
            }
            chosen.append(definition)
        }
        return chosen
    }
}
