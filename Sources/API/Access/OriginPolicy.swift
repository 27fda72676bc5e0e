// Which web pages may use the service from a browser (CORS, Fetch standard §3.3).
import Domain
import HTTP

/// A browser says by `Origin` which page sends a request. Programs send none, and are not concerned.
package struct OriginPolicy: Sendable {
    /// `https://viewer.example.org`, as browsers write it.
    private let allowed: Set<String>
    /// Scheme and authority of the public URL, if there is one.
    private let own: String?

    /// - Parameters:
    ///   - allowed: origins of pages that may use the service; none is the default, and there is no "any".
    ///   - publicURL: what clients see of the service; empty where they see it as it is.
    package init(allowed: [String] = [], publicURL: String = "") {
        self.allowed = Set(allowed.map { $0.lowercased() })
        own = Self.origin(of: publicURL)
    }

    /// Whether a text is an origin: scheme, host and perhaps port, nothing more.
    package static func isOrigin(_ text: String) -> Bool {
        text.wholeMatch(of: /https?:\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.\-]+)(:\d{1,5})?/) != nil
    }

    private static func origin(of url: String) -> String? {
        url.prefixMatch(of: /https?:\/\/[^\/]+/).map { String($0.0).lowercased() }
    }

    /// - Throws: `origin-refused` for the page of another site that is not allowed, whatever it asks for.
    func check(_ request: HTTPRequest) throws {
        guard let origin = request.headers["Origin"]?.lowercased() else { return }
        guard allowed.contains(origin) || isOwn(origin, request) else { throw APIFault.originRefused(origin) }
    }

    /// While there is no key, a page of another site could have its name point to this machine (DNS rebinding) and be taken for our own: then
    /// only names of this machine will do.
    /// - Throws: `origin-refused`.
    func requireLocalName(_ request: HTTPRequest) throws {
        guard let host = request.headers["Host"]?.lowercased() else { return }
        let isLocal = Self.isLocal(host)
        guard isLocal || own?.hasSuffix("://" + host) == true else { throw APIFault.hostRefused(host) }
    }

    /// localhost, [::1] and 127.0.0.0/8, with or without a port.
    private static func isLocal(_ host: String) -> Bool {
        func isNumber(_ text: Substring.UTF8View) -> Bool { text.allSatisfy { (0x30...0x39).contains($0) } }
        var name = Substring(host).utf8
        if let colon = name.lastIndex(of: UInt8(ascii: ":")), isNumber(name[name.index(after: colon)...]) {
            name = name[..<colon]
        }
        if name.elementsEqual("localhost".utf8) || name.elementsEqual("[::1]".utf8) { return true }
        return name.starts(with: "127.".utf8) && isFourNumbers(name)
    }

    /// Four decimal numbers of up to three digits, with a dot between them.
    private static func isFourNumbers(_ text: Substring.UTF8View) -> Bool {
        var (dots, digits) = (0, 0)
        for byte in text {
            if byte == UInt8(ascii: ".") {
                guard digits > 0 else { return false }
                (dots, digits) = (dots + 1, 0)
            } else {
                digits += 1
                guard (0x30...0x39).contains(byte), digits <= 3 else { return false }
            }
        }
        return dots == 3 && digits > 0
    }

    private func isOwn(_ origin: String, _ request: HTTPRequest) -> Bool {
        if origin == own { return true }
        guard let host = request.headers["Host"]?.lowercased() else { return false }
        return origin == "http://" + host || origin == "https://" + host
    }

    /// The answer to what a browser asks before it sends the request itself; it has no key then. Nil for any other request.
    func preflight(_ request: HTTPRequest) -> HTTPResponse? {
        guard request.method == "OPTIONS", let origin = request.headers["Origin"],
            request.headers["Access-Control-Request-Method"] != nil, allowed.contains(origin.lowercased())
        else { return nil }
        return HTTPResponse(
            status: 204,
            headers: [
                "Access-Control-Allow-Methods": "GET, HEAD, POST, DELETE",
                "Access-Control-Allow-Headers":
                    "Authorization, Accept, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Range, X-Request-Id",
                "Access-Control-Max-Age": "600",  // our choice
            ])
    }

    /// Adds what lets the browser hand the answer to a page that is allowed.
    func mark(_ response: inout HTTPResponse, _ request: HTTPRequest) {
        guard !allowed.isEmpty else { return }
        response.headers.append("Vary", "Origin")
        guard let origin = request.headers["Origin"], allowed.contains(origin.lowercased()) else { return }
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] =
            "Content-Disposition, ETag, Link, Location, Retry-After, Warning, WWW-Authenticate, X-Job-Id, X-Request-Id"
    }
}
