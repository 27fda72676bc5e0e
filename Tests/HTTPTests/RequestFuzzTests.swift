// Damaged requests against the whole path of a connection: each is answered or dropped, and none costs more than its bytes.
import Foundation
import Fuzzing
import ReferenceData
import Testing

@testable import HTTP

@Suite struct RequestFuzzTests {
    @Test func `damaged requests are answered or dropped within the work that their bytes allow`() async {
        await #expect(processExitsWith: .success) {
            let mutation = Mutation(seeds: try RequestSeeds.all(), words: RequestSeeds.words)
            let stage = try ConnectionStage()
            try FuzzRun("requests", normally: 3000).forEach { dice in try stage.serve(mutation.next(&dice)) }
        }
    }

    @Test func `damaged multipart bodies are read or refused within the work that their bytes allow`() async {
        await #expect(processExitsWith: .success) {
            let seeds = try RequestSeeds.all().compactMap(RequestSeeds.multipartBody)
            let mutation = Mutation(seeds: seeds.map(\.bytes), words: RequestSeeds.words + seeds.map(\.boundary))
            try FuzzRun("multipart", normally: 3000).forEach { dice in
                let boundary = seeds[dice.below(seeds.count)].boundary
                let bytes = mutation.next(&dice)
                let body = WatchedBody(HTTPBody(bytes: bytes), allowing: bytes.count)
                try body.readParts("multipart/related; boundary=\"\(boundary)\"", atMost: 1 + dice.below(5000))
            }
        }
    }
}

/// Requests as clients send them.
private enum RequestSeeds {
    static let words = [
        "\r\n", "\n", "\r", "\r\n\r\n", "--", "\r\n--", "0\r\n\r\n", "FFFFFFFFFFFFFFF\r\n", "5;a=b\r\n", " ", "\t", ":",
        "%00", "%FF",
        "Content-Length: 5\r\n", "Content-Length: 18446744073709551616\r\n", "Transfer-Encoding: chunked\r\n",
        "Expect: 100-continue\r\n",
        "Transfer-Encoding: identity\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n",
        "Range: bytes=0-0,2-\r\n",
        "If-None-Match: \"v1\"\r\n", "HTTP/1.0", "HTTP/2.0", "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", "boundary=",
        "\"", "\\", ";",
    ]

    private static let made = [
        "GET /hello?a=%C3%BC&b=+ HTTP/1.1\r\nHost: a\r\nRange: bytes=2-5\r\nIf-None-Match: \"v0\", W/\"v1\"\r\n\r\n",
        "HEAD http://a/hello HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, x\r\n\r\nGET /hello HTTP/1.0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a:80\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhelloOPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /parts HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Type: multipart/form-data; boundary=\"b b\"\r\n\r\n"
            + "1d\r\n--b b\r\nContent-Type: a/b\r\n\r\nxy\r\n9;e=\"1\"\r\n\r\n--b b--\r\n0\r\nX-Sum: 1\r\n\r\n",
    ]

    /// Ours, and the captures where they are, each sent to the route that reads parts.
    static func all() throws -> [[UInt8]] {
        var seeds = made.map { Array($0.utf8) }
        guard ReferenceData.has("pacs") else { return seeds }
        let files = try FileManager.default.contentsOfDirectory(
            at: ReferenceData.url("pacs"), includingPropertiesForKeys: nil)
        // The longest is a hundred times as long as the others and would take most of the time.
        for file in files.sorted(by: { $0.path < $1.path }) where file.pathExtension == "raw" {
            let capture = try Data(contentsOf: file)
            guard capture.count < 40_000, let line = capture.firstRange(of: Data("\r\n".utf8)) else { continue }
            seeds.append(Array("POST /parts HTTP/1.1".utf8) + capture[line.lowerBound...])
        }
        return seeds
    }

    /// What stands behind the head of a request with a boundary.
    static func multipartBody(_ request: [UInt8]) -> (bytes: [UInt8], boundary: String)? {
        let data = Data(request)
        guard let head = data.firstRange(of: Data("\r\n\r\n".utf8)),
            let mark = data[..<head.lowerBound].firstRange(of: Data("boundary=".utf8))
        else { return nil }
        let rest = data[mark.upperBound..<head.lowerBound].prefix { $0 != 0x0D && $0 != UInt8(ascii: ";") }
        let boundary = String(decoding: rest, as: UTF8.self).replacing("\"", with: "")
        return (Array(data[head.upperBound...]), boundary)
    }
}

