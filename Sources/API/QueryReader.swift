// The query of a request, read strictly.
import Domain
import Foundation
import HTTP

/// The parameters of a request's query, all of them known.
struct QueryReader {
    let pairs: [(name: String, value: String)]

    /// - Parameters:
    ///   - known: the parameters that the route takes.
    ///   - repeatable: those of them that may be given more than once.
    /// - Throws: `request-malformed` for a parameter of another name, an empty one, or one given twice.
    init(_ request: HTTPRequest, known: [String], repeatable: Set<String> = []) throws {
        pairs = request.query
        var seen: Set<String> = []
        for pair in pairs {
            guard known.contains(pair.name) else {
                throw APIFault.malformed(
                    subject: pair.name.count > 80 ? nil : pair.name,
                    detail: "There is no query parameter \(pair.name.quoted) here.",
                    fix: known.isEmpty ? "Leave it out." : "The query parameters are \(known.joined(separator: ", ")).")
            }
            guard !pair.value.isEmpty else {
                throw Self.wrong(pair.name, "is empty", fix: "Give it a value or leave it out.")
            }
            guard seen.insert(pair.name).inserted || repeatable.contains(pair.name) else {
                throw Self.wrong(pair.name, "is given more than once", fix: "Give it once.")
            }
        }
    }

    subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// Every parameter by name, the last of repeated ones.
    var dictionary: [String: String] { Dictionary(pairs.map { ($0.name, $0.value) }) { $1 } }

    /// One of a list of values. - Throws: `request-malformed` for any other.
    func choice<Value: RawRepresentable & CaseIterable>(_ name: String) throws -> Value?
    where Value.RawValue == String {
        guard let text = self[name] else { return nil }
        guard let value = Value(rawValue: text) else {
            let choices = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw Self.wrong(name, "is \(text.quoted)", fix: "Use one of \(choices).")
        }
        return value
    }

    /// A whole number from 0, of a query whose names are not all known beforehand. - Throws: `request-malformed` for anything else.
    static func wholeNumber(_ name: String, _ value: String, atMost limit: Int) throws -> Int {
        guard let number = Int(value), (0...limit).contains(number) else {
            throw wrong(name, "is \(value.quoted)", fix: "Use a whole number from 0 to \(limit).")
        }
        return number
    }

    /// A text of at most `limit` characters. - Throws: `request-malformed` for a longer one.
    func text(_ name: String, limit: Int) throws -> String? {
        guard let text = self[name], text.unicodeScalars.count > limit else { return self[name] }
        throw Self.wrong(name, "has more than \(limit) characters", fix: "Shorten it.")
    }

    /// A day or a point in time: `2026-01-31` is its first moment in UTC, `2026-01-31T09:30:00Z` is itself.
    /// - Throws: `request-malformed` for anything else.
    func time(_ name: String) throws -> Date? {
        guard let text = self[name] else { return nil }
        guard let time = Self.time(of: text) else {
            throw Self.wrong(
                name, "is \(text.quoted), which is no time",
                fix: "Write it as 2026-01-31 or as 2026-01-31T09:30:00Z.")
        }
        return time
    }

    /// A day's first moment in UTC, or a point in time with its zone; nil for any other text.
    static func time(of text: String) -> Date? {
        let day = Date.ISO8601FormatStyle().year().month().day()
        let styles = [day, Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true)]
        return styles.lazy.compactMap { try? $0.parse(text) }.first
    }

    /// A SHA-256. - Throws: `request-malformed` for anything else.
    func digest(_ name: String) throws -> String? {
        guard let text = self[name]?.lowercased() else { return nil }
        guard text.isHexadecimal(digits: 64) else {
            throw Self.wrong(name, "is no SHA-256", fix: "Give 64 hexadecimal digits.")
        }
        return text
    }

    /// The page that `limit` and `after` ask for.
    func page() throws -> (limit: Int, after: String?) {
        let after = self["after"]
        guard after?.utf8.allSatisfy(Self.isOfID) ?? true else {
            throw Self.wrong("after", "is no id", fix: "Use the next of the page before.")
        }
        guard let text = self["limit"] else { return (Self.defaultLimit, after) }
        guard let limit = Int(text), Self.limits.contains(limit) else {
            throw Self.wrong(
                "limit", "is \(text.quoted)", fix: "Use a whole number from 1 to \(Self.limits.upperBound).")
        }
        return (limit, after)
    }

    /// Results that a search may pass over (our choice).
    static let furthestOffset = 1_000_000_000
    /// Items of a page (our choice).
    static let limits = 1...200
    static let defaultLimit = 50

    /// Letters, digits and hyphens: what the service's ids are made of.
    private static func isOfID(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"): true
        default: false
        }
    }

    private static func wrong(_ name: String, _ what: String, fix: String) -> APIFault {
        .malformed(subject: name, detail: "The query parameter \(name) \(what).", fix: fix)
    }
}
