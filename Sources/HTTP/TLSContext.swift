// TLS on the server's connections: certificates, and one session for each connection.
import CSystem
import Glibc
import Synchronization

/// Why TLS cannot be had.
package struct TLSError: Error, CustomStringConvertible {
    /// What is wrong with the files, in OpenSSL's words.
    package let description: String
}

/// The certificate that the server shows, and whom it lets in: read at the start, and again when told.
package final class TLSContext: Sendable {
    private let files: Files
    private let context: Mutex<Loaded>

    private struct Files {
        let certificate: String
        let key: String
        let clientAuthority: String?
    }

    /// What was made of the files. OpenSSL counts the sessions that use it, so that it may go before they do.
    private struct Loaded: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    /// - Parameters:
    ///   - certificate: PEM file with the certificate and whatever leads from it to its authority.
    ///   - key: PEM file with its private key, not encrypted.
    ///   - clientAuthority: PEM file; only clients with a certificate of it are let in. nil lets in everybody.
    /// - Throws: `TLSError`.
    package init(certificate: String, key: String, clientAuthority: String?) throws(TLSError) {
        files = Files(certificate: certificate, key: key, clientAuthority: clientAuthority)
        context = Mutex(try Self.load(files))
    }

    deinit { context.withLock { csystem_tls_context_free($0.pointer) } }

    /// Reads the files again. Connections that come from then on see what is in them; those that are open stay as they are.
    /// - Throws: `TLSError`; nothing has changed then.
    package func reload() throws(TLSError) {
        let fresh = try Self.load(files)
        let old = context.withLock { context in
            defer { context = fresh }
            return context
        }
        csystem_tls_context_free(old.pointer)
    }

    private static func load(_ files: Files) throws(TLSError) -> Loaded {
        var message = [CChar](repeating: 0, count: 256)
        let made = csystem_tls_context_new(
            files.certificate, files.key, files.clientAuthority, &message, message.count)
        guard let made else {
            let words = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw TLSError(description: "TLS cannot be set up: \(words)")
        }
        return Loaded(pointer: made)
    }

    /// A session on a new connection, which no longer blocks from then on; nil when there is no memory.
    func session(on descriptor: Int32) -> TLSSession? {
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 else { return nil }
        let session = context.withLock { csystem_tls_new($0.pointer, descriptor).map(TLSSession.init) }
        return session
    }
}

/// What came of a handshake.
enum Handshake {
    case done
    /// The client speaks HTTP without TLS.
    case plain
    case failed
}

/// TLS of one connection. Used by its thread only.
final class TLSSession: @unchecked Sendable {
    // Unchecked: a socket is passed between threads before it is used and after.
    private let session: OpaquePointer
    private var receiveSeconds = 60.0
    private var sendSeconds = 30.0

    init(_ session: OpaquePointer) { self.session = session }

    deinit { csystem_tls_free(session) }

    func prepare(receiveSeconds: Double, sendSeconds: Double) {
        (self.receiveSeconds, self.sendSeconds) = (receiveSeconds, sendSeconds)
    }

    func handshake(_ socket: Socket, until deadline: Double) -> Handshake {
        while true {
            let result = csystem_tls_accept(session)
            switch Int(result) {
            case 1: return .done
            case Int(CSYSTEM_TLS_PLAIN): return .plain
            default: guard waits(socket, result, until: deadline) == .bytes(0) else { return .failed }
            }
        }
    }

    func receive(_ socket: Socket, into buffer: UnsafeMutableRawBufferPointer, until deadline: Double?) -> Received {
        let deadline = deadline ?? Monotonic.now() + receiveSeconds
        while true {
            let count = csystem_tls_read(session, buffer.baseAddress, buffer.count)
            if count > 0 { return .bytes(count) }
            let wait = waits(socket, count, until: deadline)
            guard wait == .bytes(0) else { return wait }
        }
    }

    /// Whether bytes wait that the socket does not tell of.
    var hasInput: Bool { csystem_tls_pending(session) == 1 }

    func send(_ socket: Socket, _ bytes: ArraySlice<UInt8>, until deadline: Double) throws(HTTPStreamError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { csystem_tls_write(session, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
                if !rest.isEmpty, Monotonic.now() > deadline { throw .stalled }
                continue
            }
            switch waits(socket, count, until: Monotonic.now() + sendSeconds) {
            case .bytes: continue
            case .late: throw .stalled
            default: throw .clientGone
            }
        }
    }

    /// The kernel cannot encrypt a file by itself: it is read in pieces.
    func sendFile(
        _ socket: Socket, _ file: Int32, from offset: Int, byteCount: Int, until deadline: Double
    ) throws(HTTPStreamError) {
        var piece = [UInt8](repeating: 0, count: min(byteCount, Self.pieceBytes))
        var place = offset
        while place < offset + byteCount {
            let count = pread(file, &piece, min(piece.count, offset + byteCount - place), off_t(place))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .sourceEnded }
            try send(socket, piece[..<count], until: deadline)
            place += count
        }
    }

    private static let pieceBytes = 256 << 10  // our choice

    /// Tells the client that nothing more comes.
    func end() { csystem_tls_end(session) }

    /// - Returns: no bytes when the call is to be made again.
    private func waits(_ socket: Socket, _ result: Int, until deadline: Double) -> Received {
        let events: Int16
        switch result {
        case Int(CSYSTEM_TLS_END): return .end
        case Int(CSYSTEM_TLS_WANTS_INPUT): events = Int16(POLLIN)
        case Int(CSYSTEM_TLS_WANTS_ROOM): events = Int16(POLLOUT)
        default: return .failed
        }
        return socket.wait(for: events, until: deadline) ? .bytes(0) : .late
    }
}
