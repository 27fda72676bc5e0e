// A value that every request touches.
import Foundation

/// A value behind a lock that many threads want at once.
///
/// `Synchronization.Mutex` spins on Linux: with 64 connections on two cores it took half of all cycles and two thirds of the
/// throughput of `GET /healthz`. `NSLock` (a pthread mutex) sleeps instead.
final class Contended<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) { self.value = value }

    /// Runs `body` alone; keep it short.
    func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
