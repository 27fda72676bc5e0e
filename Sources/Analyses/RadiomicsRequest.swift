// Which radiomics a request asks for: a configuration by name, or a parameter file.
import Domain
import Foundation
import Radiomics

/// A parameter file of either mode, and what it is called.
struct RadiomicsRequest: Sendable {
    /// Name of the setting.
    static let setting = "radiomics"
    private static let none = "none"
    static let choices = RadiomicsConfiguration.builtIn.map(\.name) + [none]

    /// A built-in configuration, or `parameter file`.
    let name: String
    let configuration: RadiomicsConfiguration

    static let description = ParameterDescription(
        name: setting,
        summary: RadiomicsConfiguration.builtIn.map { "\($0.name): \($0.summary)" }.joined(separator: "; ")
            + "; none: no features.",
        choices: choices,
        alternative:
            "A parameter file: its YAML as a text, or an object with imageType, featureClass, setting (or mode: ibsi).",
        defaultValue: .text(BuiltInConfiguration.ge2025.rawValue))

    /// nil where no radiomics are asked for.
    /// - Throws: `AnalysisError` naming the key of the parameter file at fault.
    static func read(_ value: ParameterValue?) throws(AnalysisError) -> RadiomicsRequest? {
        switch value {
        case .text(none), nil: return nil
        case .text(let text):
            if let known = try? RadiomicsConfiguration(named: text) {
                return try RadiomicsRequest(text, text: known.yaml)
            }
            // A parameter file is a mapping, and there is none without a colon.
            guard text.contains(":") else { throw .parameterNotAChoice(setting, value: text, choices: choices) }
            return try RadiomicsRequest("parameter file", text: text)
        case .object(let members):
            return try RadiomicsRequest("parameter file", text: yaml(of: members))
        case .flag, .number, .list: throw .parameterWrongType(setting, needed: "a text or an object")
        }
    }

    private init(_ name: String, text: String) throws(AnalysisError) {
        self.name = name
        if let flaw = RadiomicsBounds.flaw(ofText: text) { throw .parameterUnusable(Self.setting, flaw) }
        do {
            configuration = try RadiomicsConfiguration(yaml: text, name: "parameters.\(Self.setting)")
        } catch let fault as any Fault {
            throw .parameterUnusable(Self.setting, fault.record)
        } catch {
            throw .parameterWrongType(Self.setting, needed: "a parameter file")
        }
        if let flaw = RadiomicsBounds.flaw(of: configuration) { throw .parameterUnusable(Self.setting, flaw) }
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
            configuration: request.name, mode: request.configuration.mode.name,
            parameters: request.configuration.yaml, settings: dictionary(request.configuration.described),
            imageTypes: dictionary(request.configuration.describedImages), omissions: request.configuration.omissions)
    }
}
