// How many requests a key, or a stranger, may send.
import Domain
import Store

/// Fills with time, empties with use.
private struct TokenBucket {
    private var tokens: Double
    private var since: ContinuousClock.Instant

    init(full capacity: Double, at now: ContinuousClock.Instant) { (tokens, since) = (capacity, now) }

    /// - Returns: false where it is empty.
    mutating func take(perSecond rate: Double, capacity: Double, at now: ContinuousClock.Instant) -> Bool {
        tokens = min(capacity, tokens + rate * ((now - since) / .seconds(1)))
        since = now
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}

/// Counts requests of each key, and of each address that sends no key that is known.
final class RequestLimits: Sendable {
    private struct Meter {
        var bucket: TokenBucket
        var atOnce = 0
    }

    private struct Meters {
        var keys: [String: Meter] = [:]
        var strangers: [String: TokenBucket] = [:]
    }

    /// A request that is being answered; it ends with its last reference.
    final class Slot: Sendable {
        private let limits: RequestLimits
        private let key: String

        fileprivate init(_ limits: RequestLimits, _ key: String) { (self.limits, self.key) = (limits, key) }

        deinit { limits.leave(key) }
    }

    private let meters = Contended(Meters())
    private let clock: @Sendable () -> ContinuousClock.Instant

    // Our choice: somebody who tries a few wrong secrets is told so, whoever tries thousands is held up, and the trail is not filled.
    private static let strangersPerSecond = 10.0
    private static let strangersAtFirst = 100.0
    private static let strangersKnown = 10_000

    init(clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) { self.clock = clock }

    /// Counts a request of a key in, until its slot is let go. A key that was silent may send one second's requests at once.
    /// - Throws: `too-many-requests`.
    func enter(_ key: ServiceKey) throws -> Slot? {
        guard key.requestsPerSecond > 0 || key.requestsAtOnce > 0 else { return nil }
        let (rate, now) = (Double(key.requestsPerSecond), clock())
        try meters.withLock { meters in
            var meter = meters.keys[key.name] ?? Meter(bucket: TokenBucket(full: rate, at: now))
            defer { meters.keys[key.name] = meter }
            if key.requestsAtOnce > 0, meter.atOnce >= key.requestsAtOnce {
                throw APIFault.tooManyRequests(.atOnce(key.requestsAtOnce))
            }
            if rate > 0, !meter.bucket.take(perSecond: rate, capacity: rate, at: now) {
                throw APIFault.tooManyRequests(.perSecond(key.requestsPerSecond))
            }
            meter.atOnce += 1
        }
        return Slot(self, key.name)
    }

    private func leave(_ key: String) { meters.withLock { $0.keys[key]?.atOnce -= 1 } }

    /// Counts a request that was not let in. - Returns: whether its address may be told why, and the trail.
    func admitsStranger(from address: String) -> Bool {
        let now = clock()
        return meters.withLock { meters in
            if meters.strangers.count >= Self.strangersKnown { meters.strangers.removeAll() }
            return meters.strangers[address, default: TokenBucket(full: Self.strangersAtFirst, at: now)]
                .take(perSecond: Self.strangersPerSecond, capacity: Self.strangersAtFirst, at: now)
        }
    }
}

/// Which limit was reached.
package enum RequestLimit: Hashable, Sendable {
    case perSecond(Int)
    case atOnce(Int)
    /// An address that sends no key that is known.
    case stranger

    var detail: String {
        switch self {
        case .perSecond(let limit): "The key sends more than \(limit) requests a second."
        case .atOnce(let limit): "\(limit) requests of the key are being answered, as many as may."
        case .stranger: "Too many requests without a known key came from this address."
        }
    }
}
