// Which model's embeddings a request asks for.
import DeepFeatures
import Domain

/// The setting that names an installed encoder.
struct DeepFeaturesRequest: Sendable {
    /// Name of the setting.
    static let setting = "deepFeatures"
    private static let none = "none"

    /// nil where no embedding is wanted, or none can be had.
    let model: String?
    /// Why there is none.
    let omission: Omission

    static func description(_ encoders: [String]) -> ParameterDescription {
        ParameterDescription(
            name: setting,
            summary:
                "The installed model whose embedding of each body is reported (`osteon models` lists them), or none.",
            choices: encoders + [none], defaultValue: .text(encoders.first ?? none))
    }

    /// - Parameters:
    ///   - value: of the setting, its default filled in.
    ///   - isGiven: whether the request named it.
    init(_ value: String?, isGiven: Bool) {
        model = value == Self.none ? nil : value
        omission = Omission(
            item: "deep features",
            reason: isGiven ? "not asked for (deepFeatures: none)" : "no model is installed (`osteon models`)")
    }

    /// The encoders that a stored request may name: those installed, and the one that it was accepted with, for which the report says
    /// what has become of it.
    static func acceptable(_ encoders: [String], in parameters: [String: ParameterValue]) -> [String] {
        guard let named = parameters.text(setting), named != none, !encoders.contains(named) else { return encoders }
        return encoders + [named]
    }
}
