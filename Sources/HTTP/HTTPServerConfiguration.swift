// The limits and deadlines of the server.

/// Where the server listens, and what it allows a client. Every default is our choice.
package struct HTTPServerConfiguration: Sendable {
    /// A numeric address or a name. `0.0.0.0` is every IPv4 interface, `::` every interface.
    package var host = "127.0.0.1"
    /// 0 takes any free port; `HTTPServer.start()` returns it.
    package var port = 8080
    /// Speaks HTTPS only; nil speaks HTTP.
    package var tls: TLSContext?
    /// Connections served at once, one thread each. For one beyond, that which has been waiting for a request's head the longest is cut;
    /// where none has waited for `roomAfterSeconds`, the new one gets 503 with `Retry-After` and is closed.
    package var maximumConnections = 4096
    /// How long a connection may wait, idle or with half a head, before it may have to make room for another.
    package var roomAfterSeconds = 1.0
    /// The stack of a connection's thread, on which the responder runs.
    package var threadStackBytes = 512 * 1024
    /// The request line and all header fields together; beyond is 431.
    package var maximumHeaderBytes = 32 * 1024
    /// The request target; beyond is 414.
    package var maximumTargetBytes = 8 * 1024
    /// The body, after removing the chunk framing; beyond is 413, before the responder is called where the length was
    /// declared.
    package var maximumBodyBytes = 4 << 30
    /// From a request's first byte (on a new connection: from its opening) to the end of its head; beyond is 408.
    package var headerDeadlineSeconds = 10.0
    /// How long a kept-alive connection may wait for its next request before it is closed without a word.
    package var idleSeconds = 60.0
    /// From a request's first byte to the last byte of its answer, streams excepted. Not enforced while the responder
    /// computes.
    package var requestDeadlineSeconds = 1800.0
    /// How long no byte of a body may come.
    package var bodyStallSeconds = 30.0
    /// The rate below which a body is given up, measured over the time spent waiting for it, once that exceeds
    /// `bodyStallSeconds`.
    package var minimumBodyBytesPerSecond = 512.0
    /// How long no byte of an answer may be taken.
    package var writeStallSeconds = 30.0
    /// How much of a body that the responder left unread is read and dropped to keep the connection; with more it is
    /// closed.
    package var maximumDiscardedBodyBytes = 256 * 1024
    /// How long a connection being closed still reads, so that the client can see the answer instead of a reset.
    package var lingerSeconds = 3.0
    /// How long `stop()` waits for requests in flight before it cuts them.
    package var drainSeconds = 20.0

    package init() {}
}
