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
    private let running = Mutex<[Lease: RunningJob]>([:])

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

    func add(_ job: RunningJob) { running.withLock { $0[job.lease] = job } }

    func remove(_ job: RunningJob) { running.withLock { $0[job.lease] = nil } }

    /// Asks every running job to stop, to be run again by a later life of the server.
    func drain() {
        for job in current { job.stop(.draining) }
    }

    /// Gives back the jobs whose computation did not stop when asked; what it may still return is refused.
    func abandon() {
        for job in current {
            settle(job, "gave back a job that did not stop") { try jobs.release(job.lease) }
        }
    }

    private var current: [RunningJob] { running.withLock { Array($0.values) } }

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