/// A body whose reader is stopped once it has read more often than there are bytes.
private struct WatchedBody {
    private let body: HTTPBody
    private let allowed: Int

    init(_ body: HTTPBody, allowing bytes: Int) {
        self.body = body
        allowed = bytes + 16
    }

    /// - Throws: `FuzzRun.Failure` beyond the allowed work; nothing else.
    func readParts(_ contentType: String, atMost piece: Int) throws {
        var reads = 0
        do {
            let parts = try Multipart(contentType: contentType, body: body)
            while try parts.nextPart() != nil {
                repeat {
                    reads += 1
                    guard reads <= allowed else { throw FuzzRun.Failure("more than \(allowed) reads") }
                } while try parts.readPiece(atMost: piece, { _ in })
            }
        } catch is MultipartError {
            // Refused, as most of these should be.
        }
    }

    func readAll() throws {
        for _ in 0...allowed {
            guard let piece = try? body.read(atMost: 4096), !piece.isEmpty else { return }
        }
        throw FuzzRun.Failure("more reads than bytes")
    }
}

/// A connection without a network: what is sent lies ready, then ends, and what is answered is looked at.
private final class ConnectionStage {
    private let context: ConnectionContext
    private let registry: ConnectionRegistry

    /// What the pair of sockets surely holds; longer inputs are cut.
    private static let capacity = 64 * 1024

    private struct Responder: HTTPResponder {
        func respond(to request: HTTPRequest) -> HTTPResponse {
            let body = WatchedBody(request.body, allowing: ConnectionStage.capacity)
            do {
                if let type = request.headers["Content-Type"], type.hasPrefix("multipart") {
                    try body.readParts(type, atMost: 3000)
                } else if request.path != "/ignore" {
                    try body.readAll()
                }
            } catch {
                return HTTPResponse(status: 599, text: "\(error)")
            }
            return HTTPResponse(status: 200, headers: ["ETag": "\"v1\""], body: .bytes(Array("hello, world".utf8)))
        }
    }

    init() throws {
        signal(SIGPIPE, SIG_IGN)
        let counters = CounterBank()
        registry = ConnectionRegistry(counters: counters)
        context = ConnectionContext(
            configuration: HTTPServerConfiguration(), responder: Responder(),
            problem: { status, detail in HTTPResponse(status: status, text: detail) }, counters: counters)
    }

    /// - Throws: `FuzzRun.Failure` where an answer is not of HTTP, or there are more answers than requests can be.
    func serve(_ input: [UInt8]) throws {
        var pair: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0 else {
            throw FuzzRun.Failure("no pair of sockets: \(errno)")
        }
        defer { close(pair[0]) }
        let sent = Array(input.prefix(Self.capacity))
        guard send(pair[0], sent, sent.count, Int32(MSG_NOSIGNAL)) == sent.count else {
            throw FuzzRun.Failure("the pair of sockets does not hold \(sent.count) bytes")
        }
        shutdown(pair[0], Int32(SHUT_WR))
        let handle = registry.add(Socket(descriptor: pair[1]))
        Connection(handle: handle, remoteAddress: "", context: context).serve()
        registry.close(handle)
        try check(answers(of: pair[0]), to: sent)
    }

    private func answers(of descriptor: Int32) -> [UInt8] {
        var answers: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 { answers += buffer[..<count] }
        return answers
    }

    private func check(_ answers: [UInt8], to sent: [UInt8]) throws {
        let text = String(decoding: answers, as: UTF8.self)
        guard answers.isEmpty || text.hasPrefix("HTTP/1.1 ") else {
            throw FuzzRun.Failure("no answer: \(text.prefix(80))")
        }
        guard !text.contains("HTTP/1.1 599") else { throw FuzzRun.Failure(String(text.suffix(80))) }
        // Each request takes a line end at least, and may get an interim answer before the final one.
        let count = text.ranges(of: "HTTP/1.1 ").count
        guard count <= 2 + 2 * sent.count(where: { $0 == 0x0A }) else { throw FuzzRun.Failure("\(count) answers") }
    }
}
