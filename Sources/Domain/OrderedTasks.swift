// Independent tasks on a few threads, with results in their order.
import Dispatch
import Synchronization

/// The results of `task` for 0 ..< `count`, in order, whatever thread computed which.
///
/// Threads take the next task as they become free. They are Dispatch's, at the caller's quality of service, and the caller is
/// one of them.
/// - Throws: the error of a task that failed, of several that with the lowest index; no task is started after a failure.
package func inOrder<Value: Sendable, Failure: Error>(
    _ count: Int, threads: Int, _ task: @Sendable (Int) throws(Failure) -> Value
) throws(Failure) -> [Value] {
    var results = [Result<Value, Failure>?](repeating: nil, count: count)
    let next = Atomic<Int>(0)
    results.withUnsafeMutableBufferPointer { results in
        // Each task writes its own element only.
        nonisolated(unsafe) let results = results
        DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
            while true {
                let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard i < count else { return }
                do throws(Failure) {
                    results[i] = .success(try task(i))
                } catch {
                    results[i] = .failure(error)
                    next.store(count, ordering: .relaxed)
                }
            }
        }
    }
    var values: [Value] = []
    values.reserveCapacity(count)
    for result in results {
        if let result { values.append(try result.get()) }
    }
    return values
}
