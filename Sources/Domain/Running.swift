// How a long computation tells where it is, and how it is told to stop.
import Synchronization

/// Where a computation stands: the stage's name and the part of the whole that is done, 0…1.
package struct StageProgress: Sendable, Codable, Hashable {
    package let stage: String
    package let fraction: Double

    package init(stage: String, fraction: Double) {
        self.stage = stage
        self.fraction = fraction
    }
}

/// A flag that asks a computation to stop. Checked between stages and slabs.
package final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    package init() {}

    /// Asks the computation to stop. Never blocks; may be called more than once, from any thread.
    package func cancel() { flag.store(true, ordering: .relaxed) }

    package var isCancelled: Bool { flag.load(ordering: .relaxed) }

    /// - Throws: `FaultRecord` with code `job-cancelled` once `cancel()` was called.
    package func check() throws(FaultRecord) {
        guard isCancelled else { return }
        throw FaultRecord(
            code: .jobCancelled, detail: "The job was cancelled before it finished.",
            fix: "Post the job again if its result is still wanted.")
    }
}
