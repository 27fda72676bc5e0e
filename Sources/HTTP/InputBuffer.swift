// The bytes that came in on a connection and were not used yet. One buffer per connection, kept for all its requests.
import Glibc

/// Used by one thread.
final class InputBuffer {
    private var storage: [UInt8]
    private var start = 0
    private var end = 0
    /// Nil for bytes that lie in memory from the beginning.
    private let socket: Socket?
    private let received: (Int) -> Void

    private static let firstCapacity = 8192  // our choice: heads of browsers are below 4 kB

    /// - Parameter received: told the size of each read, for the counters.
    init(socket: Socket, received: @escaping (Int) -> Void) {
        self.socket = socket
        self.received = received
        storage = [UInt8](repeating: 0, count: Self.firstCapacity)
    }

    init(bytes: [UInt8]) {
        socket = nil
        received = { _ in }
        storage = bytes
        end = bytes.count
    }

    var count: Int { end - start }

    /// What is there, without taking it.
    var bytes: ArraySlice<UInt8> { storage[start..<end] }

    /// Whether what is there begins with these bytes.
    func starts(with bytes: [UInt8]) -> Bool {
        guard bytes.count <= count else { return false }
        return storage.withUnsafeBytes { all in
            bytes.withUnsafeBytes { known in
                guard let known = known.baseAddress, let front = all.baseAddress else { return true }
                return memcmp(front + start, known, bytes.count) == 0
            }
        }
    }

    /// Drops bytes from the front.
    func drop(_ count: Int) {
        start += count
        if start == end { (start, end) = (0, 0) }
    }

    /// Moves bytes from the front out. - Returns: how many, 0 when there are none.
    func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let taken = min(count, buffer.count)
        storage.withUnsafeBytes { source in
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[start..<(start + taken)]))
        }
        drop(taken)
        return taken
    }

    /// Reads more behind what is there, and grows for it when full. The caller bounds the growth.
    /// - Parameter deadline: on the monotonic clock; nil waits as long as the socket's own limit.
    func fill(until deadline: Double?) -> Received {
        guard let socket else { return .end }
        if end == storage.count { makeRoom() }
        let result = storage.withUnsafeMutableBytes { all in
            let room = UnsafeMutableRawBufferPointer(rebasing: all[end...])
            return deadline.map { socket.receive(into: room, until: $0) } ?? socket.receive(into: room)
        }
        return counted(result) { end += $0 }
    }

    /// Reads past the buffer, which must be empty, straight into memory of the caller.
    func receive(into buffer: UnsafeMutableRawBufferPointer, until deadline: Double) -> Received {
        guard let socket else { return .end }
        return counted(socket.receive(into: buffer, until: deadline)) { _ in }
    }

    /// Writes to the client in the middle of reading from it.
    func interject(_ text: String, until deadline: Double) {
        guard let socket else { return }
        // A client that is gone shows at the read that follows.
        try? socket.send(Array(text.utf8)[...], until: deadline)
    }

    private func makeRoom() {
        if start > 0 {
            storage.removeFirst(start)
            storage.append(contentsOf: repeatElement(0, count: start))
            (start, end) = (0, end - start)
        } else {
            storage.append(contentsOf: repeatElement(0, count: storage.count))
        }
    }

    private func counted(_ result: Received, _ note: (Int) -> Void) -> Received {
        if case .bytes(let count) = result {
            note(count)
            received(count)
        }
        return result
    }
}
