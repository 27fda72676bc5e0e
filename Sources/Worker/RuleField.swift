// Reading the rules' YAML strictly: every field known, every fault with its place.
import Domain
import Yams

/// Why a file of rules cannot be used.
package enum SeriesRulesError: Fault, Hashable {
    case notYAML(String)
    case missing(String)
    case unknown(String, known: [String])
    case wrong(String, expected: String)
    case nameTwice(String)

    package var code: FaultCode { .parameterInvalid }

    package var detail: String {
        switch self {
        case .notYAML(let words): "The rules are no YAML: \(words)"
        case .missing(let path): "The rules lack \(path)."
        case .unknown(let path, _): "The rules have \(path), which means nothing here."
        case .wrong(let path, let expected): "In the rules, \(path) is not \(expected)."
        case .nameTwice(let name): "Two rules have the name \(name)."
        }
    }

    package var fix: String {
        switch self {
        case .unknown(_, let known): "Use \(known.joined(separator: ", "))."
        case .nameTwice: "Give each rule a name of its own."
        default: "See docs/dicomweb.md for how rules are written."
        }
    }

    package var subject: String? {
        switch self {
        case .missing(let path), .unknown(let path, _), .wrong(let path, _): path
        case .notYAML, .nameTwice: nil
        }
    }
}

/// A value of the rules and where it stands, e.g. `rules[0].start.analysis`.
struct RuleField {
    let path: String
    private let node: Node

    init(yaml: String) throws {
        do {
            guard let node = try Yams.compose(yaml: yaml) else { throw SeriesRulesError.missing("rules") }
            self.init(path: "", node)
        } catch let error as YamlError {
            throw SeriesRulesError.notYAML("\(error)")
        }
    }

    private init(path: String, _ node: Node) {
        self.path = path
        self.node = node
    }

    subscript(name: String) -> RuleField? {
        node.mapping?[Node(name)].map { RuleField(path: path.isEmpty ? name : "\(path).\(name)", $0) }
    }

    func require(_ name: String) throws -> RuleField {
        guard let field = self[name] else { throw SeriesRulesError.missing(path.isEmpty ? name : "\(path).\(name)") }
        return field
    }

    /// - Throws: for what is no mapping, and for a field of another name.
    func allow(_ names: [String]) throws {
        guard let mapping = node.mapping else { throw wrong("a mapping with \(names.joined(separator: ", "))") }
        for key in mapping.keys where !names.contains(key.string ?? "") {
            throw SeriesRulesError.unknown("\(path).\(key.string ?? "a key")", known: names)
        }
    }

    func list() throws -> [RuleField] {
        guard let sequence = node.sequence else { throw wrong("a list") }
        return sequence.enumerated().map { RuleField(path: "\(path)[\($0)]", $1) }
    }

    func text() throws -> String {
        guard let text = node.string, !text.isEmpty else { throw wrong("a text") }
        return text
    }

    /// A text, or a list of them.
    func texts() throws -> [String] {
        node.sequence == nil ? [try text()] : try list().map { try $0.text() }
    }

    func number() throws -> Double {
        guard let number = node.float ?? node.int.map(Double.init), number.isFinite else { throw wrong("a number") }
        return number
    }

    /// `{atLeast: a, atMost: b}`, either or both.
    func range() throws -> ClosedRange<Double> {
        try allow(["atLeast", "atMost"])
        let low = try self["atLeast"]?.number() ?? -.infinity
        let high = try self["atMost"]?.number() ?? .infinity
        guard low <= high else { throw wrong("a range whose atLeast is not above its atMost") }
        return low...high
    }

    func parameters() throws -> [String: ParameterValue] {
        guard let mapping = node.mapping else { throw wrong("a mapping") }
        var parameters: [String: ParameterValue] = [:]
        for (key, value) in mapping {
            guard let name = key.string else { throw wrong("a mapping whose keys are texts") }
            parameters[name] =
                switch Self.json(value) {
                case .flag(let flag): .flag(flag)
                case .number(let number): .number(number)
                case .text(let text): .text(text)
                case .list(let items): .list(items)
                case .object(let members): .object(members)
                case .null:
                    throw SeriesRulesError.wrong(
                        "\(path).\(name)", expected: "true, false, a number, a text, a list or a mapping")
                }
        }
        return parameters
    }

    private static func json(_ node: Node) -> JSONValue {
        switch node {
        case .mapping(let mapping):
            .object(
                Dictionary(mapping.map { ($0.key.string ?? "", json($0.value)) }, uniquingKeysWith: { $1 }))
        case .sequence(let sequence): .list(sequence.map(json))
        default:
            node.bool.map { .flag($0) } ?? node.float.map { .number($0) } ?? node.string.map { .text($0) } ?? .null
        }
    }

    private func wrong(_ expected: String) -> SeriesRulesError {
        .wrong(path.isEmpty ? "the file" : path, expected: expected)
    }
}
