// Counts what the service does, for `GET /metrics`.
import Audits
import Domain
import Foundation
import Store

/// The figures of this process since it started. Every series exists from the start, with zeros.
package final class ServiceMetrics: Sendable {
    private struct RouteFigures {
        /// Answers by the first digit of their status, 1…5.
        var answers = [0, 0, 0, 0, 0]
        var durations = Histogram.requests

        mutating func note(status: Int, seconds: Double) {
            answers[min(max(status / 100, 1), 5) - 1] += 1
            durations.observe(seconds)
        }
    }
    private struct Figures {
        var routes: [RouteName?: RouteFigures]
        var stages: [String: Histogram]
        var uploadBytes = 0
        var problems: [FaultCode: Int] = [:]
    }

    private let version: String
    private let start = Date()
    private let figures: Contended<Figures>

    /// - Parameters:
    ///   - version: of the running program.
    ///   - stages: the stages whose durations will be reported; without any, that histogram is left out.
    package init(version: String, stages: [String] = []) {
        self.version = version
        let perStage = Dictionary(stages.map { ($0, Histogram.stages) }, uniquingKeysWith: { first, _ in first })
        let perRoute = Dictionary(uniqueKeysWithValues: Self.routes.map { ($0, RouteFigures()) })
        figures = Contended(Figures(routes: perRoute, stages: perStage))
    }

    /// Every route, and nil for requests that no route took.
    private static let routes: [RouteName?] = RouteName.allCases + [nil]

    /// Adds the wall time of a stage of a job.
    package func observe(stage: String, seconds: Double) {
        figures.withLock { $0.stages[stage, default: .stages].observe(seconds) }
    }

    func observe(_ route: RouteName?, status: Int, seconds: Double) {
        figures.withLock { $0.routes[route, default: RouteFigures()].note(status: status, seconds: seconds) }
    }

    func observe(_ problem: FaultCode) {
        figures.withLock { $0.problems[problem, default: 0] += 1 }
    }

    func addUpload(bytes: Int) {
        figures.withLock { $0.uploadBytes += bytes }
    }

    /// The exposition: this process's counts, what is stored, and the kernel's figures.
    func text(_ stored: StoredFigures) -> String {
        let figures = figures.withLock { $0 }
        var text = PrometheusText()
        write(figures, to: &text)
        stored.write(to: &text)
        write(ProcessFigures.now(), to: &text)
        return text.text
    }

    private func write(_ figures: Figures, to text: inout PrometheusText) {
        text.family("osteon_http_requests_total", .counter, "Requests answered, by route and class of status.")
        for route in Self.routes {
            for (index, count) in (figures.routes[route]?.answers ?? []).enumerated() where index > 0 {
                let labels = RouteName.labels(route) + [("status", "\(index + 1)xx")]
                text.sample("osteon_http_requests_total", labels, Double(count))
            }
        }
        text.family("osteon_http_request_duration_seconds", .histogram, "From a request's head to its answer.")
        for route in Self.routes {
            figures.routes[route]?.durations.write(
                "osteon_http_request_duration_seconds", labels: RouteName.labels(route), to: &text)
        }
        text.single(
            "osteon_upload_bytes_total", .counter, "Bytes of uploads received, also of refused ones.",
            Double(figures.uploadBytes))
        text.family("osteon_problems_total", .counter, "Problems answered to requests that a route took, by code.")
        for code in FaultCode.allCases {
            text.sample(
                "osteon_problems_total", [("code", code.rawValue)], Double(figures.problems[code, default: 0]))
        }
        guard !figures.stages.isEmpty else { return }
        text.family("osteon_job_stage_duration_seconds", .histogram, "Wall time of the stages of jobs.")
        for (stage, durations) in figures.stages.sorted(by: { $0.key < $1.key }) {
            durations.write("osteon_job_stage_duration_seconds", labels: [("stage", stage)], to: &text)
        }
    }

    private func write(_ process: ProcessFigures, to text: inout PrometheusText) {
        text.family("osteon_build_info", .gauge, "Always 1; the label is the version.")
        text.sample("osteon_build_info", [("version", version)], 1)
        text.single("osteon_uptime_seconds", .gauge, "Since the process started to serve.", -start.timeIntervalSinceNow)
        text.single(
            "process_start_time_seconds", .gauge, "Start of the process, seconds since 1970.",
            start.timeIntervalSince1970)
        text.single("process_cpu_seconds_total", .counter, "User and system CPU time spent.", process.cpuSeconds)
        if let bytes = process.residentBytes {
            text.single("process_resident_memory_bytes", .gauge, "Resident memory.", Double(bytes))
        }
        if let count = process.openDescriptors {
            text.single("process_open_fds", .gauge, "Open file descriptors.", Double(count))
        }
    }
}
