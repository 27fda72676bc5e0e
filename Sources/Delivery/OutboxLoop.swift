// The outbox's postman: sends what is due, again and again until the PACS keeps it.
import Dispatch
import Domain
import HTTP
import Logging
import Store
import Synchronization

/// Sends one delivery at a time on a thread of its own. Everything it knows is in the store: a restart loses nothing, and what was
/// acknowledged is never sent again. Where the process ends between acknowledgement and its note, the same objects with the
/// same UIDs are sent once more, which a PACS takes as one.
package final class DeliveryLoop: Sendable {
    private let deliveries: DeliveryStore
    private let destination: DeliveryDestination
    private let backoff: DeliveryBackoff
    private let logger: Logger
    private let loop = DispatchGroup()
    private let isStopping = Atomic<Bool>(false)

    /// How long the loop sleeps at most; new deliveries wake it before.
    private static let longestSleepSeconds = 60.0

    package init(
        _ deliveries: DeliveryStore, to destination: DeliveryDestination, backoff: DeliveryBackoff = DeliveryBackoff(),
        logger: Logger
    ) {
        self.deliveries = deliveries
        self.destination = destination
        self.backoff = backoff
        self.logger = logger
    }

    /// Starts sending; returns at once. Call once.
    package func start() {
        DispatchQueue(label: "osteon.deliveries", qos: .utility).async(group: loop) { [self] in
            while !isStopping.load(ordering: .relaxed) { turn() }
        }
    }

    /// Ends the loop. An attempt that is under way may go on for `seconds`; one that is left behind is made again at the next start.
    package func stop(seconds: Double) {
        isStopping.store(true, ordering: .relaxed)
        deliveries.wakeWaiters()
        _ = loop.wait(timeout: .now() + seconds)
    }

    private func turn() {
        // Read before all else: what happens from here on raises it, so that the wait below misses nothing.
        let version = deliveries.version
        if isStopping.load(ordering: .relaxed) { return }
        do {
            if let due = try deliveries.nextDue() {
                try attempt(due)
            } else {
                let seconds = try deliveries.secondsToNext() ?? Self.longestSleepSeconds
                deliveries.wait(since: version, seconds: min(max(seconds, 0.001), Self.longestSleepSeconds))
            }
        } catch {
            logger.error("the outbox cannot be read or written", metadata: ["error": "\(error)"])
            deliveries.wait(since: version, seconds: backoff.seconds(afterAttempt: 5))
        }
    }

    private func attempt(_ due: DueDelivery) throws {
        let delivery = due.delivery
        let place = destination.address.description
        var metadata: Logger.Metadata = [
            "delivery": "\(delivery.id)", "job": "\(delivery.jobID)", "attempt": "\(delivery.attempts + 1)",
        ]
        do {
            try StowRequest(destination: destination, files: due.files).send()
            try deliveries.confirm(delivery, at: place)
            logger.info("results delivered", metadata: metadata)
        } catch let fault as DeliveryError {
            let isHopeless = deliveries.age(of: delivery) > backoff.giveUpSeconds
            try deliveries.fail(
                delivery, at: place, fault,
                retryAfter: isHopeless ? nil : backoff.seconds(afterAttempt: delivery.attempts + 1))
            metadata["detail"] = "\(fault.detail)"
            logger.warning("results not delivered", metadata: metadata)
        }
    }
}

/// When a delivery that failed is tried again.
package struct DeliveryBackoff: Sendable {
    /// After the first failure; twice as long after each further one, up to `longestSeconds`. All our choice.
    package var firstSeconds = 1.0
    package var longestSeconds = DeliveryStore.longestWaitSeconds
    /// A delivery that has waited longer is given up at its next failure.
    package var giveUpSeconds = 7 * 86_400.0

    package init() {}

    func seconds(afterAttempt attempt: Int) -> Double {
        let doublings = min(max(attempt - 1, 0), 30)
        return min(longestSeconds, firstSeconds * Double(1 << doublings))
    }
}
