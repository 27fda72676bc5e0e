// What the server has done so far, for metrics.
import Synchronization

/// Figures since the server's start, except `openConnections`, which is now. Each is exact; together they are not one
/// instant.
package struct HTTPServerCounters: Sendable, Equatable {
    package var openConnections = 0
    package var acceptedConnections = 0
    /// Connections that got 503 because too many were open, or for want of descriptors or threads.
    package var rejectedConnections = 0
    /// Requests answered, protocol errors included.
    package var requests = 0
    /// The same by the first digit of the status: index 0 is 1xx, index 4 is 5xx.
    package var requestsByStatusClass = [0, 0, 0, 0, 0]
    package var bytesReceived = 0
    package var bytesSent = 0
}

/// The counters as the threads of the server write them.
final class CounterBank: Sendable {
    let open = Atomic<Int>(0)
    private let accepted = Atomic<Int>(0)
    private let rejected = Atomic<Int>(0)
    private let received = Atomic<Int>(0)
    private let sent = Atomic<Int>(0)
    private let informational = Atomic<Int>(0)
    private let successful = Atomic<Int>(0)
    private let redirected = Atomic<Int>(0)
    private let clientErrors = Atomic<Int>(0)
    private let serverErrors = Atomic<Int>(0)

    func noteAccepted() { accepted.add(1, ordering: .relaxed) }
    func noteRejected() { rejected.add(1, ordering: .relaxed) }
    func noteReceived(_ count: Int) { received.add(count, ordering: .relaxed) }
    func noteSent(_ count: Int) { sent.add(count, ordering: .relaxed) }

    func noteAnswered(_ status: Int) {
        switch status {
        case ..<200: informational.add(1, ordering: .relaxed)
        case ..<300: successful.add(1, ordering: .relaxed)
        case ..<400: redirected.add(1, ordering: .relaxed)
        case ..<500: clientErrors.add(1, ordering: .relaxed)
        default: serverErrors.add(1, ordering: .relaxed)
        }
    }

    var snapshot: HTTPServerCounters {
        var counters = HTTPServerCounters()
        counters.openConnections = open.load(ordering: .relaxed)
        counters.acceptedConnections = accepted.load(ordering: .relaxed)
        counters.rejectedConnections = rejected.load(ordering: .relaxed)
        counters.requestsByStatusClass = [
            informational.load(ordering: .relaxed), successful.load(ordering: .relaxed),
            redirected.load(ordering: .relaxed), clientErrors.load(ordering: .relaxed),
            serverErrors.load(ordering: .relaxed),
        ]
        counters.requests = counters.requestsByStatusClass.reduce(0, +)
        counters.bytesReceived = received.load(ordering: .relaxed)
        counters.bytesSent = sent.load(ordering: .relaxed)
        return counters
    }
}
