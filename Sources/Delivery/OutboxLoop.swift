// A postman: sends what is due, again and again until it is taken.
import Dispatch
import Logging
import Store
import Synchronization

/// What waits in the store to be sent, and how it is sent.
package protocol Outbox: Sendable {
    /// Raised when there may be something to send.
    var version: Int { get }
    /// Sleeps until the version differs, at most `seconds`.
    func wait(since version: Int, seconds: Double)
    /// Ends every `wait`.
    func wakeWaiters()
    /// Seconds until the next attempt, 0 where one is due; nil when nothing waits.
    func secondsToNext() throws -> Double?
    /// Makes one attempt at what has been due the longest, and notes what came of it.
    /// - Returns: false where nothing is due.
    func sendNext() throws -> Bool
}

/// Empties an outbox, one thing at a time, on a thread of its own. Everything it knows is in the store: a restart loses nothing, and
/// what was acknowledged is never sent again. Where the process ends between acknowledgement and its note, the same is sent once more.
package final class OutboxLoop: Sendable {
    private let outbox: any Outbox
    private let logger: Logger
    private let loop = DispatchGroup()
    private let isStopping = Atomic<Bool>(false)

    /// How long the loop sleeps at most; what comes meanwhile wakes it before.
    private static let longestSleepSeconds = 60.0
    /// After a failure of the store (our choice).
    private static let faultSleepSeconds = 15.0

    package init(_ outbox: any Outbox, logger: Logger) {
        self.outbox = outbox
        self.logger = logger
    }

    /// Starts sending; returns at once. Call once.
    package func start() {
        DispatchQueue(label: "osteon.outbox", qos: .utility).async(group: loop) { [self] in
            while !isStopping.load(ordering: .relaxed) { turn() }
        }
    }

    /// Ends the loop. An attempt that is under way may go on for `seconds`; one that is left behind is made again at the next start.
    package func stop(seconds: Double) {
        isStopping.store(true, ordering: .relaxed)
        outbox.wakeWaiters()
        _ = loop.wait(timeout: .now() + seconds)
    }

    private func turn() {
        // Read before all else: what happens from here on raises it, so that the wait below misses nothing.
        let version = outbox.version
        if isStopping.load(ordering: .relaxed) { return }
        do {
            if try outbox.sendNext() { return }
            let seconds = try outbox.secondsToNext() ?? Self.longestSleepSeconds
            outbox.wait(since: version, seconds: min(max(seconds, 0.001), Self.longestSleepSeconds))
        } catch {
            logger.error("the outbox cannot be read or written", metadata: ["error": "\(error)"])
            outbox.wait(since: version, seconds: Self.faultSleepSeconds)
        }
    }
}

/// When what failed is tried again.
package struct DeliveryBackoff: Sendable {
    /// After the first failure; twice as long after each further one, up to `longestSeconds`. All our choice.
    package var firstSeconds = 1.0
    package var longestSeconds = DeliveryStore.longestWaitSeconds
    /// What has waited longer is given up at its next failure.
    package var giveUpSeconds = 7 * 86_400.0

    package init() {}

    func seconds(afterAttempt attempt: Int) -> Double {
        let doublings = min(max(attempt - 1, 0), 30)
        return min(longestSeconds, firstSeconds * Double(1 << doublings))
    }

    /// Until the next attempt; nil gives up.
    /// - Parameters:
    ///   - attempts: made before the one that failed now.
    ///   - age: seconds since it was to be sent.
    func seconds(attempts: Int, age: Double) -> Double? {
        age > giveUpSeconds ? nil : seconds(afterAttempt: attempts + 1)
    }
}
