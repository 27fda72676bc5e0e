// What is really sent of a response: after If-None-Match, Range and If-Range (RFC 9110 §13, §14).

/// A response with the part of its body that the request asks for.
struct SelectedResponse {
    var response: HTTPResponse
    /// The bytes to send of a body of bytes or of a file; nil is all.
    var part: Range<Int>?

    init(_ response: HTTPResponse) {
        self.response = response
    }

    /// - Parameter problem: makes the body of a 416.
    init(_ response: HTTPResponse, for request: HTTPRequest, problem: (Int, String) -> HTTPResponse) {
        self.response = response
        guard response.status == 200, request.method == "GET" || request.method == "HEAD" else { return }
        let tag = response.headers["ETag"]
        if let tag, Self.matches(request.headers, tag: tag) {
            self.response.status = 304
            for name in ["Content-Type", "Content-Encoding", "Content-Disposition"] {
                self.response.headers[name] = nil
            }
            return
        }
        guard let byteCount = response.body.byteCount else { return }
        if case .file = response.body { self.response.headers["Accept-Ranges"] = "bytes" }
        guard request.method == "GET", Self.rangeIsCurrent(request.headers, response: response) else { return }
        switch ByteRange(request.headers["Range"], byteCount: byteCount) {
        case .whole: return
        case .part(let range):
            part = range
            self.response.status = 206
            self.response.headers["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(byteCount)"
        case .unsatisfiable:
            self.response = problem(416, "The range asked for lies behind the end, at \(byteCount) bytes.")
            self.response.headers["Content-Range"] = "bytes */\(byteCount)"
        }
    }

    /// If-None-Match: a list of tags or `*`, compared weakly (RFC 9110 §13.1.2).
    private static func matches(_ headers: HTTPHeaders, tag: String) -> Bool {
        headers.list("If-None-Match").contains { $0 == "*" || opaque($0) == opaque(tag) }
    }

    private static func opaque(_ tag: String) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...] }

    /// If-Range: the strong tag, or the very date that the response would carry (RFC 9110 §13.1.5).
    private static func rangeIsCurrent(_ headers: HTTPHeaders, response: HTTPResponse) -> Bool {
        guard let condition = headers["If-Range"] else { return true }
        if condition.hasPrefix("\"") { return condition == response.headers["ETag"] }
        return condition == response.headers["Last-Modified"]
    }
}

extension HTTPResponse.Body {
    /// Nil for a stream.
    var byteCount: Int? {
        switch self {
        case .empty: 0
        case .bytes(let bytes): bytes.count
        case .file(_, let byteCount): byteCount
        case .stream: nil
        }
    }
}
