// The widths and times of the worker pool.
import Foundation

/// How many jobs run at once, and how long things may take. All figures are our choice.
package struct WorkerSettings: Sendable {
    /// Jobs that run at once; by default one per core.
    package var width: Int
    /// A job may take this long; then it fails with `job-deadline-exceeded`.
    package var jobSeconds: Double
    /// A job whose worker was not heard of for this long is given to another.
    package var leaseSeconds: Double
    /// A running job is heard of at least this often; also how soon a worker learns of a cancellation.
    package var heartbeatSeconds: Double
    /// Progress is written at most this often.
    package var progressSeconds: Double
    /// How often an idle worker looks into the queue when nobody wakes it: for retries whose time has come.
    package var pollSeconds: Double

    package init(
        width: Int = ProcessInfo.processInfo.activeProcessorCount, jobSeconds: Double = 3600, leaseSeconds: Double = 30,
        heartbeatSeconds: Double = 1, progressSeconds: Double = 0.25, pollSeconds: Double = 1
    ) {
        self.width = width
        self.jobSeconds = jobSeconds
        self.leaseSeconds = leaseSeconds
        self.heartbeatSeconds = heartbeatSeconds
        self.progressSeconds = progressSeconds
        self.pollSeconds = pollSeconds
    }
}
