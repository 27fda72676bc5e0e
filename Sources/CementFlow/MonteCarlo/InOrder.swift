// Independent runs on a few threads, with results in their order.
import Dispatch
import Synchronization

/// The results of `task` for 0 ..< `count`, in order, whatever thread computed which. Threads are Dispatch's, at the caller's quality
/// of service, and the caller is one of them.
///
/// - Throws: the error of the first task that failed; tasks after it are not started.
func inOrder<Value: Sendable>(
    _ count: Int, threads: Int, _ task: @Sendable (Int) throws -> Value
) throws -> [Value] {
    guard threads > 1, count > 1 else { return try (0..<count).map(task) }
    var results = [Result<Value, any Error>?](repeating: nil, count: count)
    let next = Atomic<Int>(0)
    results.withUnsafeMutableBufferPointer { results in
        // Each task writes its own element only.
        nonisolated(unsafe) let results = results
        DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
            while true {
                let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard i < count else { return }
                results[i] = Result { try task(i) }
                if case .failure = results[i] { next.store(count, ordering: .relaxed) }
            }
        }
    }
    for case .failure(let error) in results.compactMap({ $0 }) { throw error }
    return try results.compactMap { try $0?.get() }
}
