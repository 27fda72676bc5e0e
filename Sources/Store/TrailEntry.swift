// A row of the access trail.
import Domain
import Foundation
import GRDB

/// Who did what, when, and what came of it. No patient data: paths name UIDs and ids, and queries are left out.
package struct TrailEntry: Codable, Hashable, Sendable {
    /// Set by the trail.
    package internal(set) var at = Date(timeIntervalSince1970: 0)
    /// The name of the API key; nil where none came that is known.
    package var key: String?
    /// Numeric address of the other end of the socket, or `command`.
    package var from: String
    /// `X-Request-Id`; nil for a command.
    package var request: String?
    /// The operation of openapi.yaml, or the command; nil for a path that is none's.
    package var operation: String?
    package var method: String
    /// What the path named, or the command was given.
    package var named: [String: String]
    /// Paths of what was made.
    package var made: [String]
    /// The HTTP status; of a command 200.
    package var status: Int
    /// The code of the problem that was answered.
    package var fault: String?
    /// How often the same was asked again within the minute after `since`; nil for a request that stands for itself.
    package var repeats: Int?
    /// When it was asked first, which is a row of its own; of repeats alone.
    package var since: Date?
    /// What the service deleted; nil for whatever else it did.
    package internal(set) var erased: Erasure?

    package init(
        key: String?, from: String, request: String?, operation: String?, method: String,
        named: [String: String] = [:], made: [String] = [], status: Int, fault: String? = nil
    ) {
        self.key = key
        self.from = from
        self.request = request
        self.operation = operation
        self.method = method
        self.named = named
        self.made = made
        self.status = status
        self.fault = fault
    }

    /// Where commands come from, in place of an address.
    package static let commandOrigin = "command"

    /// What a command of an administrator did.
    package static func command(_ words: String, named: [String: String]) -> TrailEntry {
        TrailEntry(
            key: nil, from: commandOrigin, request: nil, operation: words, method: "COMMAND", named: named, status: 200)
    }

    /// The text that is kept and hashed.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(Timestamp.text(date))
        }
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

/// A row as it is kept.
package struct TrailRow: Hashable, Sendable {
    /// 1 and counting, without gaps.
    package let number: Int
    /// JSON of a `TrailEntry`: the very text that the hash is of.
    package let content: String
    /// 64 lower-case hexadecimal digits: see `TrailHead.next`.
    package let sha256: String

    init(_ row: Row) {
        number = row["number"]
        content = row["content"]
        sha256 = row["sha256"]
    }

    /// - Throws: `DecodingError` for a row that somebody else wrote.
    package func entry() throws -> TrailEntry {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let date = Timestamp.date(try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "no time")
            }
            return date
        }
        return try decoder.decode(TrailEntry.self, from: Data(content.utf8))
    }
}

/// The last row's number and hash. Whoever keeps them elsewhere can tell later whether all rows up to it are still the same.
package struct TrailHead: Hashable, Sendable, CustomStringConvertible {
    package let number: Int
    package let sha256: String

    /// What the first row follows.
    static let beginning = TrailHead(number: 0, sha256: String(repeating: "0", count: 64))

    init(number: Int, sha256: String) {
        self.number = number
        self.sha256 = sha256
    }

    /// `NUMBER:SHA256`, as `description` writes it; nil for any other text.
    package init?(_ text: String) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let number = Int(parts[0]), number >= 0,
            parts[1].wholeMatch(of: /[0-9a-f]{64}/) != nil
        else { return nil }
        self.init(number: number, sha256: String(parts[1]))
    }

    package var description: String { "\(number):\(sha256)" }

    /// The head after a row of this content: its hash is the SHA-256 of the hash before, the number and the content, a line each.
    func next(_ content: String) throws -> TrailHead {
        TrailHead(
            number: number + 1, sha256: try SHA256.text(of: Array("\(sha256)\n\(number + 1)\n\(content)".utf8)))
    }
}
