// A value in a parameter file, and where it stands: read as the type that is asked for, or refused by name.
import Yams

/// A value with its path (`setting.binWidth`).
struct ParameterNode {
    let path: String
    private let node: Node

    /// The whole file.
    static func root(_ yaml: String) throws(ParameterFlaw) -> ParameterNode {
        let node: Node?
        do { node = try Yams.compose(yaml: yaml) } catch { throw .notYAML("\(error)") }
        guard let node else { throw .notYAML("it is empty") }
        return ParameterNode(path: "", node: node)
    }

    private func at(_ key: String, _ node: Node) -> ParameterNode {
        ParameterNode(path: path.isEmpty ? key : "\(path).\(key)", node: node)
    }

    var isNull: Bool { node.null != nil && node.mapping == nil && node.sequence == nil }

    /// The value as the text of a file of its own.
    var yaml: String { (try? Yams.serialize(node: node)) ?? "" }

    /// The value as messages show it.
    private var text: String {
        if node.mapping != nil { return "a mapping" }
        if node.sequence != nil { return "a list" }
        return isNull ? "null" : "'\((node.scalar?.string ?? "").prefix(80))'"
    }

    private func wrong(_ needed: String) -> ParameterFlaw { .value(path: path, found: text, needed: needed) }

    /// Whether it is a mapping with this key.
    func has(_ key: String) -> Bool { node.mapping?.contains { $0.key.string == key } ?? false }

    /// The entries of a mapping, in the order of the file.
    func entries(known: [String]) throws(ParameterFlaw) -> [(key: String, value: ParameterNode)] {
        guard let mapping = node.mapping else { throw wrong("a mapping, such as {}") }
        var entries: [(key: String, value: ParameterNode)] = []
        for (key, value) in mapping {
            let name = key.string ?? ""
            guard known.contains(name) else { throw .unknown(name, path: path, known: known) }
            entries.append((name, at(name, value)))
        }
        return entries
    }

    func list() throws(ParameterFlaw) -> [ParameterNode] {
        guard let sequence = node.sequence else { throw wrong("a list, such as [1, 2]") }
        return sequence.enumerated().map { at("\($0)", $1) }
    }

    /// A text among these.
    func choice(_ known: [String]) throws(ParameterFlaw) -> String {
        guard let text = node.scalar?.string, !isNull else { throw wrong("one of \(known.joined(separator: ", "))") }
        guard known.contains(text) else { throw .unknown(text, path: path, known: known) }
        return text
    }

    func number(above: Double? = nil, atLeast: Double? = nil) throws(ParameterFlaw) -> Double {
        let bound = above.map { " above \($0.plain)" } ?? atLeast.map { ", \($0.plain) or more" } ?? ""
        guard isScalar(.float, .int), let number = node.float, number.isFinite, above.map({ number > $0 }) ?? true,
            atLeast.map({ number >= $0 }) ?? true
        else { throw wrong("a number\(bound)") }
        return number
    }

    func wholeNumber(_ range: ClosedRange<Int>) throws(ParameterFlaw) -> Int {
        let bound =
            range.upperBound < 1_000_000
            ? "from \(range.lowerBound) to \(range.upperBound)"
            : range.lowerBound > -1_000_000 ? "of \(range.lowerBound) or more" : "of any size"
        guard isScalar(.int), let number = node.int, range.contains(number) else {
            throw wrong("a whole number \(bound)")
        }
        return number
    }

    /// Whether it is a number written without a decimal point.
    var isWholeNumber: Bool { isScalar(.int) && node.int != nil }

    /// `null` counts as false, as Python takes it.
    func flag() throws(ParameterFlaw) -> Bool {
        if isNull { return false }
        guard isScalar(.bool), let flag = node.bool else { throw wrong("true or false") }
        return flag
    }

    private func isScalar(_ names: Tag.Name...) -> Bool {
        node.scalar != nil && names.contains { $0.rawValue == node.tag.description }
    }
}

extension Double {
    /// Without a decimal point where it is whole.
    var plain: String { self == rounded() && magnitude < 1e15 ? String(Int(self)) : description }
}
