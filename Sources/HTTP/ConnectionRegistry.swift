// Which connections are open, so that stopping the server can reach them.
import Dispatch
import Glibc
import Synchronization

/// One open connection as other threads may touch it.
final class ConnectionHandle: Sendable {
    let socket: Socket
    private let registry: ConnectionRegistry
    /// Whether nothing is lost when reading ends now: it waits for a request, or it sends a stream that listens for the
    /// drain.
    private let isInterruptible = Atomic<Bool>(false)
    /// Since when it waits for a request's head to be whole, as the bits of seconds on the monotonic clock; 0 while a request is served.
    private let waitingSince = Atomic<UInt64>(Monotonic.now().bitPattern)

    fileprivate init(socket: Socket, registry: ConnectionRegistry) {
        self.socket = socket
        self.registry = registry
    }

    var isDraining: Bool { registry.isDraining }

    /// Runs a wait that the drain may end early. Its order against `interrupt` makes sure that one of both sides sees
    /// the other.
    func interruptible<Result, Failure: Error>(_ wait: () throws(Failure) -> Result) throws(Failure) -> Result {
        isInterruptible.store(true, ordering: .sequentiallyConsistent)
        defer { isInterruptible.store(false, ordering: .sequentiallyConsistent) }
        if isDraining { interrupt() }
        return try wait()
    }

    /// From now on, as from its opening, it may have to make room for others, until `headIsWhole`.
    func awaitsHead() { waitingSince.store(Monotonic.now().bitPattern, ordering: .relaxed) }

    func headIsWhole() { waitingSince.store(0, ordering: .relaxed) }

    /// For how long it has been waiting for a head; nil while it serves a request.
    fileprivate func waitingSeconds(at now: Double) -> Double? {
        let start = waitingSince.load(ordering: .relaxed)
        return start == 0 ? nil : now - Double(bitPattern: start)
    }

    /// Ends the reading half where that loses nothing.
    fileprivate func interrupt() {
        if isInterruptible.load(ordering: .sequentiallyConsistent) { shutdown(socket.descriptor, Int32(SHUT_RD)) }
    }
}

final class ConnectionRegistry: Sendable {
    private let open = Mutex<[Int32: ConnectionHandle]>([:])
    private let draining = Atomic<Bool>(false)
    private let threads = DispatchGroup()
    private let counters: CounterBank

    init(counters: CounterBank) {
        self.counters = counters
    }

    var isDraining: Bool { draining.load(ordering: .sequentiallyConsistent) }

    var count: Int { counters.open.load(ordering: .relaxed) }

    func add(_ socket: Socket) -> ConnectionHandle {
        let handle = ConnectionHandle(socket: socket, registry: self)
        threads.enter()
        open.withLock { $0[socket.descriptor] = handle }
        counters.open.add(1, ordering: .relaxed)
        return handle
    }

    /// Closes the socket. Under the lock, so that nobody shuts down another connection that got the same number.
    func close(_ handle: ConnectionHandle) {
        open.withLock { open in
            open[handle.socket.descriptor] = nil
            _ = Glibc.close(handle.socket.descriptor)
        }
        counters.open.subtract(1, ordering: .relaxed)
        threads.leave()
    }

    /// Cuts the connection that has been waiting for a request's head the longest, so that another can be served.
    /// - Returns: false where none has been waiting for as long as `seconds`.
    func makeRoom(after seconds: Double) -> Bool {
        open.withLock { open in
            let now = Monotonic.now()
            let waiting = open.values.compactMap { handle in
                handle.waitingSeconds(at: now).map { (handle: handle, seconds: $0) }
            }
            guard let longest = waiting.max(by: { $0.seconds < $1.seconds }), longest.seconds >= seconds else {
                return false
            }
            // Once is enough: its thread may take a moment to end.
            longest.handle.headIsWhole()
            shutdown(longest.handle.socket.descriptor, Int32(SHUT_RDWR))
            return true
        }
    }

    /// From now on no connection waits for another request.
    func startDraining() { draining.store(true, ordering: .sequentiallyConsistent) }

    /// After `startDraining`, when no connection is added any more: closes waiting connections at once, waits for the
    /// others, and cuts those that are left.
    /// - Returns: how many had to be cut.
    func drain(seconds: Double) -> Int {
        open.withLock { open in
            for handle in open.values { handle.interrupt() }
        }
        guard threads.wait(timeout: .now() + seconds) == .timedOut else { return 0 }
        let cut = open.withLock { open in
            for handle in open.values { shutdown(handle.socket.descriptor, Int32(SHUT_RDWR)) }
            return open.count
        }
        // A responder that computes cannot be ended from here: give those that write or read a moment to notice.
        _ = threads.wait(timeout: .now() + 1)
        return cut
    }
}
