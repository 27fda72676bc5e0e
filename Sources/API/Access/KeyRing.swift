// Every key in memory, so that letting a request in costs no look at the database.
import Domain
import Foundation
import HTTP
import Store

/// Tells callers by their credentials. Looks at the keys again after a second: that is how long a revoked one may still be let in.
final class KeyRing: Sendable {
    private struct Held {
        let keys: KeySnapshot
        let since: ContinuousClock.Instant
    }

    private let store: KeyStore
    private let held = Contended<Held?>(nil)

    private static let freshness = Duration.seconds(1)  // our choice

    init(_ store: KeyStore) { self.store = store }

    /// Who sends a request. While nobody has ever made a key, anybody.
    /// - Throws: `not-authenticated`, and what the store throws.
    func caller(of request: HTTPRequest) throws -> Caller {
        let keys = try current()
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

    private func current() throws -> KeySnapshot {
        let now = ContinuousClock.now
        if let held = held.withLock({ $0 }), now - held.since < Self.freshness { return held.keys }
        let keys = try store.snapshot()
        held.withLock { $0 = Held(keys: keys, since: now) }
        return keys
    }
}
