// The listening socket: where connections come from.
import CSystem
import Glibc

/// Why the server could not start.
package struct HTTPServerError: Error, CustomStringConvertible {
    /// What could not be done, with the address and the system's own words.
    package let description: String
}

struct Listener: Sendable {
    private let descriptor: Int32
    let port: Int

    /// What came of waiting for a connection.
    enum Accepted {
        case connection(Socket, remoteAddress: String)
        /// Descriptors or memory ran out; the connection still waits in the kernel's queue.
        case exhausted
        case closed
    }

    /// Binds and listens. A name with several addresses takes the first that works.
    init(host: String, port: Int) throws(HTTPServerError) {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &found)
        guard status == 0 else {
            throw HTTPServerError(description: "cannot listen on \(host): \(String(cString: gai_strerror(status)))")
        }
        defer { freeaddrinfo(found) }
        var candidate = found
        while let address = candidate?.pointee {
            if let descriptor = Self.bound(to: address) {
                self.descriptor = descriptor
                self.port = Self.port(of: descriptor)
                return
            }
            candidate = address.ai_next
        }
        throw HTTPServerError(
            description: "cannot listen on \(host) port \(port): \(String(cString: strerror(errno)))")
    }

    private static func bound(to address: addrinfo) -> Int32? {
        let descriptor = socket(
            address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), address.ai_protocol)
        guard descriptor >= 0 else { return nil }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        if bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, listen(descriptor, SOMAXCONN) == 0 {
            return descriptor
        }
        let reason = errno
        Glibc.close(descriptor)
        errno = reason
        return nil
    }

    private static func port(of descriptor: Int32) -> Int {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        withUnsafeMutableBytes(of: &address) { bytes in
            _ = getsockname(descriptor, bytes.bindMemory(to: sockaddr.self).baseAddress, &length)
        }
        // The port lies at the same place, bytes 2 and 3, in the addresses of IPv4 and IPv6.
        return withUnsafeBytes(of: &address) { Int($0[2]) << 8 | Int($0[3]) }
    }

    /// Waits for a connection.
    func accept() -> Accepted {
        while true {
            var peer = sockaddr_storage()
            let descriptor = csystem_accept(self.descriptor, &peer)
            if descriptor >= 0 {
                return .connection(Socket(descriptor: descriptor), remoteAddress: Self.numeric(&peer))
            }
            switch errno {
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted
            case EBADF, EINVAL, ENOTSOCK: return .closed
            default: continue  // the connection ended before it was taken, or a signal came
            }
        }
    }

    /// Waits for a connection without taking it. - Returns: whether there is one, or the listener was shut.
    func waits(seconds: Double) -> Bool {
        Socket(descriptor: descriptor).wait(for: Int16(POLLIN), until: Monotonic.now() + seconds)
    }

    /// Makes `accept` return `.closed`, and refuses new connections. The descriptor stays taken until `close`.
    func shut() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    func close() { Glibc.close(descriptor) }

    private static func numeric(_ peer: inout sockaddr_storage) -> String {
        let size = 64
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { text in
            let status = withUnsafeBytes(of: &peer) { bytes in
                getnameinfo(
                    bytes.bindMemory(to: sockaddr.self).baseAddress, socklen_t(bytes.count), text.baseAddress,
                    socklen_t(size), nil, 0, NI_NUMERICHOST)
            }
            guard status == 0, let start = text.baseAddress else { return "" }
            return String(cString: start)
        }
    }
}
