// One request as a responder sees it.

/// What a responder wants to know again when the client sends the very same head once more on the same connection.
///
/// Unchecked: touched by the connection's thread alone.
package final class HeadMemory: @unchecked Sendable {
    package var value: (any AnyObject & Sendable)?

    package init() {}
}

/// A request whose head was read and found valid. Its body still lies on the socket: read it through `body`.
package final class HTTPRequest: Sendable {
    /// The method as sent: `GET`, `POST` … A HEAD request arrives as `HEAD`; the server leaves the body of its answer
    /// out.
    package let method: String
    /// The request target as sent, query included.
    package let target: String
    /// The path as sent, still percent-encoded, without the query. Always begins with `/`, except for `OPTIONS *`,
    /// where it is `*`.
    package let path: String
    /// The path split at `/` and percent-decoded: `/v1/jobs/a%20b` is `["v1", "jobs", "a b"]`, `/` is `[]`, `/v1/` is
    /// `["v1", ""]`. A segment may hold any character but NUL, `/` and `..` included: check it before it names
    /// anything.
    package let pathSegments: [String]
    /// The query's pairs in order, form-decoded (`+` is a space). A key without `=` has an empty value.
    package let query: [(name: String, value: String)]
    package let headers: HTTPHeaders
    /// The numeric address of the other end of the socket, without the port.
    package let remoteAddress: String
    package let body: HTTPBody
    /// The same for every request of the connection whose head has the same bytes, one after the other; nil where the head is too long to be
    /// recognised.
    package let memory: HeadMemory?

    /// The first value of a query parameter.
    package func queryValue(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }

    init(head: RequestHead, memory: HeadMemory?, remoteAddress: String, body: HTTPBody) {
        method = head.line.method
        target = head.line.target.text
        path = head.line.target.path
        pathSegments = head.line.target.pathSegments
        query = head.line.target.query
        headers = head.headers
        self.remoteAddress = remoteAddress
        self.body = body
        self.memory = memory
    }

    /// A request that came over no socket, for tests of responders.
    /// - Returns: nil when `target` is not a valid request target.
    package init?(
        method: String, target: String, headers: HTTPHeaders = [:], body: [UInt8] = [],
        remoteAddress: String = "127.0.0.1", memory: HeadMemory? = nil
    ) {
        guard let parsed = try? RequestTarget(target, method: method) else { return nil }
        self.method = method
        self.target = target
        path = parsed.path
        pathSegments = parsed.pathSegments
        query = parsed.query
        self.headers = headers
        self.remoteAddress = remoteAddress
        self.body = HTTPBody(bytes: body)
        self.memory = memory
    }
}
