// Where ids come from.
import Foundation
import Synchronization

/// Makes UUIDs of version 7 (RFC 9562 §5.7) as lower-case text. Ids of one source sort in the order they were made:
/// the 12 bits after the milliseconds count up within one millisecond (§6.2, method 1).
final class IdentifierSource: Sendable {
    private struct Last {
        var milliseconds: UInt64 = 0
        var count: UInt64 = 0
    }
    private let last = Mutex(Last())

    /// A new id, stamped with `date`, or with the last id's time where the clock has gone back.
    func next(at date: Date) -> String {
        let clock = UInt64(max(0, date.timeIntervalSince1970 * 1000))
        let (milliseconds, count) = last.withLock { last in
            if clock > last.milliseconds {
                last = Last(milliseconds: clock, count: 0)
            } else if last.count == 0xfff {
                last = Last(milliseconds: last.milliseconds + 1, count: 0)
            } else {
                last.count += 1
            }
            return (last.milliseconds, last.count)
        }
        let high = milliseconds << 16 | 0x7000 | count
        let low = UInt64.random(in: 0..<1 << 62) | 1 << 63
        let digits = [high, low].map { hexadecimal($0) }.joined()
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
            .map { String(digits.dropFirst($0.lowerBound).prefix($0.count)) }.joined(separator: "-")
    }

    private func hexadecimal(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
