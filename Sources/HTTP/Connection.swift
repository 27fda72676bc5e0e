// One connection from its opening to its close: requests in, answers out, in order.
import Glibc

/// What every connection of a server shares.
struct ConnectionContext: Sendable {
    let configuration: HTTPServerConfiguration
    let responder: any HTTPResponder
    let problem: @Sendable (Int, String) -> HTTPResponse
    let counters: CounterBank
}

/// Used by its own thread only.
final class Connection {
    private let handle: ConnectionHandle
    private let context: ConnectionContext
    private let remoteAddress: String
    private let input: InputBuffer
    private let writer: ResponseWriter
    private var lastHead: KnownHead?

    /// Longer heads are read anew each time (our choice; those of clients that poll have some hundred bytes).
    private static let knownHeadBytes = 2048

    /// A head as it came and as it was read.
    private struct KnownHead {
        let bytes: [UInt8]
        let head: RequestHead
        let memory = HeadMemory()
    }

    /// What came of waiting for a request.
    private enum Arrival {
        /// `start`: when its first byte came, on the monotonic clock.
        case request(RequestHead, start: Double)
        case fault(ProtocolFault)
        /// The client went, or stayed silent.
        case nothing
    }

    init(handle: ConnectionHandle, remoteAddress: String, context: ConnectionContext) {
        self.handle = handle
        self.context = context
        self.remoteAddress = remoteAddress
        input = InputBuffer(socket: handle.socket, received: context.counters.noteReceived)
        writer = ResponseWriter(handle: handle, counters: context.counters)
        handle.socket.prepare(
            receiveSeconds: context.configuration.idleSeconds, sendSeconds: context.configuration.writeStallSeconds)
    }

    /// Serves requests until one side ends the connection. Does not close the socket.
    func serve() {
        guard isSecured() else { return }
        defer { handle.socket.tls?.end() }
        var isFirst = true
        while true {
            switch nextRequest(isFirst: isFirst) {
            case .nothing: return
            case .fault(let fault): return refuse(fault)
            case .request(let head, let start):
                guard answer(head, start: start) else { return }
            }
            isFirst = false
        }
    }

    /// Answers the first request, whatever it is, with 503, and ends: for a connection too many.
    func turnAway() {
        guard handle.socket.tls?.handshake(handle.socket, until: Monotonic.now() + 1) ?? .done == .done else { return }
        guard input.fill(until: Monotonic.now() + 1) != .failed else { return }
        refuse(ProtocolFault(503, "Too many connections are open."), retryAfterSeconds: 1)
    }

    /// Has the handshake of TLS done where there is one. Whoever speaks HTTP without is told so, in the clear.
    private func isSecured() -> Bool {
        guard let tls = handle.socket.tls else { return true }
        let configuration = context.configuration
        switch tls.handshake(handle.socket, until: Monotonic.now() + configuration.headerDeadlineSeconds) {
        case .done: return true
        case .failed: return false
        case .plain:
            let words = "This port speaks HTTPS only.\n"
            let answer = """
                HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: \(words.utf8.count)\r\n\
                Connection: close\r\n\r\n\(words)
                """
            let plain = Socket(descriptor: handle.socket.descriptor)
            try? plain.send(Array(answer.utf8)[...], until: Monotonic.now() + configuration.lingerSeconds)
            plain.linger(seconds: configuration.lingerSeconds)
            return false
        }
    }

    private func nextRequest(isFirst: Bool) -> Arrival {
        let configuration = context.configuration
        handle.awaitsHead()
        defer { handle.headIsWhole() }
        if input.count == 0 {
            let deadline = isFirst ? Monotonic.now() + configuration.headerDeadlineSeconds : nil
            guard case .bytes = handle.interruptible({ input.fill(until: deadline) }) else { return .nothing }
        }
        let start = Monotonic.now()
        if let head = takeSameHead() { return .request(head, start: start) }
        var parser = RequestHeadParser(configuration)
        while true {
            do throws(ProtocolFault) {
                if let (head, byteCount) = try parser.parse(input.bytes) {
                    lastHead =
                        byteCount <= Self.knownHeadBytes
                        ? KnownHead(bytes: Array(input.bytes.prefix(byteCount)), head: head) : nil
                    input.drop(byteCount)
                    return .request(head, start: start)
                }
            } catch {
                return .fault(error)
            }
            switch input.fill(until: start + configuration.headerDeadlineSeconds) {
            case .bytes: continue
            case .late:
                return .fault(
                    ProtocolFault(
                        408, "The request's head did not come within \(configuration.headerDeadlineSeconds) s."))
            case .end: return .fault(ProtocolFault(400, "The connection ended within the request's head."))
            case .failed: return .nothing
            }
        }
    }

