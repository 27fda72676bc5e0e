// One computed feature.

/// The value of a feature, or why it has none.
package struct FeatureValue: Sendable, Hashable, Codable {
    /// As PyRadiomics writes it: `original_glcm_Contrast`.
    package let name: String
    /// Finite; nil when the feature is not defined on this region.
    package let value: Double?
    /// Why there is no value; nil when there is one.
    package let reason: String?
    /// See `FeatureDescription.ibsiID`.
    package let ibsiID: String?

    /// A number that is not finite becomes nil with the reason.
    init(name: String, value: Double, ibsiID: String?, reasonIfUndefined: String) {
        self.name = name
        self.ibsiID = ibsiID
        self.value = value.isFinite ? value : nil
        reason = value.isFinite ? nil : reasonIfUndefined
    }
}
