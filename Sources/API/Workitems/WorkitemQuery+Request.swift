// The parameters of a search of the worklist (PS3.18 §11.9).
import Domain
import Store

extension WorkitemQuery {
    /// The most workitems that one answer lists (our choice).
    private static let mostResults = 5000

    /// Reads the parameters of a search. - Returns: whether fuzzy matching was asked for.
    /// - Throws: `request-malformed`.
    mutating func read(_ pairs: [(name: String, value: String)]) throws -> Bool {
        var wantsFuzzy = false
        for (name, value) in pairs {
            switch name {
            case "limit": limit = try QueryReader.wholeNumber(name, value, atMost: Self.mostResults)
            case "offset": offset = try QueryReader.wholeNumber(name, value, atMost: QueryReader.furthestOffset)
            case "fuzzymatching": wantsFuzzy = value == "true"
            // Everything is listed always.
            case "includefield": break
            default: try add(name, value)
            }
        }
        return wantsFuzzy
    }

    private mutating func add(_ name: String, _ value: String) throws {
        let tags = name.split(separator: ".", omittingEmptySubsequences: false).map { Self.tag(String($0)) }
        guard (1...2).contains(tags.count), let tag = tags.last ?? nil, let first = tags[0] else {
            throw APIFault.malformed(
                subject: name.count > 80 ? nil : name,
                detail: "\(name.quoted) is no attribute that workitems can be searched by.",
                fix: "Give a tag as eight hexadecimal digits, or SEQUENCE.ATTRIBUTE.")
        }
        // An empty value fits everything (PS3.4 C.2.2.2.3).
        guard !value.isEmpty else { return }
        let test: InstanceQuery.Test
        if tag.hasPrefix("004040"), value.contains("-") {
            let ends = value.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            test = .range(ends[0].isEmpty ? nil : ends[0], ends[1].isEmpty ? nil : ends[1])
        } else if value.contains(where: { "*?".contains($0) }) {
            test = .pattern(value)
        } else if Self.listed.contains(tag) {
            test = .anyOf(value.split(whereSeparator: { ",\\".contains($0) }).map(String.init))
        } else {
            test = .pattern(value)
        }
        matches.append(Match(sequence: tags.count == 2 ? first : nil, InstanceQuery.Match(tag: tag, test: test)))
    }

    /// Attributes of which a search may give several values.
    private static let listed = [WorkitemTag.sopInstanceUID, "0020000D", "0020000E", WorkitemTag.state]

    private static func tag(_ name: String) -> String? {
        WorkitemTag.keywords[name] ?? name.asTag
    }
}
