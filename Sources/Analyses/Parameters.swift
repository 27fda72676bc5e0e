// Settings of an analysis: checked against their descriptions, defaults filled in.
import Domain

/// Checked settings.
package enum Parameters {
    /// The given settings over the defaults, each checked against its description. A setting that has no default and was not given
    /// is absent.
    ///
    /// - Throws: `AnalysisError` naming the setting.
    package static func resolve(
        _ given: [String: ParameterValue], by descriptions: [ParameterDescription]
    ) throws(AnalysisError) -> [String: ParameterValue] {
        for name in given.keys.sorted() where !descriptions.contains(where: { $0.name == name }) {
            throw .unknownParameter(name, known: descriptions.map(\.name))
        }
        var resolved: [String: ParameterValue] = [:]
        for description in descriptions {
            if let value = given[description.name] {
                try check(value, description)
                resolved[description.name] = value
            } else {
                resolved[description.name] = description.defaultValue
            }
        }
        return resolved
    }

    private static func check(_ value: ParameterValue, _ description: ParameterDescription) throws(AnalysisError) {
        let name = description.name
        // The analysis reads the alternative itself.
        if description.alternative != nil { return }
        if let choices = description.choices {
            guard case .text(let text) = value else { throw .parameterWrongType(name, needed: "a text") }
            guard choices.contains(text) else { throw .parameterNotAChoice(name, value: text, choices: choices) }
        } else if let range = description.range, range.count == 2 {
            guard case .number(let number) = value else { throw .parameterWrongType(name, needed: "a number") }
            guard number >= range[0], number <= range[1] else {
                throw .parameterOutOfRange(name, value: number, range: range[0]...range[1])
            }
        } else {
            guard case .flag = value else { throw .parameterWrongType(name, needed: "true or false") }
        }
    }
}

extension [String: ParameterValue] {
    func text(_ name: String) -> String? {
        if case .text(let text) = self[name] { text } else { nil }
    }

    func number(_ name: String) -> Double? {
        if case .number(let number) = self[name] { number } else { nil }
    }

    func flag(_ name: String) -> Bool? {
        if case .flag(let flag) = self[name] { flag } else { nil }
    }
}
