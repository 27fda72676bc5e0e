// A connected socket, with or without TLS: reading and writing with deadlines, on blocking calls.
import CSystem
import Glibc

/// Seconds on the monotonic clock.
enum Monotonic {
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

/// What came of a read.
enum Received: Equatable {
    case bytes(Int)
    /// The other end sent all it will send.
    case end
    /// The deadline passed.
    case late
    /// The connection is broken.
    case failed
}

struct Socket: Sendable {
    let descriptor: Int32
    /// What stands between the bytes and the wire; nil sends them as they are.
    var tls: TLSSession?

    /// Sets what every connection needs: no delay for small writes, and the limits of blocking calls.
    func prepare(receiveSeconds: Double, sendSeconds: Double) {
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        for (option, seconds) in [(SO_RCVTIMEO, receiveSeconds), (SO_SNDTIMEO, sendSeconds)] {
            let whole = Int(seconds)
            var limit = timeval(tv_sec: whole, tv_usec: max(1, Int((seconds - Double(whole)) * 1e6)))
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        tls?.prepare(receiveSeconds: receiveSeconds, sendSeconds: sendSeconds)
    }

    /// One blocking read of at most the `receiveSeconds` given to `prepare`.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Received {
        if let tls { return tls.receive(self, into: buffer, until: nil) }
        return received(recv(descriptor, buffer.baseAddress, buffer.count, 0), into: buffer)
            ?? receive(into: buffer)
    }

    /// One read that ends at a time on the monotonic clock.
    func receive(into buffer: UnsafeMutableRawBufferPointer, until deadline: Double) -> Received {
        if let tls { return tls.receive(self, into: buffer, until: deadline) }
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            if let result = received(count, into: buffer), result != .late { return result }
            guard wait(for: Int16(POLLIN), until: deadline) else { return .late }
        }
    }

    /// - Returns: nil where the call was interrupted and must be made again.
    private func received(_ count: Int, into buffer: UnsafeMutableRawBufferPointer) -> Received? {
        if count > 0 { return .bytes(count) }
        if count == 0 { return .end }
        switch errno {
        case EINTR: return nil
        case EAGAIN: return .late
        default: return .failed
        }
    }

    /// Waits for events. - Returns: false when the deadline passed first.
    func wait(for events: Int16, until deadline: Double) -> Bool {
        while true {
            let seconds = deadline - Monotonic.now()
            guard seconds > 0 else { return false }
            var request = pollfd(fd: descriptor, events: events, revents: 0)
            let milliseconds = min(seconds * 1000 + 1, 3_600_000)
            if poll(&request, 1, Int32(milliseconds)) > 0 { return true }
        }
    }

    /// The event of the other end closing the connection or its sending half.
    static let hangup = Int16(CSYSTEM_POLL_HANGUP)

    /// Whether the other end closed the connection or its sending half.
    var isHungUp: Bool { reports(Self.hangup) }

    /// Whether there is something to read: bytes, or the end.
    var hasInput: Bool { tls?.hasInput == true || reports(Int16(POLLIN)) }

    private func reports(_ event: Int16) -> Bool {
        var request = pollfd(fd: descriptor, events: event, revents: 0)
        return poll(&request, 1, 0) > 0 && request.revents != 0
    }

    /// Writes everything. - Throws: `HTTPStreamError` when the client is gone, takes nothing for the `sendSeconds`
    /// given to `prepare`, or has not taken all at the deadline.
    func send(_ bytes: ArraySlice<UInt8>, until deadline: Double, more: Bool = false) throws(HTTPStreamError) {
        if let tls { return try tls.send(self, bytes, until: deadline) }
        let flags = Int32(MSG_NOSIGNAL) | (more ? Int32(MSG_MORE) : 0)
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, flags) }
            try check(count)
            rest = rest.dropFirst(max(0, count))
            if !rest.isEmpty, Monotonic.now() > deadline { throw HTTPStreamError.stalled }
        }
    }

    /// Lets the kernel write a part of a file; throws as `send` does, and when the file ends early.
    func sendFile(_ file: Int32, from offset: Int, byteCount: Int, until deadline: Double) throws(HTTPStreamError) {
        if let tls { return try tls.sendFile(self, file, from: offset, byteCount: byteCount, until: deadline) }
        var place = off_t(offset)
        let end = off_t(offset + byteCount)
        while place < end {
            let count = sendfile(descriptor, file, &place, min(Int(end - place), 1 << 20))
            guard count != 0 else { throw HTTPStreamError.sourceEnded }
            try check(count)
            if place < end, Monotonic.now() > deadline { throw HTTPStreamError.stalled }
        }
    }

    private func check(_ count: Int) throws(HTTPStreamError) {
        guard count < 0 else { return }
        switch errno {
        case EINTR: return
        case EAGAIN: throw HTTPStreamError.stalled
        default: throw HTTPStreamError.clientGone
        }
    }

    /// Says that nothing more will be sent, then reads and drops what still comes, so that closing does not reset the
    /// connection before the client has read the answer (RFC 9112 §9.6).
    func linger(seconds: Double) {
        tls?.end()
        guard shutdown(descriptor, Int32(SHUT_WR)) == 0 else { return }
        let deadline = Monotonic.now() + seconds
        withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 16) { buffer in
            while case .bytes = receive(into: buffer, until: deadline), Monotonic.now() < deadline {}
        }
    }
}
