// A wish for a job, and what became of it.
import Domain

/// What is to be done, and how to know the same wish when it is sent again.
package struct JobOrder: Sendable {
    /// Given to `StudyStore.insert`, its `study` is not looked at, and any `mask` stands for the one that comes along.
    package var request: AnalysisRequest
    /// The client's `Idempotency-Key`; nil makes a new job each time.
    package let idempotencyKey: String?
    /// A digest of everything the client sent that makes the request what it is. The same key with another digest is refused.
    package let requestDigest: String

    package init(request: AnalysisRequest, idempotencyKey: String? = nil, requestDigest: String = "") {
        self.request = request
        self.idempotencyKey = idempotencyKey
        self.requestDigest = requestDigest
    }

    func on(study id: String, mask: String?) -> JobOrder {
        var order = self
        order.request.study = id
        if request.mask != nil { order.request.mask = mask ?? request.mask }
        return order
    }
}

/// The job of an order: a new one, or the one that the same order made before.
package enum Enqueued: Sendable {
    case created(Job)
    case existing(Job)

    package var job: Job {
        switch self {
        case .created(let job), .existing(let job): job
        }
    }
}

/// How many jobs may wait, and how often one may be tried. The figures are our choice.
package struct JobLimits: Sendable {
    /// Jobs that may wait; one more is refused.
    package var queued: Int
    /// Claims after which a job that keeps failing or losing its worker is given up.
    package var attempts: Int
    /// Seconds until the first retry; each later one waits twice as long, at most five minutes.
    package var backoffSeconds: Double

    package init(queued: Int = 256, attempts: Int = 3, backoffSeconds: Double = 2) {
        self.queued = queued
        self.attempts = attempts
        self.backoffSeconds = backoffSeconds
    }

    /// No retry waits longer; our choice. What waits longer by the clock does so because the clock was set back.
    static let longestWaitSeconds = 300.0

    func backoffSeconds(afterAttempt attempt: Int) -> Double {
        var wait = backoffSeconds
        for _ in 1..<max(2, attempt) where attempt > 1 && wait < Self.longestWaitSeconds { wait *= 2 }
        return min(wait, Self.longestWaitSeconds)
    }
}

/// The queue at one moment, for metrics and `Retry-After`.
package struct QueueStatistics: Sendable, Hashable {
    /// Jobs in each state; every state is present.
    package let counts: [JobState: Int]
    /// How long the oldest waiting job has waited; nil when none waits.
    package let oldestQueuedAgeSeconds: Double?
    /// Jobs that may wait.
    package let queueLimit: Int

    package var isFull: Bool { counts[.queued, default: 0] >= queueLimit }
}
