// What is stored, counted, for `GET /metrics`.
import Audits
import Domain
import Store

/// The store's figures at one moment. Every series is there, with zeros.
struct StoredFigures {
    let queue: QueueStatistics
    /// Failed jobs by code.
    let failures: [FaultCode: Int]
    let deliveries: [Delivery.State: Int]
    /// By kind.
    let audits: [String: Int]

    func write(to text: inout PrometheusText) {
        text.family("osteon_jobs", .gauge, "Stored jobs, by state.")
        for state in JobState.allCases {
            text.sample("osteon_jobs", [("state", state.rawValue)], Double(queue.counts[state, default: 0]))
        }
        text.family("osteon_jobs_failed", .gauge, "Stored jobs that failed, by the code of their fault.")
        for code in FaultCode.allCases {
            text.sample("osteon_jobs_failed", [("code", code.rawValue)], Double(failures[code, default: 0]))
        }
        text.single(
            "osteon_queue_depth", .gauge, "Jobs that wait.", Double(queue.counts[.queued, default: 0]))
        text.single("osteon_queue_limit", .gauge, "Jobs that may wait.", Double(queue.queueLimit))
        text.single(
            "osteon_queue_oldest_age_seconds", .gauge, "How long the oldest waiting job has waited; 0 when none waits.",
            max(0, queue.oldestQueuedAgeSeconds ?? 0))
        text.family("osteon_deliveries", .gauge, "Deliveries to the PACS, by state.")
        for state in Delivery.State.allCases {
            text.sample("osteon_deliveries", [("state", state.rawValue)], Double(deliveries[state, default: 0]))
        }
        text.family("osteon_audits", .gauge, "Stored agreement audits, by kind.")
        for kind in AuditKind.allCases {
            text.sample("osteon_audits", [("kind", kind.rawValue)], Double(audits[kind.rawValue, default: 0]))
        }
    }
}
