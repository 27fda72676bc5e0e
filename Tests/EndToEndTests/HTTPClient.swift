// A blocking HTTP client over a socket: one connection per request, and requests as broken as a test wants them.
import Foundation

struct HTTPClient {
    let port: UInt16

    /// An answer as it came over the socket, its body without chunk framing.
    struct Reply {
        let status: Int
        let headers: [String: String]
        let body: Data

        /// A header field by its lower-case name.
        subscript(name: String) -> String? { headers[name] }
        var text: String { String(decoding: body, as: UTF8.self) }
        var json: [String: Any] { (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:] }
    }

    enum Failure: Error { case socket(String, Int32), noAnswer(String) }

    func send(_ method: String, _ target: String, headers: [String: String] = [:], body: Data? = nil) throws -> Reply {
        var fields = headers
        if let body { fields["Content-Length"] = String(body.count) }
        return try send(method, target, headers: fields, framed: body)
    }

    /// Sends a body with the framing that is already in it.
    func send(_ method: String, _ target: String, headers: [String: String], framed body: Data?) throws -> Reply {
        let connection = try Connection(port: port)
        connection.write(Self.head(method, target, headers))
        if let body { connection.write(body) }
        return try connection.readReply()
    }

    /// Reads a stream to its end.
    /// - Parameter seen: called after each piece with all that came so far.
    func follow(_ target: String, lastSeen: String, _ seen: (String) throws -> Void) throws -> String {
        let connection = try Connection(port: port)
        connection.write(Self.head("GET", target, ["Last-Event-ID": lastSeen]))
        return try connection.readReply { try seen(String(decoding: $0, as: UTF8.self)) }.text
    }

    /// Announces a body and sends only its first part.
    /// - Parameter waits: whether to close only one's own end, and read what the server says to that.
    @discardableResult
    func sendCut(_ target: String, announced: Int, part: Data, waits: Bool) throws -> Reply? {
        let connection = try Connection(port: port)
        connection.write(Self.head("POST", target, ["Content-Length": String(announced)]))
        connection.write(part)
        guard waits else { return nil }
        connection.finishWriting()
        return try connection.readReply()
    }

    /// Begins a request whose body the server waits for until the value is let go.
    func hold(_ target: String) throws -> HeldRequest {
        let connection = try Connection(port: port)
        connection.write(Self.head("POST", target, ["Content-Length": "1000000", "Expect": "100-continue"]))
        try connection.read(until: "100 Continue")
        return HeldRequest(connection: connection)
    }

    /// Sends a request that was captured, to another path of this server.
    /// - Parameter cutting: how many bytes to leave out at its end; one's own end is then closed.
    func replay(_ capture: Data, to path: String, cutting: Int = 0) throws -> Reply {
        guard let line = capture.range(of: Data("\r\n".utf8)) else { throw Failure.noAnswer("no request") }
        let connection = try Connection(port: port)
        connection.write(Data("POST \(path) HTTP/1.1\r\nConnection: close\r\n".utf8))
        connection.write(capture[line.upperBound...].dropLast(cutting))
        if cutting > 0 { connection.finishWriting() }
        return try connection.readReply()
    }

    private static func head(_ method: String, _ target: String, _ headers: [String: String]) -> Data {
        let fields = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
        return Data("\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(fields)\r\n".utf8)
    }
}

/// A request that is being served, and gets no further.
struct HeldRequest {
    fileprivate let connection: Connection
}

/// One TCP connection to the loopback address; closed with its last reference.
fileprivate final class Connection {
    private let descriptor: Int32

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw HTTPClient.Failure.socket("socket", errno) }
        var limit = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw HTTPClient.Failure.socket("connect", errno) }
    }

    deinit { close(descriptor) }

    /// Sends what the server takes: it may answer and close before the end.
    func write(_ data: Data) {
        data.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Glibc.send(
                    descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    func finishWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Reads and drops bytes until a word came.
    func read(until word: String) throws {
        var seen = Data()
        var byte: UInt8 = 0
        while seen.range(of: Data(word.utf8)) == nil {
            guard recv(descriptor, &byte, 1, 0) == 1 else {
                throw HTTPClient.Failure.noAnswer(String(decoding: seen, as: UTF8.self))
            }
            seen.append(byte)
        }
    }

    /// - Parameter seen: called after each piece with all that came so far.
    func readReply(_ seen: (Data) throws -> Void = { _ in }) throws -> HTTPClient.Reply {
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            data += buffer[..<count]
            try seen(data)
        }
        guard let end = data.range(of: Data("\r\n\r\n".utf8)) else {
            throw HTTPClient.Failure.noAnswer(String(decoding: data, as: UTF8.self))
        }
        let lines = String(decoding: data[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count >= 2, let status = Int(words[1]) else { throw HTTPClient.Failure.noAnswer(lines[0]) }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        let body = Data(data[end.upperBound...])
        return HTTPClient.Reply(
            status: status, headers: headers, body: headers["transfer-encoding"] == "chunked" ? unframed(body) : body)
    }

    private func unframed(_ body: Data) -> Data {
        var rest = body
        var content = Data()
        while let line = rest.range(of: Data("\r\n".utf8)) {
            let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16) ?? 0
            guard size > 0, rest[line.upperBound...].count >= size else { break }
            content += rest[line.upperBound...].prefix(size)
            rest = rest[line.upperBound...].dropFirst(size + 2)
        }
        return content
    }
}
