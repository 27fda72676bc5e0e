// The server: takes connections, gives each a thread, and ends them in good order.
import Dispatch
import Glibc
import Logging
import Synchronization

/// An HTTP/1.1 server on blocking sockets, one thread per connection. It follows RFC 9110 and 9112 strictly: what is
/// ambiguous is refused.
package final class HTTPServer: Sendable {
    private let context: ConnectionContext
    private let registry: ConnectionRegistry
    private let logger: Logger
    private let listener = Mutex<Listener?>(nil)
    private let acceptor = DispatchGroup()
    /// Connections that are being answered with 503: open, but not counted against `maximumConnections`.
    private let turnedAway = Atomic<Int>(0)

    /// Connections beyond `maximumConnections` that are answered with 503; those beyond these are closed without a
    /// word.
    private static let turnedAwayAtOnce = 32  // our choice

    private static let exhaustionWaitSeconds = 0.05  // our choice: how soon freed descriptors are noticed

    /// - Parameter problem: makes the answer to a request that no responder sees: its status (400, 408, 413, 414, 416,
    ///   417, 431, 500, 501, 503, 505) and a sentence on what was wrong.
    package init(
        configuration: HTTPServerConfiguration, responder: any HTTPResponder, logger: Logger,
        problem: @escaping @Sendable (_ status: Int, _ detail: String) -> HTTPResponse
    ) {
        let counters = CounterBank()
        context = ConnectionContext(
            configuration: configuration, responder: responder, problem: problem, counters: counters)
        registry = ConnectionRegistry(counters: counters)
        self.logger = logger
    }

    /// Listens and serves from now on. To be called once. The process ignores SIGPIPE from then on.
    /// - Returns: the port it listens on.
    /// - Throws: `HTTPServerError` when the address cannot be had.
    package func start() throws -> Int {
        signal(SIGPIPE, SIG_IGN)  // sendfile has no MSG_NOSIGNAL
        let configuration = context.configuration
        let listener = try Listener(host: configuration.host, port: configuration.port)
        self.listener.withLock { $0 = listener }
        acceptor.enter()
        let started = DetachedThread.start(stackBytes: configuration.threadStackBytes) { [self] in
            acceptConnections(from: listener)
            listener.close()
            acceptor.leave()
        }
        guard started else {
            acceptor.leave()
            listener.close()
            throw HTTPServerError(description: "cannot start the thread that takes connections")
        }
        logger.info("listening", metadata: ["host": "\(configuration.host)", "port": "\(listener.port)"])
        return listener.port
    }

    /// Refuses new connections, closes idle ones at once, lets requests in flight finish for up to `drainSeconds`, cuts
    /// the rest, and returns when no thread of the server is left (or, a second after the cut, only responders that
    /// still compute).
    package func stop() {
        let listener = listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        guard let listener else { return }
        registry.startDraining()
        listener.shut()
        acceptor.wait()
        let cut = registry.drain(seconds: context.configuration.drainSeconds)
        logger.info("stopped", metadata: ["cutConnections": "\(cut)"])
    }

    /// What was done since the start.
    package var counters: HTTPServerCounters { context.counters.snapshot }

    private func acceptConnections(from listener: Listener) {
        var reserve = ReserveDescriptor()
        var isExhausted = false
        var mustDrop = false
        // With no descriptor left, accept does not tell that the listener was shut.
        while !registry.isDraining {
            switch listener.accept() {
            case .connection(let socket, let remoteAddress):
                (isExhausted, mustDrop) = (false, false)
                context.counters.noteAccepted()
                take(socket, remoteAddress: remoteAddress)
            case .exhausted:
                if !isExhausted { logger.warning("no descriptor is left for new connections") }
                isExhausted = true
                if mustDrop, reserve.dropWaitingConnection(of: listener) { context.counters.noteRejected() }
                // The kernel reports exhaustion before it looks into its queue. When there is a connection, descriptors
                // may have come free meanwhile: try once more before dropping it.
                mustDrop = listener.waits(seconds: Self.exhaustionWaitSeconds)
            case .closed:
                return
            }
        }
    }

    private func take(_ socket: Socket, remoteAddress: String) {
        let turned = turnedAway.load(ordering: .relaxed)
        let configuration = context.configuration
        let isWelcome =
            registry.count - turned < configuration.maximumConnections
            || registry.makeRoom(after: configuration.roomAfterSeconds)
        if !isWelcome { context.counters.noteRejected() }
        guard isWelcome || turned < Self.turnedAwayAtOnce else {
            close(socket.descriptor)
            return
        }
        var socket = socket
        if let tls = configuration.tls {
            guard let session = tls.session(on: socket.descriptor) else {
                context.counters.noteRejected()
                close(socket.descriptor)
                return
            }
            socket.tls = session
        }
        let handle = registry.add(socket)
        if !isWelcome {
            turnedAway.add(1, ordering: .relaxed)
            handle.headIsWhole()
        }
        let started = DetachedThread.start(stackBytes: context.configuration.threadStackBytes) { [self] in
            let connection = Connection(handle: handle, remoteAddress: remoteAddress, context: context)
            if isWelcome { connection.serve() } else { connection.turnAway() }
            end(handle, isWelcome: isWelcome)
        }
        if !started {
            logger.warning("no thread is left for a new connection")
            context.counters.noteRejected()
            end(handle, isWelcome: isWelcome)
        }
    }

    private func end(_ handle: ConnectionHandle, isWelcome: Bool) {
        if !isWelcome { turnedAway.subtract(1, ordering: .relaxed) }
        registry.close(handle)
    }
}
