// Requests that break the standard, each with the one right answer.
import HTTP
import Testing

struct Malformed: Sendable, CustomTestStringConvertible {
    let name: String
    let request: String
    let status: Int

    init(_ name: String, _ request: String, _ status: Int) {
        self.name = name
        self.request = request
        self.status = status
    }

    var testDescription: String { "\(name): \(status)" }

    private static let host = "Host: a\r\n"

    static let lines: [Malformed] = [
        Malformed("HTTP/0.9", "GET /hello\r\n", 400),
        Malformed("HTTP/0.9 form of a later version", "GET HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        Malformed("HTTP/3.0", "GET /hello HTTP/3.0\r\n\(host)\r\n", 505),
        Malformed("HTTP/9.9", "GET /hello HTTP/9.9\r\n\(host)\r\n", 505),
        Malformed("HTTP/0.9 spelled out", "GET /hello HTTP/0.9\r\n\(host)\r\n", 505),
        Malformed("version in lower case", "GET /hello http/1.1\r\n\(host)\r\n", 400),
        Malformed("version of two digits", "GET /hello HTTP/1.10\r\n\(host)\r\n", 400),
        Malformed("version without minor", "GET /hello HTTP/1\r\n\(host)\r\n", 400),
        Malformed("no such protocol", "GET /hello ICY/1.1\r\n\(host)\r\n", 400),
        Malformed("two spaces", "GET  /hello HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("tab for a space", "GET\t/hello HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("space at the end", "GET /hello HTTP/1.1 \r\n\(host)\r\n", 400),
        Malformed("space at the front", " GET /hello HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("unknown method", "BREW /hello HTTP/1.1\r\n\(host)\r\n", 501),
        Malformed("method in lower case", "get /hello HTTP/1.1\r\n\(host)\r\n", 501),
        Malformed("CONNECT", "CONNECT a:80 HTTP/1.1\r\n\(host)\r\n", 501),
        Malformed("method with a bracket", "G(T /hello HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("target without a slash", "GET hello HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("target *", "GET * HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("target of another scheme", "GET ftp://a/ HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("target without a host", "GET http:///hello HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("fragment", "GET /hello#x HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("NUL in the target", "GET /he\0llo HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("encoded NUL", "GET /he%00llo HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("broken percent-encoding", "GET /he%2 HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("percent without digits", "GET /he%zz HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("encoding that is not UTF-8", "GET /he%FF HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("query that is not UTF-8", "GET /hello?a=%C3 HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("bare umlaut in the target", "GET /hü HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("bare line feed", "GET /hello HTTP/1.1\n\(host)\r\n", 400),
        Malformed("bare line feed behind a field", "GET /hello HTTP/1.1\r\nHost: a\n\r\n", 400),
        Malformed("bare carriage return", "GET /hello HTTP/1.1\rHost: a\r\n\r\n", 400),
        Malformed("two empty lines before", "\r\n\r\nGET /hello HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("line feed before", "\nGET /hello HTTP/1.1\r\n\(host)\r\n", 400),
        Malformed("garbage", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\r\n\r\n", 400),
        Malformed("head cut in a line", "GET /hello HTTP/1.1\r\nHost", 400),
    ]

    static let fields: [Malformed] = [
        Malformed("no Host", "GET /hello HTTP/1.1\r\n\r\n", 400),
        Malformed("two Hosts", "GET /hello HTTP/1.1\r\n\(host)\(host)\r\n", 400),
        Malformed("Host with a path", "GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
        Malformed("Host with a user", "GET /hello HTTP/1.1\r\nHost: u@a\r\n\r\n", 400),
        Malformed("Host list", "GET /hello HTTP/1.1\r\nHost: a, b\r\n\r\n", 400),
        Malformed("space before the colon", "GET /hello HTTP/1.1\r\n\(host)X : 1\r\n\r\n", 400),
        Malformed("no colon", "GET /hello HTTP/1.1\r\n\(host)X\r\n\r\n", 400),
        Malformed("no name", "GET /hello HTTP/1.1\r\n\(host): 1\r\n\r\n", 400),
        Malformed("name with NUL", "GET /hello HTTP/1.1\r\n\(host)X\0: 1\r\n\r\n", 400),
        Malformed("value with NUL", "GET /hello HTTP/1.1\r\n\(host)X: 1\0\r\n\r\n", 400),
        Malformed("value with a carriage return", "GET /hello HTTP/1.1\r\n\(host)X: 1\r2\r\n\r\n", 400),
        Malformed("folded field", "GET /hello HTTP/1.1\r\n\(host)X: 1\r\n 2\r\n\r\n", 400),
        Malformed("folded first field", "GET /hello HTTP/1.1\r\n \(host)\r\n", 400),
        Malformed("another expectation", "POST /echo HTTP/1.1\r\n\(host)Expect: a-miracle\r\n\r\n", 417),
    ]

    private static func post(_ fields: String, _ body: String = "hello") -> String {
        "POST /echo HTTP/1.1\r\n\(host)\(fields)\r\n\(body)"
    }

    static let bodies: [Malformed] = [
        Malformed("two Content-Lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n"), 400),
        Malformed("the same Content-Length twice", post("Content-Length: 5\r\nContent-Length: 5\r\n"), 400),
        Malformed("Content-Length list", post("Content-Length: 5, 5\r\n"), 400),
        Malformed("negative Content-Length", post("Content-Length: -5\r\n"), 400),
        Malformed("Content-Length with a plus", post("Content-Length: +5\r\n"), 400),
        Malformed("hexadecimal Content-Length", post("Content-Length: 0x5\r\n"), 400),
        Malformed("empty Content-Length", post("Content-Length: \r\n"), 400),
        Malformed("Content-Length beyond 64 bits", post("Content-Length: 99999999999999999999\r\n"), 400),
        Malformed("Content-Length beyond the limit", post("Content-Length: 99999999999999999\r\n"), 413),
        Malformed("both framings", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400),
        Malformed("gzip", post("Transfer-Encoding: gzip\r\n"), 400),
        Malformed("identity", post("Transfer-Encoding: identity\r\n"), 400),
        Malformed("gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n"), 501),
        Malformed("chunked, gzip", post("Transfer-Encoding: chunked, gzip\r\n"), 400),
        Malformed("chunked, chunked", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 400),
        Malformed(
            "chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400),
        Malformed("chunked with a vertical tab", post("Transfer-Encoding: \u{B}chunked\r\n", "0\r\n\r\n"), 400),
        Malformed("xchunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 400),
        Malformed("empty Transfer-Encoding", post("Transfer-Encoding: \r\n", "0\r\n\r\n"), 400),
        Malformed(
            "chunked in HTTP/1.0", "POST /echo HTTP/1.0\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ]

    private static func chunked(_ body: String) -> String { post("Transfer-Encoding: chunked\r\n", body) }

    /// The responder sees these as `malformedChunk` or `cut`, and answers 400.
    static let chunks: [Malformed] = [
        Malformed("size that is no number", chunked("zz\r\nhello\r\n0\r\n\r\n"), 400),
        Malformed("negative size", chunked("-5\r\nhello\r\n0\r\n\r\n"), 400),
        Malformed("size with a plus", chunked("+5\r\nhello\r\n0\r\n\r\n"), 400),
        Malformed("size with 0x", chunked("0x5\r\nhello\r\n0\r\n\r\n"), 400),
        Malformed("empty size", chunked("\r\nhello\r\n0\r\n\r\n"), 400),
        Malformed("space before the size", chunked(" 5\r\nhello\r\n0\r\n\r\n"), 400),
        Malformed("space behind the size", chunked("5 \r\nhello\r\n0\r\n\r\n"), 400),
        Malformed("size beyond 64 bits", chunked("FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"), 400),
        Malformed("size of all ones", chunked("FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"), 400),
        Malformed("size line with a bare line feed", chunked("5\nhello\r\n0\r\n\r\n"), 400),
        Malformed("chunk longer than its size", chunked("4\r\nhello\r\n0\r\n\r\n"), 400),
        Malformed("chunk without its line end", chunked("5\r\nhello0\r\n\r\n"), 400),
        Malformed(
            "extension of 300 bytes", chunked("5;\(String(repeating: "x", count: 300))\r\nhello\r\n0\r\n\r\n"), 400),
        Malformed("extension with NUL", chunked("5;a\0\r\nhello\r\n0\r\n\r\n"), 400),
        Malformed("trailer without a colon", chunked("0\r\nx\r\n\r\n"), 400),
        Malformed("cut in a chunk", chunked("5\r\nhe"), 400),
        Malformed("cut before the last chunk", chunked("5\r\nhello\r\n"), 400),
    ]
}

@Suite struct MalformedRequestTests {
    @Test(arguments: Malformed.lines + Malformed.fields + Malformed.bodies + Malformed.chunks)
    func `a malformed request gets its status once and ends the connection`(_ malformed: Malformed) throws {
        try withServer { server in
            let follower = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
            let isCut = malformed.name.contains("cut")
            let answer = try server.transcript(of: malformed.request + (isCut ? "" : follower))
            #expect(answer.hasPrefix("HTTP/1.1 \(malformed.status) "), "\(answer)")
            #expect(answer.occurrences(of: "\r\nDate: ") == 1, "only one answer: \(answer)")
            #expect(answer.contains("\r\nConnection: close\r\n"), "\(answer)")
            #expect(!server.observed.all.contains("GET /hello"))
        }
    }

    @Test func `a target one byte too long is 414 and one that fits is served`() throws {
        try withServer({ $0.maximumTargetBytes = 100 }) { server in
            let exact = "/hello?" + String(repeating: "x", count: 93)
            for (target, status) in [(exact, 200), (exact + "x", 414), (exact + exact, 414)] {
                let answer = try server.answer("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(answer.status == status)
            }
        }
    }

    @Test func `a target without an end is 414 before the line ends`() throws {
        try withServer { server in
            let answer = try server.answer("GET /" + String(repeating: "x", count: 20_000))
            #expect(answer.status == 414)
        }
    }

    @Test func `fields beyond the limit are 431, as one line without an end or as many lines`() throws {
        try withServer { server in
            let long = "X: " + String(repeating: "x", count: 100_000)
            let many = String(repeating: "X: 1\r\n", count: 20_000) + "\r\n"
            let allowed = "X: " + String(repeating: "x", count: 30_000) + "\r\n\r\n"
            for (fields, status) in [(long, 431), (many, 431), (allowed, 200)] {
                let answer = try server.answer("GET /hello HTTP/1.1\r\nHost: a\r\n" + fields)
                #expect(answer.status == status)
            }
        }
    }

    /// Quadratic parsing took 22 s for a fifth of this in another server: some nine minutes for the whole.
    @Test(.timeLimit(.minutes(5))) func `a head of a megabyte costs linear time`() throws {
        try withServer({ $0.maximumHeaderBytes = 4 << 20 }) { server in
            let head = "GET /hello HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 1 << 20) + "\r\n\r\n"
            let answer = try server.answer(head)
            #expect(answer.status == 200)
        }
    }
}

extension String {
    /// How often `mark` stands in the text.
    func occurrences(of mark: String) -> Int {
        indices.count { self[$0...].hasPrefix(mark) }
    }
}
