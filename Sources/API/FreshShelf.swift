// What was read from the store and cannot have changed since.
import Foundation

/// Values made from what is stored, kept while nothing is written. Polls ask for the same few again and again.
///
/// Writes of this process are seen at once by the store's version. Commands write beside the server: a value is never older than a second.
final class FreshShelf<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Kept {
        let value: Value
        let version: Int
        let since: ContinuousClock.Instant
    }

    private let kept = Contended<[Key: Kept]>([:])

    // Our choice, both: as long as a revoked key may still be let in, and as many jobs as a busy day's dashboards follow.
    private static var freshness: Duration { .seconds(1) }
    private static var capacity: Int { 4096 }

    /// The value as it was made before, if that still holds, else made anew.
    /// - Parameter version: of the store, read before `make` looks at it.
    func value(_ key: Key, version: Int, make: () throws -> Value) rethrows -> Value {
        let now = ContinuousClock.now
        let known = kept.withLock { $0[key] }
        if let known, known.version == version, now - known.since < Self.freshness { return known.value }
        let value = try make()
        kept.withLock { kept in
            if kept.count >= Self.capacity { kept.removeAll() }
            kept[key] = Kept(value: value, version: version, since: now)
        }
        return value
    }
}
