// A job while it runs: where it stands, and why it shall stop.
import Domain
import Store
import Synchronization

/// Shared by the worker that computes and the watch that speaks for it to the store.
final class RunningJob: Sendable {
    /// Why a job was told to stop before its end.
    enum StopCause: Sendable {
        /// A client cancelled it.
        case cancelled
        /// The server is going down; another life will run the job.
        case draining
        /// It is no longer this worker's to end: its deadline passed, or its lease was lost.
        case settled
    }

    private struct State {
        var progress: StageProgress
        var saved: StageProgress
        var savedAt: ContinuousClock.Instant
        var stopCause: StopCause?
    }

    let claimed: ClaimedJob
    let cancellation = Cancellation()
    let startedAt = ContinuousClock.now
    private let state: Mutex<State>

    init(_ claimed: ClaimedJob) {
        self.claimed = claimed
        state = Mutex(State(progress: claimed.job.progress, saved: claimed.job.progress, savedAt: .now))
    }

    var lease: Lease { claimed.lease }

    /// Why it was told to stop; nil while nobody did.
    var stopCause: StopCause? { state.withLock { $0.stopCause } }

    var seconds: Double { Double(seconds: .now - startedAt) }

    /// Notes where the computation stands; cheap, for the watch writes it.
    func note(_ progress: StageProgress) {
        state.withLock { $0.progress = progress }
    }

    /// Tells the computation to stop. The first cause counts.
    func stop(_ cause: StopCause) {
        state.withLock { $0.stopCause = $0.stopCause ?? cause }
        cancellation.cancel()
    }

    /// The progress that shall be written now: when it is new, or when `silence` has passed since the last; nil otherwise.
    func progressToSave(silence: Double) -> StageProgress? {
        state.withLock { state in
            guard state.progress != state.saved || Double(seconds: .now - state.savedAt) >= silence else { return nil }
            state.saved = state.progress
            state.savedAt = .now
            return state.progress
        }
    }
}

extension Double {
    /// A duration in seconds.
    init(seconds duration: Duration) {
        self = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}
