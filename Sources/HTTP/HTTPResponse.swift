// One response as a responder makes it, and the responder itself.

/// What to answer. The server itself sets `Date`, `Connection`, `Content-Length` and `Transfer-Encoding`, answers
/// conditional (`If-None-Match`) and range requests from the `ETag` and the body of a 200, and leaves the body out for
/// HEAD, 204 and 304.
package struct HTTPResponse: Sendable {
    package enum Body: Sendable {
        case empty
        case bytes([UInt8])
        /// The first `byteCount` bytes of a file, sent by the kernel. A file that is missing or shorter is answered
        /// with 500.
        case file(path: String, byteCount: Int)
        /// Bytes made while sending, in chunks. Runs on the connection's thread. Throwing cuts the connection, so that
        /// the client cannot take a part for the whole.
        case stream(@Sendable (HTTPStreamWriter) throws -> Void)
    }

    package var status: Int
    package var headers: HTTPHeaders
    package var body: Body

    package init(status: Int, headers: HTTPHeaders = [:], body: Body = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A response with a body of bytes.
    package init(status: Int, contentType: String, bytes: [UInt8]) {
        self.init(status: status, headers: ["Content-Type": contentType], body: .bytes(bytes))
    }

    /// A response with a body of text, sent as UTF-8.
    package init(status: Int, contentType: String = "text/plain; charset=utf-8", text: String) {
        self.init(status: status, contentType: contentType, bytes: Array(text.utf8))
    }

    /// The same, keeping something until its body is sent, if that is a stream, or until now.
    package func holding(_ object: (any AnyObject & Sendable)?) -> HTTPResponse {
        guard let object, case .stream(let write) = body else { return self }
        var response = self
        response.body = .stream { writer in try withExtendedLifetime(object) { try write(writer) } }
        return response
    }

    /// Whether a response of this status has no body by definition (RFC 9110 §6.4.1).
    static func isBodyless(_ status: Int) -> Bool { status < 200 || status == 204 || status == 304 }
}

/// What answers requests. Called on the connection's own thread, from many connections at once; it may block.
package protocol HTTPResponder: Sendable {
    func respond(to request: HTTPRequest) -> HTTPResponse
}
