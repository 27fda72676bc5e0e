// Which radiomics a request asks for: a configuration by name, or a parameter file.
import Domain
import Foundation
import Radiomics

/// A parameter file, and what it is called.
struct RadiomicsRequest: Sendable {
    /// Name of the setting.
    static let setting = "radiomics"
    private static let none = "none"
    static let choices = BuiltInConfiguration.allCases.map(\.rawValue) + [none]

    /// A built-in configuration, or `parameter file`.
    let configuration: String
    /// The text of the parameter file.
    let text: String
    let file: ParameterFile

    static let description = ParameterDescription(
        name: setting,
        summary: BuiltInConfiguration.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "; ")
            + "; none: no features.",
        choices: choices,
        alternative:
            "A PyRadiomics parameter file: its YAML as a text, or a JSON object with imageType, featureClass, setting.",
        defaultValue: .text(BuiltInConfiguration.ge2025.rawValue))

    /// nil where no radiomics are asked for.
    /// - Throws: `AnalysisError` naming the key of the parameter file at fault.
    static func read(_ value: ParameterValue?) throws(AnalysisError) -> RadiomicsRequest? {
        switch value {
        case .text(none), nil: return nil
        case .text(let text):
            if let known = BuiltInConfiguration(rawValue: text) {
                return try RadiomicsRequest(known.rawValue, text: known.yaml)
            }
            // A parameter file is a mapping, and there is none without a colon.
            guard text.contains(":") else { throw .parameterNotAChoice(setting, value: text, choices: choices) }
            return try RadiomicsRequest("parameter file", text: text)
        case .object(let members):
            return try RadiomicsRequest("parameter file", text: yaml(of: members))
        case .flag, .number: throw .parameterWrongType(setting, needed: "a text or an object")
        }
    }

    private init(_ configuration: String, text: String) throws(AnalysisError) {
        self.configuration = configuration
        self.text = text
        if let flaw = RadiomicsBounds.flaw(ofText: text) { throw .parameterUnusable(Self.setting, flaw) }
        do {
            file = try ParameterFile(yaml: text, name: "parameters.\(Self.setting)")
        } catch {
            throw .parameterUnusable(Self.setting, error.record)
        }
        if let flaw = RadiomicsBounds.flaw(of: file.settings) { throw .parameterUnusable(Self.setting, flaw) }
    }

    /// JSON is YAML; its keys in the order of the alphabet, for an object has none.
    private static func yaml(of members: [String: JSONValue]) throws(AnalysisError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let text = try? encoder.encode(members) else {
            throw .parameterWrongType(setting, needed: "an object of finite numbers")
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension RadiomicsMethod {
    init(_ request: RadiomicsRequest) {
        func dictionary(_ entries: [(key: String, value: String)]) -> [String: String] {
            Dictionary(entries.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        }
        self.init(
            configuration: request.configuration, parameters: request.text,
            settings: dictionary(request.file.settings.described),
            imageTypes: dictionary(request.file.settings.describedImages), omissions: request.file.omissions)
    }
}
