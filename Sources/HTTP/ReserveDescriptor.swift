// What keeps the server answering when the process has no descriptor left.
import Glibc

/// A descriptor held back for the time when there are none: given up to take a waiting connection and close it, so that
/// the client learns at once and does not hang in the kernel's queue.
struct ReserveDescriptor: ~Copyable {
    private var descriptor = Self.opened()

    private static let pauseMicroseconds: UInt32 = 50_000  // our choice: between tries when even the reserve is lost

    /// Closes the connection that waits. - Returns: whether one was closed; not where the reserve itself is lost.
    mutating func dropWaitingConnection(of listener: Listener) -> Bool {
        guard descriptor >= 0 else {
            usleep(Self.pauseMicroseconds)
            descriptor = Self.opened()
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
