// A poll that its client sends again, answered as the time before while nothing can have changed.
import HTTP
import Logging
import Store

/// What was answered to a request for a state; kept with the head of that request, on its connection.
///
/// The same head on the same connection is let in and answered alike as long as nothing is written: keys, owners and states are looked at anew only
/// after a write or half a second. What a request counts for is counted each time: the limits of its key, the access trail, the metrics.
final class AnsweredPoll: Sendable {
    let response: HTTPResponse
    let key: ServiceKey?
    let route: RouteName
    let reads: RepeatedReads.Window
    private let version: Int
    private let since: ContinuousClock.Instant

    private static let freshness = Duration.milliseconds(500)  // our choice

    /// - Parameters:
    ///   - reads: where the trail counts the polls that follow.
    ///   - version: of the store, read before the request was let in.
    ///   - since: when the request was let in.
    init(
        response: HTTPResponse, key: ServiceKey?, route: RouteName, reads: RepeatedReads.Window, version: Int,
        since: ContinuousClock.Instant
    ) {
        self.response = response
        self.key = key
        self.route = route
        self.reads = reads
        self.version = version
        self.since = since
    }

    func holds(version: Int, at now: ContinuousClock.Instant) -> Bool {
        version == self.version && now - since < Self.freshness
    }
}

extension Service {
    /// The answer to a poll that was answered before; nil for any other request, and where it must be looked at anew.
    func answerAgain(_ request: HTTPRequest) -> HTTPResponse? {
        // At the level of traces every poll is logged.
        guard let poll = request.memory?.value as? AnsweredPoll, logger.logLevel > .trace else { return nil }
        let start = ContinuousClock.now
        // A window that has closed is seen before the key is charged: the request is then looked at anew, and charged there.
        guard poll.holds(version: store.version, at: start), poll.reads.isOpen, isWithinLimits(poll.key),
            poll.reads.counts()
        else { return nil }
        var response = poll.response
        response.headers["X-Request-Id"] = requestID(of: request)
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        metrics.observe(poll.route, status: response.status, seconds: elapsed)
        return response
    }

    /// Counts the request among its key's.
    private func isWithinLimits(_ key: ServiceKey?) -> Bool {
        guard let key else { return true }
        do {
            _ = try limits.enter(key)
            return true
        } catch {
            return false
        }
    }
}
