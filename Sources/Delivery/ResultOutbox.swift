// DICOM results on their way to the PACS.
import HTTP
import Logging
import Store

/// Sends the results of one job after the other by STOW-RS. A PACS takes the same objects with the same UIDs as one.
package struct ResultOutbox: Outbox {
    private let deliveries: DeliveryStore
    private let destination: DeliveryDestination
    private let backoff: DeliveryBackoff
    private let logger: Logger

    package init(
        _ deliveries: DeliveryStore, to destination: DeliveryDestination, backoff: DeliveryBackoff = DeliveryBackoff(),
        logger: Logger
    ) {
        self.deliveries = deliveries
        self.destination = destination
        self.backoff = backoff
        self.logger = logger
    }

    package var version: Int { deliveries.version }
    package func wait(since version: Int, seconds: Double) { deliveries.wait(since: version, seconds: seconds) }
    package func wakeWaiters() { deliveries.wakeWaiters() }
    package func secondsToNext() throws -> Double? { try deliveries.secondsToNext() }

    package func sendNext() throws -> Bool {
        guard let due = try deliveries.nextDue() else { return false }
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
            try deliveries.fail(
                delivery, at: place, fault,
                retryAfter: backoff.seconds(attempts: delivery.attempts, age: deliveries.age(of: delivery)))
            metadata["detail"] = "\(fault.detail)"
            logger.warning("results not delivered", metadata: metadata)
        }
        return true
    }
}
