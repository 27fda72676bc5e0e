// The name of one request, in the answer, in problems and in the log.
import Synchronization

/// Gives ids that are unique over all processes: a random word per process, and a count.
final class RequestIDSource: Sendable {
    private let prefix = Array(
        (String(UInt64.random(in: 0x1000_0000_0000...0xFFFF_FFFF_FFFF), radix: 16) + "-").utf8)
    private let count = Atomic<UInt64>(0)

    func next() -> String {
        var rest = count.add(1, ordering: .relaxed).newValue
        let digits = max(1, (UInt64.bitWidth - rest.leadingZeroBitCount + 3) / 4)
        let length = prefix.count + digits
        return String(unsafeUninitializedCapacity: length) { bytes in
            _ = bytes.update(fromContentsOf: prefix)
            for place in (prefix.count..<length).reversed() {
                bytes[place] = Self.hexadecimal[Int(rest & 15)]
                rest >>= 4
            }
            return length
        }
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)

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