    /// A client that polls sends the same bytes again and again: what they say was found out the first time, for a head ends at its blank
    /// line whatever follows, and reading it depends on nothing else.
    private func takeSameHead() -> RequestHead? {
        guard let lastHead, input.bytes.starts(with: lastHead.bytes) else { return nil }
        input.drop(lastHead.bytes.count)
        return lastHead.head
    }

    /// - Returns: whether the connection can serve another request.
    private func answer(_ head: RequestHead, start: Double) -> Bool {
        let configuration = context.configuration
        if case .length(let count) = head.framing, count > configuration.maximumBodyBytes {
            refuse(ProtocolFault(413, "The body has \(count) bytes; \(configuration.maximumBodyBytes) are allowed."))
            return false
        }
        let deadline = start + configuration.requestDeadlineSeconds
        let body = HTTPBody(
            input: input, framing: head.framing, expectsContinue: head.expectsContinue,
            limits: BodyLimits(configuration, requestDeadline: deadline))
        let request = HTTPRequest(head: head, memory: lastHead?.memory, remoteAddress: remoteAddress, body: body)
        let response = withFileChecked(context.responder.respond(to: request))
        let selected = SelectedResponse(response, for: request, problem: context.problem)

        let isUnframed = head.line.minorVersion == 0 && selected.response.body.byteCount == nil
        let keepsAlive =
            head.keepsAlive && !isUnframed && !handle.isDraining
            && body.isDiscardable(upTo: configuration.maximumDiscardedBodyBytes)
        let framing = ResponseFraming(
            isHead: head.line.method == "HEAD", minorVersion: head.line.minorVersion, keepsAlive: keepsAlive)
        guard send(selected, framing: framing, until: max(deadline, Monotonic.now() + configuration.writeStallSeconds))
        else {
            return false
        }
        if keepsAlive { return body.discard() }
        // Closing with bytes unread would reset the connection and could take the answer with it.
        if !body.isDiscardable(upTo: 0) || input.count > 0 || handle.socket.hasInput {
            handle.socket.linger(seconds: configuration.lingerSeconds)
        }
        return false
    }

    /// Answers a broken request and ends: what follows on the connection cannot be told apart from it.
    private func refuse(_ fault: ProtocolFault, retryAfterSeconds: Int? = nil) {
        var response = context.problem(fault.status, fault.detail)
        if let retryAfterSeconds { response.headers["Retry-After"] = "\(retryAfterSeconds)" }
        let framing = ResponseFraming(isHead: false, minorVersion: 1, keepsAlive: false)
        let deadline = Monotonic.now() + context.configuration.writeStallSeconds
        guard send(SelectedResponse(response), framing: framing, until: deadline) else { return }
        handle.socket.linger(seconds: context.configuration.lingerSeconds)
    }

    private func send(_ selected: SelectedResponse, framing: ResponseFraming, until deadline: Double) -> Bool {
        context.counters.noteAnswered(selected.response.status)
        do {
            try writer.write(selected, framing: framing, until: deadline)
            return true
        } catch {
            // The client is gone or must see a cut: closing says both.
            return false
        }
    }

    /// A file that cannot be sent whole becomes a 500 while there is still a status to choose.
    private func withFileChecked(_ response: HTTPResponse) -> HTTPResponse {
        guard case .file(let path, let byteCount) = response.body else { return response }
        var facts = stat()
        guard stat(path, &facts) == 0, Int(facts.st_size) >= byteCount else {
            return context.problem(500, "The stored file of this answer is missing or shorter than recorded.")
        }
        return response
    }
}
