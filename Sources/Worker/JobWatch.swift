// The heartbeat of running jobs.
import Dispatch
import Domain
import Logging
import Store
import Synchronization

/// Speaks to the store for all running jobs of a pool, on a queue of its own so that no computation can delay it:
/// prolongs leases, writes progress, hears of cancellations, and ends jobs whose deadline has passed.
final class JobWatch: Sendable {
    private let jobs: JobQueue
    private let settings: WorkerSettings
    private let logger: Logger
    private let queue = DispatchQueue(label: "osteon.heartbeat", qos: .userInitiated)
    private let ended = DispatchSemaphore(value: 0)
    private let state = Mutex(State())

    private struct State {
        var running: [Lease: RunningJob] = [:]
        var isDraining = false
    }

    init(jobs: JobQueue, settings: WorkerSettings, logger: Logger) {
        self.jobs = jobs
        self.settings = settings
        self.logger = logger
    }

    func start() {
        queue.async { [self] in
            while ended.wait(timeout: .now() + settings.progressSeconds) == .timedOut {
                for job in current { beat(job) }
            }
        }
    }

    /// Ends the heartbeat once no job runs any more.
    func end() { ended.signal() }

    /// Watches a job; one that was claimed while the pool began to drain is asked to stop at once.
    func add(_ job: RunningJob) {
        let isLate = state.withLock {
            $0.running[job.lease] = job
            return $0.isDraining
        }
        if isLate { job.stop(.draining) }
    }

    func remove(_ job: RunningJob) { state.withLock { $0.running[job.lease] = nil } }

    /// Asks every job, running or about to, to stop and to be run again by a later life of the server.
    func drain() {
        state.withLock { $0.isDraining = true }
        for job in current { job.stop(.draining) }
    }

    /// Gives back the jobs whose computation did not stop when asked; what it may still return is refused.
    func abandon() {
        for job in current {
            settle(job, "gave back a job that did not stop") { try jobs.release(job.lease) }
        }
    }

    private var current: [RunningJob] { state.withLock { Array($0.running.values) } }

    private func beat(_ job: RunningJob) {
        if job.stopCause == .settled { return }
        if job.seconds >= settings.jobSeconds {
            let fault = WorkerError.deadline(seconds: settings.jobSeconds)
            return settle(job, "ended a job at its deadline") { try jobs.fail(job.lease, fault, retryable: false) }
        }
        guard let progress = job.progressToSave(silence: settings.heartbeatSeconds) else { return }
        do {
            let instruction = try jobs.heartbeat(job.lease, progress: progress, leaseSeconds: settings.leaseSeconds)
            if instruction == .cancel { job.stop(.cancelled) }
        } catch StoreError.leaseLost {
            job.stop(.settled)
        } catch {
            logger.warning("heartbeat failed", metadata: ["job": "\(job.lease.job)", "error": "\(error)"])
        }
    }

    private func settle(_ job: RunningJob, _ message: Logger.Message, _ write: () throws -> Void) {
        do {
            try write()
            logger.warning(message, metadata: ["job": "\(job.lease.job)"])
        } catch StoreError.leaseLost {
            // The worker, or a claim after a lost lease, was quicker.
        } catch {
            // The next beat tries again.
            logger.error("a job could not be ended", metadata: ["job": "\(job.lease.job)", "error": "\(error)"])
            return
        }
        job.stop(.settled)
    }
}
