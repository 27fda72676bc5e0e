// Attributes in the DICOM JSON model (PS3.18 F.2).
import Domain

extension JSONValue {
    /// An attribute with these values; none is an attribute without a value.
    static func element(_ vr: String, _ values: JSONValue...) -> JSONValue { element(vr, values) }

    static func sequence(_ items: [JSONValue]) -> JSONValue { element("SQ", items) }

    /// A sequence of one item, a code (PS3.3 8.8).
    static func code(_ value: String, _ scheme: String, _ meaning: String) -> JSONValue {
        sequence([
            .object([
                "00080100": .element("SH", .text(value)), "00080102": .element("SH", .text(scheme)),
                "00080104": .element("LO", .text(meaning)),
            ])
        ])
    }

    private static func element(_ vr: String, _ values: [JSONValue]) -> JSONValue {
        .object(values.isEmpty ? ["vr": .text(vr)] : ["vr": .text(vr), "Value": .list(values)])
    }

    /// The values of an attribute; empty where it has none, or is no attribute.
    var values: [JSONValue] {
        guard case .object(let members) = self, case .list(let values)? = members["Value"] else { return [] }
        return values
    }
}

extension [String: JSONValue] {
    /// The first value of an attribute, where it is a text that is not empty.
    func text(_ tag: String) -> String? {
        guard case .text(let text)? = self[tag]?.values.first, !text.isEmpty else { return nil }
        return text
    }

    /// The items of a sequence.
    func items(_ tag: String) -> [[String: JSONValue]] {
        (self[tag]?.values ?? []).compactMap { if case .object(let item) = $0 { item } else { nil } }
    }
}
