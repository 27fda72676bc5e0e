// A store with jobs to work on, and gates to hold computations at.
import Domain
import Foundation
import Store
import Synchronization
import Testing
import Worker

/// A fresh store that goes with its last reference, and a clock that stands still until it is told to move.
final class Fixture: Sendable {
    let store: Store
    private let folder: URL
    private let offset: Offset

    init(_ limits: JobLimits = JobLimits(backoffSeconds: 0)) throws {
        let offset = Offset()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-worker-\(UUID().uuidString)")
        store = try Store(folder: folder, limits: limits, clock: { offset.now })
        self.offset = offset
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func advance(seconds: Double) { offset.advance(seconds) }

    func addJobs(_ count: Int) throws -> [Job] {
        let upload = try store.blobs.receive()
        try upload.write(Array("scan".utf8))
        let contents = StudyContents(format: .nifti, series: [], chosenSeries: "nifti", warnings: [])
        let study = try store.studies.insert(contents, blob: upload).study
        let request = AnalysisRequest(study: study.id, analysis: "digital-biopsy", targets: [])
        return try (0..<count).map { _ in try store.jobs.enqueue(JobOrder(request: request)).job }
    }

    func addJob() throws -> Job { try #require(try addJobs(1).first) }

    /// The job once `condition` holds for it; as it is after two minutes otherwise.
    func follow(_ job: Job, until condition: (Job) -> Bool = { $0.state.isFinal }) throws -> Job {
        let deadline = Date(timeIntervalSinceNow: 120)
        var current = job
        while !condition(current), deadline.timeIntervalSinceNow > 0 {
            current = try #require(try store.jobs.waitForChange(of: current, seconds: deadline.timeIntervalSinceNow))
        }
        return current
    }

    /// Runs a pool while `body` does, then stops it.
    func withPool<T>(_ settings: WorkerSettings = .quick, run: @escaping WorkerPool.Run, _ body: () throws -> T) throws
        -> T
    {
        let pool = WorkerPool(jobs: store.jobs, settings: settings, run: run)
        pool.start()
        defer { #expect(pool.stop(graceSeconds: 30)) }
        return try body()
    }
}

/// A clock that stands still.
private final class Offset: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_750_000_000))
    var now: Date { time.withLock { $0 } }
    func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
}

extension WorkerSettings {
    /// Two workers that react within hundredths of a second, and that are only ever woken, never poll.
    static var quick: WorkerSettings {
        WorkerSettings(width: 2, heartbeatSeconds: 0.02, progressSeconds: 0.01, pollSeconds: 60)
    }
}

/// A gate that computations wait at. Waiting ends after half a minute at the latest, so a broken test fails instead of hanging.
final class Gate: Sendable {
    private let condition = NSCondition()
    private let state = Mutex((arrived: 0, isOpen: false))

    /// Waits until the gate is open.
    func pass() {
        change { $0.arrived += 1 }
        wait { $0.isOpen }
    }

    func open() { change { $0.isOpen = true } }

    /// Waits until `count` have arrived. - Returns: whether they have.
    @discardableResult
    func awaitArrivals(_ count: Int) -> Bool { wait { $0.arrived >= count } }

    private func change(_ body: (inout (arrived: Int, isOpen: Bool)) -> Void) {
        condition.withLock {
            state.withLock { body(&$0) }
            condition.broadcast()
        }
    }

    @discardableResult
    private func wait(_ holds: ((arrived: Int, isOpen: Bool)) -> Bool) -> Bool {
        let deadline = Date(timeIntervalSinceNow: 120)
        return condition.withLock {
            while !state.withLock({ holds($0) }) {
                guard condition.wait(until: deadline) else { return false }
            }
            return true
        }
    }
}

let report = Artifact(name: .report, mediaType: "application/json", bytes: Array("{}".utf8))

/// A computation that goes on until it is told to stop.
let endless: WorkerPool.Run = { _, cancellation, _ in
    let pause = DispatchSemaphore(value: 0)
    while true {
        try cancellation.check()
        _ = pause.wait(timeout: .now() + 0.001)
    }
}
