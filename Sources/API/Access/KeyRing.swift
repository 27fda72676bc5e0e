// Every key in memory, so that letting a request in costs no look at the database.
import Domain
import Foundation
import HTTP
import Store

/// Tells callers by their credentials. Looks at the keys again after half a second; with what is answered again for another half (`AnsweredPoll`), a revoked one may still be let in for a second.
final class KeyRing: Sendable {
    private let store: KeyStore
    private let held = FreshShelf<Int, KeySnapshot>()

    init(_ store: KeyStore) { self.store = store }

    /// Who sends a request. While nobody has ever made a key, anybody.
    /// - Throws: `not-authenticated`, and what the store throws.
    func caller(of request: HTTPRequest) throws -> Caller {
        // The commands that make and revoke keys write beside the server: no version tells of them.
        let keys = try held.value(0, version: 0) { try store.snapshot() }
        guard !keys.isEmpty else { return .anybody }
        let fields = request.headers.all("Authorization")
        guard let field = fields.first else { throw APIFault.notAuthenticated(.absent) }
        guard fields.count == 1, let credentials = Credentials(authorization: field) else {
            throw APIFault.notAuthenticated(.malformed)
        }
        return Caller(key: try key(of: credentials, keys))
    }

    private func key(of credentials: Credentials, _ keys: KeySnapshot) throws -> ServiceKey {
        guard let kept = keys.secrets[credentials.secret.id], let key = keys.keys[kept.keyName],
            try kept.fits(credentials.secret), credentials.name == nil || credentials.name == key.name
        else { throw APIFault.notAuthenticated(.unknown) }
        guard key.revokedAt == nil else { throw APIFault.notAuthenticated(.revoked) }
        let now = store.now
        guard !key.isExpired(at: now), kept.validUntil.map({ $0 > now }) ?? true else {
            throw APIFault.notAuthenticated(.expired)
        }
        return key
    }
}
