// Writes a body whose length is not known beforehand.

/// Why an answer could not be sent.
package enum HTTPStreamError: Error {
    /// The client closed or broke the connection.
    case clientGone
    /// The client took nothing for longer than it may.
    case stalled
    /// The file being sent became shorter.
    case sourceEnded
}

/// The body of a stream response, open while the response's closure runs. Used by that closure's thread only.
package final class HTTPStreamWriter {
    private let socket: Socket
    private let isChunked: Bool
    private let handle: ConnectionHandle
    private let sent: (Int) -> Void

    init(socket: Socket, isChunked: Bool, handle: ConnectionHandle, sent: @escaping (Int) -> Void) {
        self.socket = socket
        self.isChunked = isChunked
        self.handle = handle
        self.sent = sent
    }

    /// Sends bytes at once, as one chunk. Nothing happens when there are none.
    /// - Throws: `HTTPStreamError`; let it out of the response's closure.
    package func write(_ bytes: [UInt8]) throws(HTTPStreamError) {
        guard !bytes.isEmpty else { return }
        let framed =
            isChunked
            ? Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [.carriageReturn, .lineFeed] : bytes
        try send(framed)
    }

    package func write(_ text: String) throws(HTTPStreamError) { try write(Array(text.utf8)) }

    /// Whether someone still listens: the client has not closed its end, and the server is not being stopped.
    package var isOpen: Bool { !handle.isDraining && !socket.isHungUp }

    /// Waits, and wakes early when the client goes or the server is being stopped. - Returns: `isOpen`.
    package func wait(seconds: Double) -> Bool {
        guard isOpen else { return false }
        return !socket.wait(for: Socket.hangup, until: Monotonic.now() + seconds) && isOpen
    }

    /// Ends the body as a whole one.
    func finish() throws(HTTPStreamError) {
        if isChunked { try send(Array("0\r\n\r\n".utf8)) }
    }

    private func send(_ bytes: [UInt8]) throws(HTTPStreamError) {
        // A stream may last: only a stalled write ends it, which the socket's own limit finds.
        try socket.send(bytes[...], until: .infinity)
        sent(bytes.count)
    }
}
