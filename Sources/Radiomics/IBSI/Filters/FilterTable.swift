// The settings of a filter as they stand in a parameter file.

/// Keys and values of a filter; remembers which were asked for, so that the others can be refused.
final class FilterTable {
    struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private let container: KeyedDecodingContainer<Key>
    private var read: Set<String> = []

    /// - Throws: `DecodingError` when the filter is not a table of keys and values.
    init(_ decoder: any Decoder) throws { container = try decoder.container(keyedBy: Key.self) }

    /// The value, or nil where the key is absent or empty.
    ///
    /// - Throws: `RadiomicsError.filterInvalid` when it is not of the wanted type.
    func optional<Value: Decodable>(_ name: String) throws(RadiomicsError) -> Value? {
        read.insert(name)
        do {
            return try container.decodeIfPresent(Value.self, forKey: Key(name))
        } catch {
            throw .filterInvalid(setting: name, reason: "the value is not usable\(choices(Value.self))")
        }
    }

    /// - Throws: `RadiomicsError.filterInvalid` when the key is absent as well.
    func required<Value: Decodable>(_ name: String) throws(RadiomicsError) -> Value {
        guard let value: Value = try optional(name) else {
            throw .filterInvalid(setting: name, reason: "it is missing")
        }
        return value
    }

    /// - Throws: `RadiomicsError.filterInvalid` that names a key which the filter does not have.
    func requireAllRead() throws(RadiomicsError) {
        let unknown = Set(container.allKeys.map(\.stringValue)).subtracting(read)
        guard let first = unknown.min() else { return }
        throw .filterInvalid(
            setting: first, reason: "unknown; this filter has \(read.sorted().joined(separator: ", "))")
    }
}

/// What may stand for a value of a type with few cases.
private func choices<Value>(_ type: Value.Type) -> String {
    guard let cases = type as? any CaseIterable.Type else { return "" }
    return "; one of \(rawValues(cases).joined(separator: ", ")) is"
}

private func rawValues<Cases: CaseIterable>(_ cases: Cases.Type) -> [String] {
    cases.allCases.map { value in (value as? any RawRepresentable).map { "\($0.rawValue)" } ?? "\(value)" }
}
