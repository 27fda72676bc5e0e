// The body of a request, read from the socket piece by piece while the responder asks for it.

/// Why a body could not be read to its end.
package enum HTTPBodyError: Error, Equatable {
    /// It is longer than the server, or the caller of `readAll`, allows.
    case tooLarge(limitBytes: Int)
    /// The client went away before the end. `receivedBytes` came, chunk framing not counted.
    case cut(receivedBytes: Int)
    /// Its chunk framing breaks RFC 9112 §7.1.
    case malformedChunk
    /// No byte came for `seconds`, or it came too slowly, or the request took longer than it may.
    case deadline(seconds: Double)
}

/// The body of one request. Never whole in memory unless `readAll` asks for it. Reading sends the `100 Continue` that a
/// client waits for.
///
/// Unchecked: handed from the server to one responder and used by one thread at a time, never by two.
package final class HTTPBody: @unchecked Sendable {
    /// The Content-Length, 0 where there is no body, nil where the length shows only at the end (chunked).
    package let declaredByteCount: Int?
    /// How many bytes of the body were read so far.
    package private(set) var receivedByteCount = 0

    private let input: InputBuffer
    private let limits: BodyLimits
    private var framing: Framing
    private var failure: HTTPBodyError?
    private var owesContinue: Bool
    private var waitedSeconds = 0.0

    private enum Framing {
        case length(remaining: Int)
        case chunked(ChunkDecoder)
    }

    init(input: InputBuffer, framing: BodyFraming, expectsContinue: Bool, limits: BodyLimits) {
        self.input = input
        self.limits = limits
        owesContinue = expectsContinue
        switch framing {
        case .length(let count):
            declaredByteCount = count
            self.framing = .length(remaining: count)
        case .chunked:
            declaredByteCount = nil
            self.framing = .chunked(ChunkDecoder())
        }
    }

    /// A body that lies in memory, for tests of responders and of parsers.
    package convenience init(bytes: [UInt8]) {
        self.init(
            input: InputBuffer(bytes: bytes), framing: .length(bytes.count), expectsContinue: false,
            limits: BodyLimits(HTTPServerConfiguration(), requestDeadline: .infinity))
    }

    /// The next bytes: at least one and at most `count` (above 0), nil at the end. May be fewer than `count` before the
    /// end.
    /// - Throws: what ended the body early; then again on every call.
    package func read(atMost count: Int) throws(HTTPBodyError) -> [UInt8]? {
        var failure: HTTPBodyError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(HTTPBodyError) {
                initialized = try read(into: UnsafeMutableRawBufferPointer(buffer))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes.isEmpty ? nil : bytes
    }

    /// The whole body, for small ones. - Throws: `tooLarge` above `limit`, before reading where the length was
    /// declared.
    package func readAll(limit: Int) throws(HTTPBodyError) -> [UInt8] {
        if let declaredByteCount, declaredByteCount > limit { throw HTTPBodyError.tooLarge(limitBytes: limit) }
        var all: [UInt8] = []
        all.reserveCapacity(declaredByteCount ?? 0)
        while let piece = try read(atMost: 64 * 1024) {
            guard all.count + piece.count <= limit else { throw HTTPBodyError.tooLarge(limitBytes: limit) }
            all += piece
        }
        return all
    }

    /// Writes the next bytes into memory of the caller, which is not empty. - Returns: how many, 0 at the end.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPBodyError) -> Int {
        if let failure { throw failure }
        do throws(HTTPBodyError) {
            let count = try readFraming(into: buffer)
            receivedByteCount += count
            guard receivedByteCount <= limits.maximumBytes else {
                throw HTTPBodyError.tooLarge(limitBytes: limits.maximumBytes)
            }
            return count
        } catch {
            failure = error
            throw error
        }
    }

    private func readFraming(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPBodyError) -> Int {
        switch framing {
        case .length(let remaining):
            guard remaining > 0 else { return 0 }
            let count = try take(min(remaining, buffer.count), into: buffer)
            framing = .length(remaining: remaining - count)
            return count
        case .chunked(var decoder):
            let open = try decoder.advance { () throws(HTTPBodyError) in try nextByte() }
            var count = 0
            if open > 0 {
                count = try take(min(open, buffer.count), into: buffer)
                decoder.consume(count)
            }
            framing = .chunked(decoder)
            return count
        }
    }

    /// Moves bytes that belong to the body out, from the buffer or, when that is empty, straight from the socket.
    private func take(_ count: Int, into buffer: UnsafeMutableRawBufferPointer) throws(HTTPBodyError) -> Int {
        let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
        if input.count > 0 { return input.take(into: room) }
        return try waiting { deadline in input.receive(into: room, until: deadline) }
    }

    private func nextByte() throws(HTTPBodyError) -> UInt8 {
        if input.count == 0 { _ = try waiting { deadline in input.fill(until: deadline) } }
        guard let byte = input.bytes.first else { throw cut }
        input.drop(1)
        return byte
    }

    /// Reads from the socket within the limits of time.
    private func waiting(_ receive: (Double) -> Received) throws(HTTPBodyError) -> Int {
        let start = Monotonic.now()
        let deadline = min(start + limits.stallSeconds, limits.requestDeadline)
        sendContinue(until: deadline)
        let result = receive(deadline)
        waitedSeconds += Monotonic.now() - start
        switch result {
        case .bytes(let count):
            guard
                waitedSeconds < limits.stallSeconds
                    || Double(receivedByteCount) >= limits.minimumBytesPerSecond * waitedSeconds
            else { throw HTTPBodyError.deadline(seconds: waitedSeconds) }
            return count
        case .late: throw HTTPBodyError.deadline(seconds: waitedSeconds)
        case .end, .failed: throw cut
        }
    }

    private var cut: HTTPBodyError { .cut(receivedBytes: receivedByteCount) }

    private func sendContinue(until deadline: Double) {
        guard owesContinue else { return }
        owesContinue = false
        input.interject("HTTP/1.1 100 Continue\r\n\r\n", until: deadline)
    }

    /// What the server must know before it answers: whether the connection can serve another request after this body.
    ///
    /// Not where the body broke, where its rest is long or of unknown length, and not where the client still waits for
    /// a `100 Continue`: after a final status it may send the body or leave it out (RFC 9110 §10.1.1), and the server
    /// cannot tell which.
    func isDiscardable(upTo limit: Int) -> Bool {
        guard failure == nil else { return false }
        switch framing {
        case .length(let remaining): return remaining == 0 || (!owesContinue && remaining <= limit)
        case .chunked(let decoder): return decoder.isAtEnd
        }
    }

    /// Reads and drops the rest. - Returns: whether the end was reached.
    func discard() -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 16) { buffer in
            while let count = try? read(into: buffer) { if count == 0 { return true } }
            return false
        }
    }
}

/// What a body may take, from the configuration and the request's start.
struct BodyLimits {
    let maximumBytes: Int
    let stallSeconds: Double
    let minimumBytesPerSecond: Double
    /// On the monotonic clock.
    let requestDeadline: Double

    init(_ configuration: HTTPServerConfiguration, requestDeadline: Double) {
        maximumBytes = configuration.maximumBodyBytes
        stallSeconds = configuration.bodyStallSeconds
        minimumBytesPerSecond = configuration.minimumBodyBytesPerSecond
        self.requestDeadline = requestDeadline
    }
}
