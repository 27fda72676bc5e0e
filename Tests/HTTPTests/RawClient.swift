// A client that sends exactly the bytes it is told to.
import Glibc
import Testing

/// An answer as it came over the wire.
struct RawResponse {
    var status: Int
    var fields: [(name: String, value: String)]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    subscript(name: String) -> String? { fields.first { $0.name.lowercased() == name.lowercased() }?.value }
}

struct ClientError: Error, CustomStringConvertible {
    let description: String
}

/// One connection. Every wait ends after five seconds with an error.
final class RawClient {
    let descriptor: Int32
    private var pending: [UInt8] = []

    /// Connected at once.
    convenience init(port: Int, receiveBufferBytes: Int? = nil) throws {
        try self.init(receiveBufferBytes: receiveBufferBytes)
        try connect(port: port)
    }

    /// Not connected yet.
    init(receiveBufferBytes: Int? = nil) throws {
        // Closed in processes that other tests start, which would keep the connection open.
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw ClientError(description: "no descriptor for a client") }
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        if var size = receiveBufferBytes.map(Int32.init) {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    func connect(port: Int) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafeBytes(of: &address) {
            Glibc.connect(descriptor, $0.bindMemory(to: sockaddr.self).baseAddress, socklen_t($0.count))
        }
        guard status == 0 else { throw ClientError(description: "connect: \(String(cString: strerror(errno)))") }
    }

    deinit { Glibc.close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw ClientError(description: "send: \(String(cString: strerror(errno)))") }
            sent += count
        }
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Says that nothing more will be sent.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// More bytes into `pending`. - Returns: false at the end of the connection.
    private func receive() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { pending += buffer[..<count] }
        if count < 0, errno != ECONNRESET {
            throw ClientError(description: "recv: \(String(cString: strerror(errno)))")
        }
        return count > 0
    }

    /// Everything up to the end of the connection.
    func readToEnd() throws -> String {
        while try receive() {}
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }

    /// Whether the server closed the connection, with nothing left to read.
    func isClosed() throws -> Bool { try pending.isEmpty && !receive() }

    /// Up to and including a mark.
    func read(through mark: String) throws -> String {
        let mark = Array(mark.utf8)
        var searched = 0
        while true {
            if let end = pending.firstEnd(of: mark, from: max(0, searched - mark.count)) {
                return String(decoding: take(end), as: UTF8.self)
            }
            searched = pending.count
            guard try receive() else { throw ClientError(description: "the connection ended within an answer") }
        }
    }

    /// One whole answer. - Parameter toHead: the request was HEAD: there is no body.
    func readResponse(toHead: Bool = false) throws -> RawResponse {
        let lines = try read(through: "\r\n\r\n").split(separator: "\r\n")
        let status = Int(lines[0].split(separator: " ")[1]) ?? 0
        let fields = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (name: String(line[..<colon]), value: String(line[colon...].dropFirst(2)))
        }
        var response = RawResponse(status: status, fields: fields, body: [])
        if toHead || status < 200 || status == 204 || status == 304 { return response }
        if let length = response["Content-Length"].flatMap({ Int($0) }) {
            while pending.count < length {
                guard try receive() else { throw ClientError(description: "the connection ended within a body") }
            }
            response.body = take(length)
        } else if response["Transfer-Encoding"] == "chunked" {
            response.body = try readChunks()
        } else {
            response.body = Array(try readToEnd().utf8)
        }
        return response
    }

    private func readChunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while let size = Int(try read(through: "\r\n").dropLast().description, radix: 16), size > 0 {
            while pending.count < size + 2 {
                guard try receive() else { throw ClientError(description: "the connection ended within a chunk") }
            }
            body += take(size)
            _ = take(2)
        }
        _ = try read(through: "\r\n")
        return body
    }

    private func take(_ count: Int) -> [UInt8] {
        defer { pending.removeFirst(count) }
        return Array(pending[..<count])
    }

    /// Sends a request and reads its answer.
    func exchange(_ request: String) throws -> RawResponse {
        try send(request)
        return try readResponse(toHead: request.hasPrefix("HEAD "))
    }
}

extension [UInt8] {
    /// Behind the first place of `mark` at or after `from`.
    fileprivate func firstEnd(of mark: [UInt8], from: Int) -> Int? {
        guard count >= mark.count else { return nil }
        for place in from...(count - mark.count) where self[place..<(place + mark.count)].elementsEqual(mark) {
            return place + mark.count
        }
        return nil
    }
}

extension RawClient {
    /// Whether no byte has come at this moment.
    var hasNothingToRead: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) < 0 && errno == EAGAIN
    }

    /// Breaks the connection off with a reset.
    func reset() {
        var abort = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &abort, socklen_t(MemoryLayout<linger>.size))
        dup2(open("/dev/null", O_RDONLY), descriptor)
    }
}
