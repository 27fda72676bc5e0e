// A value in a request's JSON, read strictly: what is unknown or of the wrong type is refused by its path.
import Domain
import Foundation

extension JSONValue {
    /// What it is, in words: "a number".
    var kind: String {
        switch self {
        case .null: "null"
        case .flag: "true or false"
        case .number: "a number"
        case .text: "a string"
        case .list: "an array"
        case .object: "an object"
        }
    }
}

/// A value and where it is: `targets[0].level`.
struct RequestField {
    let path: String
    let value: JSONValue

    /// - Throws: `request-malformed` when the bytes are not JSON, or nest too deep.
    init(json: [UInt8]) throws {
        path = ""
        guard !JSONNesting.isTooDeep(json) else {
            throw APIFault.malformed(
                subject: nil,
                detail: "The body nests more than \(JSONNesting.limit) arrays and objects in one another.",
                fix: "Send what openapi.yaml describes.")
        }
        do {
            value = try JSONDecoder().decode(JSONValue.self, from: Data(json))
        } catch {
            throw APIFault.malformed(
                subject: nil, detail: "The body is not valid JSON.", fix: "Send one JSON object in UTF-8.")
        }
    }

    private init(path: String, value: JSONValue) {
        self.path = path
        self.value = value
    }

    /// The members of an object.
    /// - Parameter known: the names that it may have.
    /// - Throws: `request-malformed` when it is no object, or has a member of another name.
    func members(known: [String]) throws -> [String: RequestField] {
        let members = try members()
        if let unknown = members.keys.sorted().first(where: { !known.contains($0) }) {
            throw APIFault.malformed(
                subject: place(of: unknown), detail: "\(name) has an unknown field \(unknown.quoted).",
                fix: "Leave it out; the fields are \(known.joined(separator: ", ")).")
        }
        return members
    }

    /// The members of an object of any names; those that are null count as absent.
    func members() throws -> [String: RequestField] {
        guard case .object(let values) = value else { throw wrongType("an object") }
        return values.reduce(into: [:]) { members, entry in
            guard entry.value != .null else { return }
            members[entry.key] = RequestField(path: place(of: entry.key), value: entry.value)
        }
    }

    /// The fault for a member that is not there.
    func missing(_ member: String) -> APIFault {
        .malformed(
            subject: place(of: member), detail: "\(name) lacks the field \(member.quoted).",
            fix: "Add \(place(of: member)); openapi.yaml describes it.")
    }

    func list() throws -> [RequestField] {
        guard case .list(let values) = value else { throw wrongType("an array") }
        return values.enumerated().map { RequestField(path: "\(path)[\($0.offset)]", value: $0.element) }
    }

    func text() throws -> String {
        guard case .text(let text) = value else { throw wrongType("a string") }
        guard !text.isEmpty else {
            throw APIFault.malformed(subject: path, detail: "\(path) is an empty string.", fix: "Give \(path) a value.")
        }
        return text
    }

    func number() throws -> Double {
        guard case .number(let number) = value else { throw wrongType("a number") }
        return number
    }

    func integer() throws -> Int {
        guard case .number(let number) = value, let integer = Int(exactly: number) else {
            throw wrongType("a whole number")
        }
        return integer
    }

    func wrongType(_ expected: String) -> APIFault {
        .malformed(
            subject: path.isEmpty ? nil : path, detail: "\(name) is \(value.kind), not \(expected).",
            fix: "Send \(expected); openapi.yaml describes the fields.")
    }

    private var name: String { path.isEmpty ? "The body" : path }

    private func place(of member: String) -> String {
        let shown = member.count > 80 ? member.prefix(80) + "…" : member[...]
        return path.isEmpty ? String(shown) : "\(path).\(shown)"
    }
}
