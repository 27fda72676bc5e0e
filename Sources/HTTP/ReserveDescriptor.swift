// What keeps the server answering when the process has no descriptor left.
import Glibc

/// A descriptor held back for the time when there are none: given up to take a waiting connection and close it, so that the client
/// learns at once and does not hang in the kernel's queue.
struct ReserveDescriptor: ~Copyable {
    private var descriptor = Self.opened()

    private static let waitSeconds = 0.05  // our choice: how soon freed descriptors are noticed

    /// Closes one waiting connection, or waits a moment for descriptors to come free.
    /// - Returns: whether a connection was dropped.
    mutating func dropWaitingConnection(of listener: Listener) -> Bool {
        // The kernel reports exhaustion before it looks into the queue, which may be empty.
        guard listener.waits(seconds: Self.waitSeconds), descriptor >= 0 else {
            if descriptor < 0 {
                usleep(UInt32(Self.waitSeconds * 1e6))
                descriptor = Self.opened()
            }
            return false
        }
        close(descriptor)
        defer { descriptor = Self.opened() }
        guard case .connection(let socket, _) = listener.accept() else { return false }
        close(socket.descriptor)
        return true
    }

    private static func opened() -> Int32 { open("/dev/null", O_RDONLY | O_CLOEXEC) }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
