// Which features there are: the one list of every name, in the order in which values are returned.

/// A family of features; the raw value is its part of the names.
package enum FeatureClass: String, Sendable, CaseIterable {
    case shape, firstorder, glcm, glrlm, glszm, gldm, ngtdm
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
    package static func features(of featureClass: FeatureClass, on image: String = "original") -> [FeatureDescription] {
        switch featureClass {
        case .shape: describe(shapeFeatures, featureClass, image)
        case .firstorder: describe(firstOrderFeatures, featureClass, image)
        case .glcm: describe(cooccurrenceFeatures, featureClass, image)
        case .glrlm: describe(runLengthFeatures, featureClass, image)
        case .glszm: describe(sizeZoneFeatures, featureClass, image)
        case .gldm: describe(dependenceFeatures, featureClass, image)
        case .ngtdm: describe(neighbourhoodDifferenceFeatures, featureClass, image)
        }
    }

    /// Every feature of the image as it is.
    package static var all: [FeatureDescription] { FeatureClass.allCases.flatMap { features(of: $0) } }

    private static func describe<Input>(
        _ definitions: [FeatureDefinition<Input>], _ featureClass: FeatureClass, _ image: String
    ) -> [FeatureDescription] {
        definitions.map { FeatureDescription(name: featureName($0.name, featureClass, image), ibsiID: $0.ibsiID) }
    }
}

/// `original_glcm_Contrast` and its like.
func featureName(_ name: String, _ featureClass: FeatureClass, _ image: String) -> String {
    "\(image)_\(featureClass.rawValue)_\(name)"
}

/// A row of a feature table: a name, its IBSI identifier and its formula.
struct FeatureDefinition<Input>: Sendable {
    let name: String
    let ibsiID: String?
    /// NaN where the feature is not defined.
    let formula: @Sendable (Input) -> Double

    init(_ name: String, _ ibsiID: String?, _ formula: @escaping @Sendable (Input) -> Double) {
        self.name = name
        self.ibsiID = ibsiID
        self.formula = formula
    }
}
