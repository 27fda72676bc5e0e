// Puts a response on the wire.
import Glibc

/// How the request asks for its answer to be framed.
struct ResponseFraming {
    /// Whether the body is left out and only described.
    let isHead: Bool
    let minorVersion: Int
    /// Whether the connection stays open afterwards.
    let keepsAlive: Bool
}

/// Used by one thread, for all the responses of a connection.
final class ResponseWriter {
    private let handle: ConnectionHandle
    private let counters: CounterBank
    private var output: [UInt8] = []
    private var date = HTTPDate()

    /// A body up to this size is sent in one write with its head.
    private static let smallBodyBytes = 64 * 1024  // our choice

    init(handle: ConnectionHandle, counters: CounterBank) {
        self.handle = handle
        self.counters = counters
    }

    /// Sends a response whole.
    /// - Parameter deadline: for the last byte, on the monotonic clock; streams are exempt.
    /// - Throws: `HTTPStreamError`, or what a stream's closure threw. The connection must be closed then.
    func write(_ selected: SelectedResponse, framing: ResponseFraming, until deadline: Double) throws {
        let response = selected.response
        let bodyless = framing.isHead || HTTPResponse.isBodyless(response.status)
        output.removeAll(keepingCapacity: true)
        output.appendHead(of: selected, framing: framing, date: date.now())
        switch response.body {
        case _ where bodyless:
            try send(output[...], until: deadline)
        case .empty:
            try send(output[...], until: deadline)
        case .bytes(let bytes):
            try write(bytes[(selected.part ?? bytes.indices)], until: deadline)
        case .file(let path, let byteCount):
            try write(path: path, part: selected.part ?? 0..<byteCount, until: deadline)
        case .stream(let make):
            try send(output[...], until: deadline)
            let writer = HTTPStreamWriter(
                socket: handle.socket, isChunked: framing.minorVersion > 0, handle: handle, sent: counters.noteSent)
            try handle.interruptible {
                try make(writer)
                try writer.finish()
            }
        }
    }

    private func write(_ body: ArraySlice<UInt8>, until deadline: Double) throws(HTTPStreamError) {
        if body.count <= Self.smallBodyBytes {
            output += body
            try send(output[...], until: deadline)
        } else {
            try send(output[...], until: deadline, more: true)
            try send(body, until: deadline)
        }
    }

    private func write(path: String, part: Range<Int>, until deadline: Double) throws(HTTPStreamError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw HTTPStreamError.sourceEnded }
        defer { close(file) }
        try send(output[...], until: deadline, more: !part.isEmpty)
        try handle.socket.sendFile(file, from: part.lowerBound, byteCount: part.count, until: deadline)
        counters.noteSent(part.count)
    }

    private func send(_ bytes: ArraySlice<UInt8>, until deadline: Double, more: Bool = false) throws(HTTPStreamError) {
        try handle.socket.send(bytes, until: deadline, more: more)
        counters.noteSent(bytes.count)
    }
}

extension [UInt8] {
    /// The status line, the fields and the blank line.
    fileprivate mutating func appendHead(of selected: SelectedResponse, framing: ResponseFraming, date: [UInt8]) {
        let response = selected.response
        let isBodyless = HTTPResponse.isBodyless(response.status)
        append("HTTP/1.1 ")
        append(String(response.status))
        append(" ")
        append(HTTPStatus.reason(response.status))
        append("\r\n")
        for field in response.headers where !Self.isOwn(field.name) {
            append(field.name)
            append(": ")
            appendValue(field.value)
            append("\r\n")
        }
        append("Date: ")
        self += date
        append("\r\n")
        if let byteCount = selected.part?.count ?? response.body.byteCount {
            if !isBodyless {
                append("Content-Length: ")
                append(String(byteCount))
                append("\r\n")
            }
        } else if framing.minorVersion > 0 && !isBodyless {
            append("Transfer-Encoding: chunked\r\n")
        }
        if !framing.keepsAlive {
            append("Connection: close\r\n")
        } else if framing.minorVersion == 0 {
            append("Connection: keep-alive\r\n")
        }
        append("\r\n")
    }

    /// Whether a field is set by the server, whatever the response says.
    private static func isOwn(_ name: String) -> Bool {
        switch name.utf8.count {
        case 4: name.equalsIgnoringCase("Date")
        case 10: name.equalsIgnoringCase("Connection")
        case 14: name.equalsIgnoringCase("Content-Length")
        case 17: name.equalsIgnoringCase("Transfer-Encoding")
        default: false
        }
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: $0) }
    }

    /// A control character would end the field or the head: it becomes a space.
    private mutating func appendValue(_ value: String) {
        var value = value
        value.withUTF8 { bytes in
            let controls = bytes.reduce(into: 0) { count, byte in count += byte.isControl ? 1 : 0 }
            if controls == 0 {
                append(contentsOf: bytes)
            } else {
                append(contentsOf: bytes.map { $0.isControl ? 0x20 : $0 })
            }
        }
    }
}
