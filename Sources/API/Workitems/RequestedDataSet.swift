// A data set of the DICOM JSON model as a request brings it, checked attribute by attribute (PS3.18 F.2).
import Domain

enum RequestedDataSet {
    /// What the values of a VR are in JSON (PS3.18 table F.2.3-1).
    private enum Kind {
        case text
        /// Or text: the table lets some numbers be either; that all may be is our choice.
        case number
        case personName
        case dataSet
        /// Never in `Value`.
        case bytes
    }

    private static let kinds: [String: Kind] = {
        var kinds: [String: Kind] = ["PN": .personName, "SQ": .dataSet]
        for vr in ["AE", "AS", "AT", "CS", "DA", "DT", "LO", "LT", "SH", "ST", "TM", "UC", "UI", "UR", "UT"] {
            kinds[vr] = .text
        }
        for vr in ["DS", "FD", "FL", "IS", "SL", "SS", "SV", "UL", "US", "UV"] { kinds[vr] = .number }
        for vr in ["OB", "OD", "OF", "OL", "OV", "OW", "UN"] { kinds[vr] = .bytes }
        return kinds
    }()

    /// - Returns: the same attributes, their tags in capitals.
    /// - Throws: `request-malformed`, naming what is no attribute, has no VR that is known, or a value that its VR cannot have; also in the items of sequences.
    static func checked(_ attributes: [String: JSONValue]) throws -> [String: JSONValue] {
        var checked: [String: JSONValue] = [:]
        for (name, attribute) in attributes {
            guard let tag = name.asTag, case .object(let members) = attribute, checked[tag] == nil else {
                throw APIFault.malformed(
                    subject: name.shortened, detail: "\(name.quoted) is no attribute of the DICOM JSON model.",
                    fix: "Give a tag, once, as eight hexadecimal digits, and an object with vr and Value.")
            }
            checked[tag] = .object(try Self.members(members, of: tag))
        }
        return checked
    }

    private static func members(_ members: [String: JSONValue], of tag: String) throws -> [String: JSONValue] {
        guard case .text(let vr)? = members["vr"], let kind = kinds[vr] else {
            throw wrong(tag, "has no vr that is known", fix: "Give its value representation, as in \"vr\":\"CS\".")
        }
        guard let value = members["Value"] else { return members }
        guard case .list(let values) = value, kind != .bytes else {
            throw wrong(tag, "has a Value that \(vr) cannot have", fix: "Give an array, or InlineBinary for bytes.")
        }
        var members = members
        members["Value"] = .list(try values.map { try Self.value($0, kind, vr, of: tag) })
        return members
    }

    private static func value(_ value: JSONValue, _ kind: Kind, _ vr: String, of tag: String) throws -> JSONValue {
        switch (kind, value) {
        case (_, .null), (.text, .text), (.number, .number), (.number, .text), (.personName, .object): value
        case (.dataSet, .object(let item)): .object(try checked(item))
        default:
            throw wrong(tag, "is \(vr) and has \(value.kind) for a value", fix: "See PS3.18, table F.2.3-1.")
        }
    }

    private static func wrong(_ tag: String, _ what: String, fix: String) -> APIFault {
        .malformed(subject: tag, detail: "(\(tag.prefix(4)),\(tag.suffix(4))) \(what).", fix: fix)
    }
}
