// API keys as they are kept, and their secrets.
import CSystem
import Domain
import Foundation
import GRDB

/// What a key may do, how often, how long, and whose things it sees.
package struct ServiceKey: Codable, Hashable, Sendable {
    package let name: String
    /// Whom the things belong to that are made with it; it sees this owner's things alone, unless it is an admin's.
    package let owner: String
    package let scopes: [AccessScope]
    /// 0 is any number.
    package let requestsPerSecond: Int
    /// 0 is any number.
    package let requestsAtOnce: Int
    package let createdAt: Date
    package let expiresAt: Date?
    package let revokedAt: Date?

    package func may(_ scope: AccessScope) -> Bool { scopes.contains(scope) || scopes.contains(.admin) }

    package func isExpired(at now: Date) -> Bool { expiresAt.map { $0 <= now } ?? false }
}

extension ServiceKey: RowRecord {
    package static let databaseTableName = "service_key"
}

/// A key that is to be made.
package struct KeyDraft: Sendable {
    package var name: String
    package var owner: String
    package var scopes: [AccessScope]
    package var expiresAt: Date?
    package var requestsPerSecond: Int
    package var requestsAtOnce: Int

    package init(
        name: String, owner: String? = nil, scopes: [AccessScope], expiresAt: Date? = nil, requestsPerSecond: Int = 0,
        requestsAtOnce: Int = 0
    ) {
        self.name = name
        self.owner = owner ?? name
        self.scopes = scopes
        self.expiresAt = expiresAt
        self.requestsPerSecond = requestsPerSecond
        self.requestsAtOnce = requestsAtOnce
    }
}

/// What a client proves with that it is whom it says: `osteon_ID_SECRET`, 16 and 64 hexadecimal digits.
///
/// Only the SHA-256 of the text is kept. It is neither salted nor slowed down as a password's would have to be: nobody chose it, its
/// 256 bits come from the kernel's random source, and no table or search over 2^256 texts exists that could lead back.
package struct ServiceSecret: Hashable, Sendable {
    /// Names the secret in the database; says nothing of the rest.
    package let id: String
    /// Shown once, to the person who makes it.
    package let text: String

    private static let prefix = "osteon"

    /// A new one, from the kernel's random source.
    package init() {
        var random = SystemRandomNumberGenerator()
        let words = (0..<5).map { _ in Self.hexadecimal(random.next()) }
        id = words[0]
        text = "\(Self.prefix)_\(id)_\(words[1...].joined())"
    }

    /// One that a client sent; nil where it has not the form of one.
    package init?(_ text: String) {
        guard text.utf8.count == Self.prefix.utf8.count + 82 else { return nil }
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == Self.prefix, parts[1].utf8.count == 16 else { return nil }
        id = String(parts[1])
        self.text = text
    }

    /// 64 lower-case hexadecimal digits.
    package func digest() throws -> String { try SHA256.text(of: Array(text.utf8)) }

    private static func hexadecimal(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// What is kept of a secret.
package struct StoredSecret: Codable, Hashable, Sendable {
    package let id: String
    package let keyName: String
    package let sha256: String
    package let createdAt: Date
    /// When it ends because another has taken its place; nil while none has.
    package let validUntil: Date?

    /// Whether this is what is kept of a secret; takes the same time whatever the answer is.
    package func fits(_ secret: ServiceSecret) throws -> Bool {
        let (kept, sent) = (Array(sha256.utf8), Array(try secret.digest().utf8))
        return kept.count == sent.count && csystem_equal(kept, sent, sent.count) == 1
    }
}

extension StoredSecret: RowRecord {
    package static let databaseTableName = "service_secret"
}
