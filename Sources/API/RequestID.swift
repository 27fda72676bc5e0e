// The name of one request, in the answer, in problems and in the log.
import Synchronization

/// Gives ids that are unique over all processes: a random word per process, and a count.
final class RequestIDSource: Sendable {
    private let prefix = String(UInt64.random(in: 0x1000_0000_0000...0xFFFF_FFFF_FFFF), radix: 16)
    private let count = Atomic<UInt64>(0)

    func next() -> String {
        prefix + "-" + String(count.add(1, ordering: .relaxed).newValue, radix: 16)
    }

    /// The client's own id where it is plain (letters, digits, `-`, `_`, `.`, at most 64), else a new one.
    func id(sent: String?) -> String {
        guard let sent, (1...64).contains(sent.utf8.count), sent.utf8.allSatisfy(Self.isPlain) else { return next() }
        return sent
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        }
    }
}
