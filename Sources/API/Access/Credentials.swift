// What a request brings to prove whom it comes from (RFC 9110 §11.6.2).
import Foundation
import HTTP
import Store

/// The secret of an `Authorization` field.
struct Credentials {
    /// The name that came with it, as `Basic` has one (RFC 7617): the key's.
    let name: String?
    let secret: ServiceSecret

    /// Nil where the field is of another scheme or has not the form of its own.
    init?(authorization: String) {
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let value = parts[1].trimmingCharacters(in: .whitespaces)
        switch parts[0].lowercased() {
        case "bearer":
            name = nil
            guard let secret = ServiceSecret(value) else { return nil }
            self.secret = secret
        case "basic":
            guard let data = Data(base64Encoded: value), let text = String(data: data, encoding: .utf8),
                let colon = text.firstIndex(of: ":"),
                let secret = ServiceSecret(String(text[text.index(after: colon)...]))
            else { return nil }
            name = String(text[..<colon])
            self.secret = secret
        default: return nil
        }
    }
}

/// Why a request is not let in.
package enum CredentialsRefusal: Hashable, Sendable {
    case absent
    /// Another scheme, or not a secret of this service.
    case malformed
    /// No such secret, or not the named key's.
    case unknown
    case expired
    case revoked
}

extension CredentialsRefusal {
    var detail: String {
        switch self {
        case .absent: "The request says not whom it comes from: it has no Authorization field."
        case .malformed: "The Authorization field holds no API key, or stands more than once."
        case .unknown: "There is no such API key."
        case .expired: "The API key, or this secret of it, has expired."
        case .revoked: "The API key was revoked."
        }
    }

    var fix: String {
        switch self {
        case .absent, .malformed:
            "Send Authorization: Bearer SECRET, or Basic with the key's name as user and the secret as password."
        case .unknown: "Check the secret, and with Basic the key's name; 'osteon keys add' makes a key."
        case .expired, .revoked: "Ask for a new key, or for the newest secret of this one."
        }
    }
}
