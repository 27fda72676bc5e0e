// The head of a request: its line, its fields, and what they say of the body's framing (RFC 9112 §3, §5, §6).

/// `METHOD target HTTP/1.x`.
struct RequestLine {
    let method: String
    let target: RequestTarget
    /// 0 or 1; a later minor version is served as 1.
    let minorVersion: Int

    /// The methods that the server knows; any other is 501 (RFC 9110 §9.1).
    private static let methods: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY",
    ]

    /// - Parameter line: without its CRLF.
    init(_ line: ArraySlice<UInt8>) throws(ProtocolFault) {
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else {
            throw ProtocolFault(
                400, "The request line is not a method, a target and a version with one space between them.")
        }
        guard parts[0].allSatisfy(\.isToken) else { throw ProtocolFault(400, "The method is not a token.") }
        minorVersion = try Self.minorVersion(parts[2])
        method = String(decoding: parts[0], as: UTF8.self)
        guard Self.methods.contains(method) else {
            throw ProtocolFault(501, "The method is none of \(Self.methods.sorted().joined(separator: ", ")).")
        }
        guard parts[1].allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ProtocolFault(400, "The request target holds a byte that must be percent-encoded.")
        }
        target = try RequestTarget(String(decoding: parts[1], as: UTF8.self), method: method)
    }

    private static func minorVersion(_ text: ArraySlice<UInt8>) throws(ProtocolFault) -> Int {
        let bytes = Array(text)
        guard bytes.count == 8, bytes.starts(with: "HTTP/".utf8), bytes[5].isDigit, bytes[6] == UInt8(ascii: "."),
            bytes[7].isDigit
        else { throw ProtocolFault(400, "The HTTP version is not of the form HTTP/1.1.") }
        guard bytes[5] == UInt8(ascii: "1") else {
            throw ProtocolFault(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
        }
        return bytes[7] == UInt8(ascii: "0") ? 0 : 1
    }
}

/// How the body's end is found.
enum BodyFraming: Equatable {
    case length(Int)
    case chunked
}

final class RequestHead: Sendable {
    let line: RequestLine
    let headers: HTTPHeaders
    let framing: BodyFraming
    /// Whether the client lets the connection stay open.
    let keepsAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the body.
    let expectsContinue: Bool

    /// - Throws: 400 where the fields contradict each other or the standard, 417 and 501 for what is not supported.
    init(line: RequestLine, headers: HTTPHeaders) throws(ProtocolFault) {
        self.line = line
        self.headers = headers
        try Self.checkHost(headers, line: line)
        framing = try Self.framing(headers, line: line)
        let options = headers.list("Connection")
        keepsAlive =
            line.minorVersion == 0
            ? options.contains { $0.equalsIgnoringCase("keep-alive") }
            : !options.contains { $0.equalsIgnoringCase("close") }
        expectsContinue = try Self.expectsContinue(headers, line: line)
    }

    /// Exactly one Host, of a valid form (RFC 9112 §3.2).
    private static func checkHost(_ headers: HTTPHeaders, line: RequestLine) throws(ProtocolFault) {
        let hosts = headers.all("Host")
        guard hosts.count == 1 || (hosts.isEmpty && line.minorVersion == 0) else {
            throw ProtocolFault(400, hosts.isEmpty ? "The Host field is missing." : "The Host field is repeated.")
        }
        for host in hosts + [line.target.authority].compactMap(\.self) {
            let valid = host.utf8.allSatisfy { $0.isLetter || $0.isDigit || "-._~%!$&'()*+;=:[]".utf8.contains($0) }
            guard valid else { throw ProtocolFault(400, "The Host field is not a host with an optional port.") }
        }
    }

    private static func framing(_ headers: HTTPHeaders, line: RequestLine) throws(ProtocolFault) -> BodyFraming {
        let lengths = headers.all("Content-Length")
        let codings = headers.all("Transfer-Encoding")
        guard !codings.isEmpty else {
            guard let length = lengths.first else { return .length(0) }
            guard lengths.count == 1 else { throw ProtocolFault(400, "The Content-Length field is repeated.") }
            guard !length.isEmpty, length.utf8.count <= 18, length.utf8.allSatisfy(\.isDigit), let count = Int(length)
            else { throw ProtocolFault(400, "The Content-Length is not a decimal number below 10^18.") }
            return .length(count)
        }
        guard lengths.isEmpty else {
            throw ProtocolFault(400, "Content-Length and Transfer-Encoding exclude each other.")
        }
        guard line.minorVersion == 1 else { throw ProtocolFault(400, "HTTP/1.0 has no Transfer-Encoding.") }
        let names = headers.list("Transfer-Encoding").map { $0.equalsIgnoringCase("chunked") }
        guard names.last == true, names.dropLast().allSatisfy({ !$0 }) else {
            throw ProtocolFault(400, "The last Transfer-Encoding is not chunked, or chunked stands more than once.")
        }
        guard names.count == 1 else {
            throw ProtocolFault(501, "No Transfer-Encoding but chunked is supported.")
        }
        return .chunked
    }

    private static func expectsContinue(_ headers: HTTPHeaders, line: RequestLine) throws(ProtocolFault) -> Bool {
        guard line.minorVersion == 1, let expectation = headers["Expect"] else { return false }
        guard expectation.equalsIgnoringCase("100-continue"), headers.all("Expect").count == 1 else {
            throw ProtocolFault(417, "The only expectation that can be met is 100-continue.")
        }
        return true
    }
}
