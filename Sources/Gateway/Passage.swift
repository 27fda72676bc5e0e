// The way of one object from a file to the service.
import CDIMSE
import Delivery
import Foundation
import Logging

/// Called by the server's threads, several at once.
final class Passage: Sendable {
    private let destinations: [String: DeliveryDestination]
    private let retrySeconds: Double
    private let logger: Logger

    // Between two attempts; our choice.
    private static let firstWaitSeconds = 0.05
    private static let longestWaitSeconds = 1.0

    init(_ settings: GatewaySettings, _ logger: Logger) {
        destinations = settings.destinations
        retrySeconds = settings.retrySeconds
        self.logger = logger
    }

    static func of(_ context: UnsafeMutableRawPointer?) -> Passage? {
        context.map { Unmanaged<Passage>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Sends an object on. The sender waits meanwhile, so that it comes no faster than the service takes.
    func pass(_ file: URL, from peer: Peer) -> DIMSEStatus {
        guard let destination = destinations[peer.calledTitle] else { return .notAuthorised }
        let end = ContinuousClock.now + .seconds(retrySeconds)
        var wait = Self.firstWaitSeconds
        while true {
            do {
                try StowRequest(destination: destination, files: [file]).send()
                return .success
            } catch {
                guard DIMSEStatus.mayPass(error), ContinuousClock.now + .seconds(wait) < end else {
                    return refused(error, peer)
                }
                Thread.sleep(forTimeInterval: wait)
                wait = min(2 * wait, Self.longestWaitSeconds)
            }
        }
    }

    private func refused(_ error: DeliveryError, _ peer: Peer) -> DIMSEStatus {
        let status = DIMSEStatus(error)
        var metadata = peer.metadata
        metadata["status"] = "\(String(status.rawValue, radix: 16, uppercase: true))H"
        metadata["detail"] = "\(error.detail)"
        logger.warning("an object is not taken", metadata: metadata)
        return status
    }

    func note(_ event: cdimse_event, _ detail: String, of peer: Peer) {
        var metadata = peer.metadata
        if !detail.isEmpty { metadata["detail"] = "\(detail.split(whereSeparator: \.isNewline).first ?? "")" }
        switch event {
        case CDIMSE_ACCEPTED: logger.debug("association", metadata: metadata)
        case CDIMSE_RELEASED: logger.info("association released", metadata: metadata)
        case CDIMSE_REFUSED: logger.warning("association refused", metadata: metadata)
        default: logger.warning("association ended", metadata: metadata)
        }
    }
}
