// What was read from the store and cannot have changed since.
import Foundation

/// Values made from what is stored, kept while nothing is written. Polls ask for the same few again and again.
///
/// Writes of this process are seen at once by the store's version. Commands write beside the server: a value is never older than half a second, or a second where it is answered again (`AnsweredPoll`).
final class FreshShelf<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Kept {
        let value: Value
        let version: Int
        let since: ContinuousClock.Instant
    }

    private let kept = Contended<[Key: Kept]>([:])
    /// Held while a value is made, so that many who ask at once make it once.
    private let making = NSLock()

    // Our choice, both: as long as keys are held, and as many jobs as a busy day's dashboards follow.
    private static var freshness: Duration { .milliseconds(500) }
    private static var capacity: Int { 4096 }

    /// The value as it was made before, if that still holds, else made anew.
    /// - Parameter version: of the store, read before `make` looks at it.
    func value(_ key: Key, version: Int, make: () throws -> Value) rethrows -> Value {
        if let known = known(key, version: version) { return known }
        return try making.withLock {
            if let known = known(key, version: version) { return known }
            let now = ContinuousClock.now
            let value = try make()
            kept.withLock { kept in
                if kept.count >= Self.capacity { kept.removeAll() }
                kept[key] = Kept(value: value, version: version, since: now)
            }
            return value
        }
    }

    private func known(_ key: Key, version: Int) -> Value? {
        guard let known = kept.withLock({ $0[key] }), known.version == version else { return nil }
        return ContinuousClock.now - known.since < Self.freshness ? known.value : nil
    }
}
