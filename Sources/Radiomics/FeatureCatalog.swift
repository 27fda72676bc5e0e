// Which features there are: the one list of every name, in the order in which values are returned.

/// A family of features; the raw value is its part of the names.
package enum FeatureClass: String, Sendable, CaseIterable {
    case shape, firstorder, glcm, glrlm, glszm, gldm, ngtdm
    /// Shape of a region of one slice; computed only when asked for.
    case shape2D

    /// What is computed when nothing is named.
    package static let standard = allCases.filter { $0 != .shape2D }
}

/// A feature: its name and its IBSI identifier.
package struct FeatureDescription: Sendable, Hashable {
    /// As PyRadiomics writes it: `original_glcm_Contrast`.
    package let name: String
    /// The identifier in the reference manual of the Image Biomarker Standardisation Initiative (Zwanenburg 2020, Radiology
    /// 295:328); nil for a feature that the manual does not have. An identifier names the quantity: where PyRadiomics and the
    /// manual compute it differently, `docs/models/radiomics.md` says so.
    package let ibsiID: String?
}

/// Every feature there is.
package enum FeatureCatalog {
    /// Every feature of a class on an image: `original`, `wavelet-LLH`.
    ///
    /// - Parameter deprecated: also those that are computed only when named.
    package static func features(
        of featureClass: FeatureClass, on image: String = "original", deprecated: Bool = false
    ) -> [FeatureDescription] {
        func describe<Input>(_ definitions: [FeatureDefinition<Input>]) -> [FeatureDescription] {
            definitions.filter { deprecated || !$0.isDeprecated }.map {
                FeatureDescription(name: featureName($0.name, featureClass, image), ibsiID: $0.ibsiID)
            }
        }
        return switch featureClass {
        case .shape: describe(shapeFeatures)
        case .shape2D: describe(shape2DFeatures)
        case .firstorder: describe(firstOrderFeatures)
        case .glcm: describe(cooccurrenceFeatures)
        case .glrlm: describe(runLengthFeatures)
        case .glszm: describe(sizeZoneFeatures)
        case .gldm: describe(dependenceFeatures)
        case .ngtdm: describe(neighbourhoodDifferenceFeatures)
        }
    }

    /// Every feature of the image as it is.
    package static var all: [FeatureDescription] { FeatureClass.standard.flatMap { features(of: $0) } }
}

/// `original_glcm_Contrast` and its like.
func featureName(_ name: String, _ featureClass: FeatureClass, _ image: String) -> String {
    "\(image)_\(featureClass.rawValue)_\(name)"
}

/// A row of a feature table: a name, its IBSI identifier and its formula.
struct FeatureDefinition<Input>: Sendable {
    let name: String
    let ibsiID: String?
    /// PyRadiomics computes it only when it is named, since another feature says the same.
    let isDeprecated: Bool
    /// NaN where the feature is not defined.
    let formula: @Sendable (Input) -> Double

    init(
        _ name: String, _ ibsiID: String?, isDeprecated: Bool = false, _ formula: @escaping @Sendable (Input) -> Double
    ) {
        self.name = name
        self.ibsiID = ibsiID
        self.isDeprecated = isDeprecated
        self.formula = formula
    }
}
