// Deletes what has been kept for long enough, once an hour.
import Dispatch
import Foundation
import Logging
import Store

/// Sweeps on a thread of its own: when it starts, and every hour.
package final class RetentionWatch: @unchecked Sendable {
    // Unchecked: what changes is only touched while `condition` is held, `clock` by the loop alone.
    private let condition = NSCondition()
    private var isStopping = false
    private let retention: RetentionStore
    private let policy: RetentionPolicy
    private let logger: Logger
    private let loop = DispatchGroup()
    private var clock: LeapGuard

    /// Our choice.
    private static let secondsBetween = 3600.0

    package init(_ retention: RetentionStore, policy: RetentionPolicy, logger: Logger) {
        self.retention = retention
        self.policy = policy
        self.logger = logger
        clock = LeapGuard(wall: Date(), steady: Self.steadySeconds)
    }

    /// Starts sweeping; returns at once. Call once.
    package func start() {
        DispatchQueue(label: "osteon.retention", qos: .utility).async(group: loop) { [self] in
            repeat { turn() } while rest()
        }
    }

    /// Returns when the thing at hand is deleted.
    package func stop() {
        condition.lock()
        isStopping = true
        condition.broadcast()
        condition.unlock()
        loop.wait()
    }

    private func turn() {
        guard clock.mayTrust(wall: Date(), steady: Self.steadySeconds) else {
            logger.error(
                "the clock has leapt while the service ran: nothing is deleted by age until it is started again")
            return
        }
        do {
            let counts = try retention.sweep(policy) { self.hasToStop }
            guard !counts.isEmpty else { return }
            var metadata: Logger.Metadata = [:]
            for (kind, count) in counts { metadata[kind.rawValue] = "\(count)" }
            logger.notice("deleted by age", metadata: metadata)
        } catch {
            logger.error("deleting by age has to wait", metadata: ["error": "\(error)"])
        }
    }

    private var hasToStop: Bool {
        condition.lock()
        defer { condition.unlock() }
        return isStopping
    }

    /// - Returns: false when there is to be no further turn.
    private func rest() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        let end = Date(timeIntervalSinceNow: Self.secondsBetween)
        while !isStopping, condition.wait(until: end) {}
        return !isStopping
    }

    /// Seconds that go on whatever the clock is set to.
    private static var steadySeconds: Double {
        Double(DispatchTime.now().uptimeNanoseconds) / 1e9
    }
}

/// Tells when the clock was set while the process ran: what seems old then may have come a minute ago.
package struct LeapGuard {
    private let wall: Date
    private let steady: Double
    private var hasLeapt = false

    /// What clocks may differ by; summer time is none, for times are UTC (our choice).
    private static let toleranceSeconds = 600.0

    package init(wall: Date, steady: Double) {
        self.wall = wall
        self.steady = steady
    }

    /// False from the first leap on, forwards or back, for good.
    package mutating func mayTrust(wall now: Date, steady seconds: Double) -> Bool {
        let difference = now.timeIntervalSince(wall) - (seconds - steady)
        if abs(difference) > Self.toleranceSeconds { hasLeapt = true }
        return !hasLeapt
    }
}
