// The section `featureClass` of a PyRadiomics parameter file.
import Domain

extension ParameterFile {
    /// - Parameters:
    ///   - section: nil where the file has none.
    ///   - isFlat: `force2D` of the whole file.
    mutating func readFeatures(_ section: ParameterNode?, isFlat: Bool) throws(ParameterFlaw) {
        let entries = try section?.entries(known: FeatureClass.allCases.map(\.rawValue)) ?? []
        guard !entries.isEmpty else {
            settings.features = everyClass.filter { isFlat || $0 != .shape2D }.map { FeatureSelection($0) }
            return
        }
        settings.features = []
        for (key, value) in entries {
            guard let featureClass = FeatureClass(rawValue: key) else { continue }
            guard featureClass != .shape2D || isFlat else {
                omissions.append(
                    Omission(item: "featureClass shape2D", reason: "it needs force2D and a region of one slice"))
                continue
            }
            if let selection = try selection(featureClass, value) { settings.features.append(selection) }
        }
    }

    /// The features of a class that are named and computed; nil where none is.
    private mutating func selection(
        _ featureClass: FeatureClass, _ value: ParameterNode
    ) throws(ParameterFlaw) -> FeatureSelection? {
        let list = value.isNull ? [] : try value.list()
        guard !list.isEmpty else { return FeatureSelection(featureClass) }
        let computed = FeatureCatalog.features(of: featureClass, deprecated: true).compactMap {
            $0.name.split(separator: "_").last.map(String.init)
        }
        let uncomputed = featuresWithoutValue[featureClass] ?? [:]
        var names: [String] = []
        for item in list {
            let name = try item.choice(computed + uncomputed.keys.sorted())
            if let same = uncomputed[name] {
                omissions.append(
                    Omission(
                        item: "\(featureClass.rawValue) \(name)", reason: "PyRadiomics gives no value either; \(same)"))
            } else if !names.contains(name) {
                names.append(name)
            }
        }
        return names.isEmpty ? nil : FeatureSelection(featureClass, names: names)
    }
}

/// The classes of a file that names none, in PyRadiomics' order.
private let everyClass: [FeatureClass] = [.firstorder, .glcm, .gldm, .glrlm, .glszm, .ngtdm, .shape, .shape2D]

/// Features that PyRadiomics 3.0.1 accepts by name and passes over, and what says the same.
private let featuresWithoutValue: [FeatureClass: [String: String]] = [
    .glcm: [
        "Dissimilarity": "it equals DifferenceAverage", "Homogeneity1": "it equals Id", "Homogeneity2": "it equals Idm",
        "SumVariance": "it equals ClusterTendency",
    ],
    .gldm: [
        "DependencePercentage": "it is always 1",
        "GrayLevelNonUniformityNormalized": "it equals Uniformity of firstorder",
    ],
]
