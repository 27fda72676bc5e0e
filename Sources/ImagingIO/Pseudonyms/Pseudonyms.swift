// Names and UIDs that stand for others: the same under one key, and of no use to whoever lacks the key.
import CSystem
import Domain

/// Makes pseudonyms by HMAC-SHA256 (RFC 2104) under a secret key. Nothing is remembered.
///
/// A pseudonym carries a check under the key, so that it is told from what it may have to replace, and stands for itself.
package struct Pseudonyms: Sendable {
    /// What is replaced; the same text of another kind has another pseudonym.
    package enum Kind: String, Sendable {
        case uid, patient, accession, request, fingerprint
    }

    private let key: [UInt8]

    /// Characters that a key needs: 32 random hexadecimal digits are 128 bits (our choice).
    package static let shortestKey = 32

    /// - Parameter key: the secret; nil where it is too short.
    package init?(key: String) {
        guard key.utf8.count >= Self.shortestKey else { return nil }
        self.key = Array(key.utf8)
    }

    /// Tells two keys apart without telling either.
    package var fingerprint: String { hexadecimal(digest(.fingerprint, [])) }

    /// A UID under the root 2.25, the decimal of a UUID of version 8 (PS3.5 B.2, RFC 9562 5.8): 90 bits from the UID, 32 of check.
    package func uid(_ uid: String) -> String {
        if isOwn(uid: uid) { return uid }
        var bytes = Array(digest(.uid, Array(uid.utf8)).prefix(12))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        bytes += check(bytes, count: 4)
        return Self.root + String(bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) })
    }

    /// Whether a UID was made by `uid` under this key; by chance one foreign UID of the same root in 2^32 is taken for one.
    package func isOwn(uid: String) -> Bool {
        guard uid.hasPrefix(Self.root), let number = UInt128(uid.dropFirst(Self.root.count)) else { return false }
        let bytes = (0..<16).map { UInt8(truncatingIfNeeded: number >> UInt128(8 * (15 - $0))) }
        return Array(bytes[12...]) == check(Array(bytes[..<12]), count: 4)
    }

    /// Sixteen characters, as many as an Accession Number holds: P, eleven of the text and four of check, five bits each. An
    /// empty text stays empty.
    package func text(_ kind: Kind, _ text: String) -> String {
        if text.isEmpty || isOwn(text: text) { return text }
        let body = Self.letters(digest(kind, Array(text.utf8)), count: 11)
        return "P" + body + Self.letters(digest(.fingerprint, Array(body.utf8)), count: 4)
    }

    private func isOwn(text: String) -> Bool {
        guard text.utf8.count == 16, text.hasPrefix("P") else { return false }
        let body = String(text.dropFirst().prefix(11))
        return text.hasSuffix(Self.letters(digest(.fingerprint, Array(body.utf8)), count: 4))
    }

    private func check(_ bytes: [UInt8], count: Int) -> [UInt8] { Array(digest(.fingerprint, bytes).prefix(count)) }

    private func digest(_ kind: Kind, _ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let message = Array(kind.rawValue.utf8) + [0] + bytes
        // It fails for want of memory only. What stands for nobody is better than what is the same for everybody.
        guard csystem_hmac_sha256(key, key.count, message, message.count, &digest) == 1 else {
            return digest.map { _ in UInt8.random(in: 0...255) }
        }
        return digest
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func letters(_ bytes: [UInt8], count: Int) -> String {
        String(bytes.prefix(count).map { alphabet[Int($0 & 31)] })
    }

    private static let root = "2.25."
    /// RFC 4648 §6.
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
}
