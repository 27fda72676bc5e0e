// From the last image of a pushed series to the study and the job that it becomes.
import Dispatch
import Domain
import ImagingIO
import Logging
import Store
import Synchronization

/// Waits for series to be complete, one at a time on a thread of its own. Everything it waits for is in the store, so a
/// restart loses nothing, and a series that it was dealing with when the process ended is dealt with again.
package final class ArrivalWatch: Sendable {
    /// Whether a request can be run on a study, as far as that goes without computing. Throws any `Fault`.
    package typealias Check = @Sendable (AnalysisRequest, StudyContents, StudySource) throws -> Void

    private let arrivals: ArrivalStore
    private let rules: SeriesRules
    private let check: Check
    private let logger: Logger
    private let loop = DispatchGroup()
    private let isStopping = Atomic<Bool>(false)

    /// How long a series waits that could not be dealt with: the queue was full, the disk was; our choice.
    private static let retrySeconds = 30.0
    /// How long the watch sleeps at most; instances and requests wake it before.
    private static let longestSleepSeconds = 60.0

    package init(_ arrivals: ArrivalStore, rules: SeriesRules, logger: Logger, check: @escaping Check) {
        self.arrivals = arrivals
        self.rules = rules
        self.logger = logger
        self.check = check
    }

    /// Starts watching; returns at once. Call once.
    package func start() {
        DispatchQueue(label: "osteon.arrivals", qos: .utility).async(group: loop) { [self] in
            while !isStopping.load(ordering: .relaxed) { turn() }
        }
    }

    /// Returns when the series at hand is dealt with.
    package func stop() {
        isStopping.store(true, ordering: .relaxed)
        arrivals.wakeWaiters()
        loop.wait()
    }

    private func turn() {
        // Read before all else: what happens from here on raises it, so that the wait below misses nothing.
        let version = arrivals.version
        if isStopping.load(ordering: .relaxed) { return }
        do {
            if let series = try arrivals.nextComplete() {
                settle(series)
            } else {
                let seconds = try arrivals.secondsToNext() ?? Self.longestSleepSeconds
                arrivals.wait(since: version, seconds: min(max(seconds, 0.001), Self.longestSleepSeconds))
            }
        } catch {
            logger.error("arrivals cannot be read", metadata: ["error": "\(error)"])
            arrivals.wait(since: version, seconds: Self.retrySeconds)
        }
    }

    private func settle(_ series: ArrivedSeries) {
        do {
            guard try !arrivals.isKnown(series) else { return }
            try complete(series)
            logger.info("series complete")
        } catch {
            logger.error("a complete series has to wait", metadata: ["error": "\(error)"])
            do {
                try arrivals.postpone(series, seconds: Self.retrySeconds)
            } catch {
                logger.error("it cannot be put off either", metadata: ["error": "\(error)"])
                arrivals.wait(since: arrivals.version, seconds: Self.retrySeconds)
            }
        }
    }

    private func complete(_ series: ArrivedSeries) throws {
        let contents: StudyContents
        do {
            contents = try StudyFile.inspect(series.source)
        } catch let fault as any Fault where !WorkerError.mayPass(fault) {
            try arrivals.complete(series, contents: nil, rule: nil, request: nil, fault: fault.record)
            return
        }
        let summary = contents.series.first { $0.id == contents.chosenSeries }
        let rule = summary.flatMap { rules.first(for: RuledSeries($0, attributes: series.attributes)) }
        do {
            if let rule { try check(rule.request, contents, series.source) }
            try arrivals.complete(
                series, contents: contents, rule: rule?.name, request: rule?.request, fault: nil)
        } catch let fault as any Fault where !Self.mayPass(fault) {
            try arrivals.complete(
                series, contents: contents, rule: rule?.name, request: nil, fault: fault.record)
        }
    }

    private static func mayPass(_ fault: any Fault) -> Bool {
        fault.code == .queueFull || WorkerError.mayPass(fault)
    }
}
