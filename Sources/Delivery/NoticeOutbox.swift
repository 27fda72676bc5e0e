// Notices on their way to one webhook.
import Foundation
import Logging
import Store

/// Tells one address of what has ended, one after the other: an address that does not answer holds up no other.
package struct NoticeOutbox: Outbox {
    private let notices: NoticeStore
    private let webhook: Webhook
    private let backoff: DeliveryBackoff
    private let logger: Logger

    package init(
        _ notices: NoticeStore, to webhook: Webhook, backoff: DeliveryBackoff = DeliveryBackoff(), logger: Logger
    ) {
        self.notices = notices
        self.webhook = webhook
        self.backoff = backoff
        self.logger = logger
    }

    package var version: Int { notices.version }
    package func wait(since version: Int, seconds: Double) { notices.wait(since: version, seconds: seconds) }
    package func wakeWaiters() { notices.wakeWaiters() }
    package func secondsToNext() throws -> Double? { try notices.secondsToNext(at: webhook.url) }

    package func sendNext() throws -> Bool {
        guard let notice = try notices.nextDue(at: webhook.url) else { return false }
        var metadata: Logger.Metadata = ["event": "\(notice.event)", "attempt": "\(notice.attempts + 1)"]
        do {
            try webhook.send(notice, at: Date())
            try notices.confirm(notice)
            logger.info("webhook told", metadata: metadata)
        } catch let fault as DeliveryError {
            try notices.fail(
                notice, fault, retryAfter: backoff.seconds(attempts: notice.attempts, age: notices.age(of: notice)))
            metadata["detail"] = "\(fault.detail)"
            logger.warning("webhook not told", metadata: metadata)
        }
        return true
    }
}
