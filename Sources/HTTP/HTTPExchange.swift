// One request to another server (RFC 9112), on a connection of its own.
import Glibc

/// What went wrong before there was an answer.
package enum HTTPExchangeError: Error, Equatable, CustomStringConvertible {
    case nameUnknown(host: String)
    case notConnected(errno: Int32)
    /// Nothing came, or too little, within the time.
    case late(seconds: Double)
    /// The connection broke.
    case broken
    /// A file to be sent cannot be read.
    case unreadable
    /// The answer is no HTTP/1.1, or larger than the limit.
    case answerMalformed

    package var description: String {
        switch self {
        case .nameUnknown(let host): "the name \(host) is not known"
        case .notConnected(let errno): "no connection: \(String(cString: strerror(errno)))"
        case .late(let seconds): "no answer within \(Int(seconds)) s"
        case .broken: "the connection broke"
        case .unreadable: "a file to be sent cannot be read"
        case .answerMalformed: "the answer is no HTTP/1.1"
        }
    }
}

/// Sends one request and reads its answer. Blocking; for a thread of its own.
package struct HTTPExchange {
    /// A piece of a request's body.
    package enum Piece: Sendable {
        case bytes([UInt8])
        case file(path: String, byteCount: Int)

        var byteCount: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .file(_, let byteCount): byteCount
            }
        }
    }

    package struct Answer: Sendable {
        package let status: Int
        package let headers: HTTPHeaders
        package let body: [UInt8]
    }

    private let socket: Socket
    private let seconds: Double
    private let deadline: Double

    /// Answers may have this many bytes, head and body (our choice).
    private static let maximumAnswerBytes = 4 << 20
    private static let connectSeconds = 10.0  // our choice

    /// POSTs to an address.
    /// - Parameters:
    ///   - seconds: for everything from connecting to the end of the answer.
    package static func post(
        to address: HTTPAddress, headers: HTTPHeaders, body: [Piece], seconds: Double
    ) throws(HTTPExchangeError) -> Answer {
        let exchange = try HTTPExchange(to: address, seconds: seconds)
        defer { close(exchange.socket.descriptor) }
        return try exchange.post(address, headers, body)
    }

    private init(to address: HTTPAddress, seconds: Double) throws(HTTPExchangeError) {
        self.seconds = seconds
        deadline = Monotonic.now() + seconds
        socket = Socket(
            descriptor: try Self.connect(to: address, until: min(deadline, Monotonic.now() + Self.connectSeconds)))
        socket.prepare(receiveSeconds: seconds, sendSeconds: min(seconds, 60))
    }

    /// A connected, blocking socket: the first of the name's addresses that answers.
    private static func connect(to address: HTTPAddress, until deadline: Double) throws(HTTPExchangeError) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, String(address.port), &hints, &list) == 0 else {
            throw .nameUnknown(host: address.host)
        }
        defer { freeaddrinfo(list) }
        var failure = ECONNREFUSED
        var next = list
        while let place = next?.pointee {
            switch open(place, until: deadline) {
            case .success(let descriptor): return descriptor
            case .failure(let error): failure = error.errno
            }
            next = place.ai_next
        }
        throw .notConnected(errno: failure)
    }

    private struct SystemError: Error { let errno: Int32 }

    private static func open(_ place: addrinfo, until deadline: Double) -> Result<Int32, SystemError> {
        let type = place.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = Glibc.socket(place.ai_family, type, place.ai_protocol)
        guard descriptor >= 0 else { return .failure(SystemError(errno: errno)) }
        var problem: Int32 = 0
        if Glibc.connect(descriptor, place.ai_addr, place.ai_addrlen) != 0 { problem = errno }
        if problem == EINPROGRESS {
            var length = socklen_t(MemoryLayout<Int32>.size)
            problem = ETIMEDOUT
            if Socket(descriptor: descriptor).wait(for: Int16(POLLOUT), until: deadline) {
                getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &length)
            }
        }
        guard problem == 0 else {
            close(descriptor)
            return .failure(SystemError(errno: problem))
        }
        _ = fcntl(descriptor, F_SETFL, 0)
        return .success(descriptor)
    }

    private func post(
        _ address: HTTPAddress, _ headers: HTTPHeaders, _ body: [Piece]
    ) throws(HTTPExchangeError) -> Answer {
        var head = "POST \(address.path) HTTP/1.1\r\nHost: \(address.authority)\r\n"
        for field in headers { head += "\(field.name): \(field.value)\r\n" }
        head += "Content-Length: \(body.reduce(0) { $0 + $1.byteCount })\r\nConnection: close\r\n\r\n"
        do {
            try socket.send(Array(head.utf8)[...], until: deadline, more: true)
            for piece in body { try send(piece) }
        } catch HTTPStreamError.stalled {
            throw .late(seconds: seconds)
        } catch HTTPStreamError.sourceEnded {
            throw .unreadable
        } catch {
            // A server may answer and close before it has read everything.
        }
        return try answer()
    }

    private func send(_ piece: Piece) throws(HTTPStreamError) {
        switch piece {
        case .bytes(let bytes): try socket.send(bytes[...], until: deadline)
        case .file(let path, let byteCount):
            let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { throw .sourceEnded }
            defer { close(file) }
            try socket.sendFile(file, from: 0, byteCount: byteCount, until: deadline)
        }
    }

    /// Reads to the end of the answer that the head announces; interim answers (1xx) are passed over.
    private func answer() throws(HTTPExchangeError) -> Answer {
        var bytes: [UInt8] = []
        while true {
            if let answer = try AnswerParser.parse(bytes, isEnded: false) { return answer }
            guard bytes.count <= Self.maximumAnswerBytes else { throw .answerMalformed }
            switch receive(&bytes) {
            case .bytes: continue
            case .late: throw .late(seconds: seconds)
            case .failed: throw .broken
            case .end:
                guard let answer = try AnswerParser.parse(bytes, isEnded: true) else { throw .broken }
                return answer
            }
        }
    }

    private func receive(_ bytes: inout [UInt8]) -> Received {
        withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 16) { buffer in
            let received = socket.receive(into: buffer, until: deadline)
            if case .bytes(let count) = received { bytes += buffer[..<count] }
            return received
        }
    }
}
