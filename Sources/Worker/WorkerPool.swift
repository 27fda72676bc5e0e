// Claim, run, save: the only place where computing and serving meet.
import Dispatch
import Domain
import Logging
import Store
import Synchronization

/// A fixed number of workers, each a loop on a Dispatch queue of its own at `.utility`, so that computing never takes a
/// thread that answers requests. A job ends once, whatever happens to its worker: the store's lease sees to that.
package final class WorkerPool: Sendable {
    /// The computation of one job. Synchronous; checks the cancellation; tells its progress as often as it likes.
    /// What it throws fails the job: a `Fault` as it is, anything else as `internal-fault`.
    package typealias Run =
        @Sendable (ClaimedJob, Cancellation, _ progress: @escaping @Sendable (StageProgress) -> Void) throws ->
        [Artifact]

    private let jobs: JobQueue
    private let settings: WorkerSettings
    private let logger: Logger
    private let run: Run
    private let watch: JobWatch
    private let loops = DispatchGroup()
    private let isStopping = Atomic<Bool>(false)
    /// Loops that could not reach the queue the last time they tried.
    private let loopsInTrouble = Atomic<Int>(0)

    package init(
        jobs: JobQueue, settings: WorkerSettings = WorkerSettings(), logger: Logger = Logger(label: "osteon.worker"),
        run: @escaping Run
    ) {
        self.jobs = jobs
        self.settings = settings
        self.logger = logger
        self.run = run
        watch = JobWatch(jobs: jobs, settings: settings, logger: logger)
    }

    /// Starts the workers; returns at once. Call once.
    package func start() {
        watch.start()
        for number in 0..<settings.width {
            // A serial queue each: Dispatch gives it a thread of its own, so the width neither shrinks nor grows.
            DispatchQueue(label: "osteon.worker-\(number)", qos: .utility).async(group: loops) { [self] in
                work(as: "worker-\(number)")
            }
        }
    }

    /// Stops the workers and returns when they have stopped. Jobs that run may end within `graceSeconds`; then they are
    /// asked to stop and go back to the queue as if they had not been tried. A second call waits longer.
    /// - Parameter stopSeconds: how long a computation may take to heed that; one that does not is left behind.
    /// - Returns: whether every computation has stopped.
    @discardableResult
    package func stop(graceSeconds: Double, stopSeconds: Double = 10) -> Bool {
        isStopping.store(true, ordering: .relaxed)
        jobs.wakeWaiters()
        var hasStopped = loops.wait(timeout: .now() + graceSeconds) == .success
        if !hasStopped {
            watch.drain()
            hasStopped = loops.wait(timeout: .now() + stopSeconds) == .success
        }
        if !hasStopped { watch.abandon() }
        watch.end()
        return hasStopped
    }

    /// Why no worker can take jobs now; nil while one can.
    package var fault: String? {
        if isStopping.load(ordering: .relaxed) { return "the workers are stopping" }
        return loopsInTrouble.load(ordering: .relaxed) >= settings.width ? "no worker can reach the job queue" : nil
    }

    private func work(as name: String) {
        var isInTrouble = false
        func note(trouble: Bool) {
            guard trouble != isInTrouble else { return }
            isInTrouble = trouble
            loopsInTrouble.add(trouble ? 1 : -1, ordering: .relaxed)
        }
        while true {
            // Read before all else: whatever happens from here on raises it, so that the wait below misses nothing.
            let version = jobs.arrivalVersion
            if isStopping.load(ordering: .relaxed) { return }
            do {
                let claimed = try jobs.claim(worker: name, leaseSeconds: settings.leaseSeconds)
                note(trouble: false)
                if let claimed {
                    carryOut(claimed)
                    continue
                }
            } catch {
                note(trouble: true)
                logger.error("no job could be claimed", metadata: ["error": "\(error)"])
            }
            jobs.waitForArrival(since: version, seconds: settings.pollSeconds)
        }
    }

    private func carryOut(_ claimed: ClaimedJob) {
        let job = RunningJob(claimed)
        watch.add(job)
        let result = Result { try run(claimed, job.cancellation, job.note) }
        watch.remove(job)
        var metadata: Logger.Metadata = [
            "job": "\(claimed.job.id)", "analysis": "\(claimed.job.request.analysis)",
            "attempt": "\(claimed.job.attempts)", "seconds": "\(job.seconds)",
        ]
        do {
            let outcome = try conclude(job, result)
            logger.info("job \(outcome)", metadata: metadata)
        } catch {
            metadata["error"] = "\(error)"
            logger.error("the end of a job could not be stored", metadata: metadata)
        }
    }

    /// Writes how the job ended. - Returns: that in words, for the log.
    private func conclude(_ job: RunningJob, _ result: Result<[Artifact], any Error>) throws -> String {
        switch (result, job.stopCause) {
        case (.success(let artifacts), _):
            return try save(artifacts, of: job)
        case (.failure, .cancelled):
            try jobs.confirmCancelled(job.lease)
            return "cancelled"
        case (.failure, .draining):
            try jobs.release(job.lease)
            return "released"
        case (.failure, .settled):
            return "stopped after its end was settled"
        case (.failure(let error), nil):
            let fault = WorkerError.fault(of: error)
            try jobs.fail(job.lease, fault, retryable: WorkerError.mayPass(fault))
            return "failed: \(fault.code.rawValue)"
        }
    }

    private func save(_ artifacts: [Artifact], of job: RunningJob) throws -> String {
        do {
            try jobs.finish(job.lease, artifacts: artifacts)
            return "done"
        } catch StoreError.leaseLost {
            return "refused: another worker has it, or it has ended"
        } catch {
            let fault = WorkerError.fault(of: error)
            try jobs.fail(job.lease, fault, retryable: WorkerError.mayPass(fault))
            return "failed: \(fault.code.rawValue)"
        }
    }
}
