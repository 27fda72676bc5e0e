// Polls: what is written of them, and that their answers are never older than what is stored.
import Domain
import Foundation
import HTTP
import Store
import Testing

@testable import API

@Suite struct RepeatedReadTests {
    /// Rows that would be in the trail; refuses them while told to.
    private final class Written: @unchecked Sendable {
        private let lock = NSLock()
        private var kept: [TrailEntry] = []
        private var refusals = 0

        struct Refusal: Error {}

        var entries: [TrailEntry] { lock.withLock { kept } }

        func refuse(_ count: Int) { lock.withLock { refusals = count } }

        func append(_ entry: TrailEntry) throws {
            try lock.withLock {
                guard refusals == 0 else {
                    refusals -= 1
                    throw Refusal()
                }
                kept.append(entry)
            }
        }
    }

    private func reader(_ job: String, key: String? = "a") -> RepeatedReads.Reader {
        RepeatedReads.Reader(
            key: key, from: "127.0.0.1", method: "GET", route: .getJob, path: [job], status: 200)
    }

    private func entry(_ job: String) -> TrailEntry {
        TrailEntry(
            key: "a", from: "127.0.0.1", request: "first", operation: "getJob", method: "GET", named: ["jobID": job],
            status: 200)
    }

    @Test func `what follows a read is counted by who asks for what, and written down once`() throws {
        let written = Written()
        let reads = RepeatedReads(seconds: 3600, write: written.append)
        #expect(reads.window(counting: reader("1")) == nil, "the first is a row of its own")
        reads.begin(reader("1"), after: entry("1"))
        reads.begin(reader("2"), after: entry("2"))
        for _ in 0..<57 { #expect(reads.window(counting: reader("1")) != nil) }
        #expect(reads.window(counting: reader("1", key: "b")) == nil && reads.window(counting: reader("3")) == nil)
        try reads.writeAll()
        #expect(written.entries.map(\.repeats) == [57] && written.entries.map(\.named) == [["jobID": "1"]])
        #expect(written.entries.allSatisfy { $0.since != nil })
        #expect(reads.window(counting: reader("1")) == nil, "the next is a row of its own again")
        try reads.writeAll()
        #expect(written.entries.count == 1)
    }

    @Test func `while the trail refuses a count, no further read is answered on it`() throws {
        let written = Written()
        let reads = RepeatedReads(seconds: 3600, write: written.append)
        reads.begin(reader("1"), after: entry("1"))
        for _ in 0..<3 { #expect(reads.window(counting: reader("1")) != nil) }
        written.refuse(1)
        #expect(throws: Written.Refusal.self) { try reads.writeAll() }
        #expect(reads.window(counting: reader("1")) == nil, "the next must be a row of its own")
        reads.begin(reader("1"), after: entry("1"))
        #expect(reads.window(counting: reader("1")) != nil)
        try reads.writeAll()
        #expect(written.entries.map(\.repeats) == [4] && written.entries.map(\.request) == [nil])
    }

    @Test func `a count is written when its time is over, and again where the trail refused it`() async throws {
        let written = Written()
        written.refuse(1)
        let reads = RepeatedReads(seconds: 1, write: written.append)
        reads.begin(reader("1"), after: entry("1"))
        for _ in 0..<3 { #expect(reads.window(counting: reader("1")) != nil) }
        while written.entries.isEmpty { await Task.yield() }
        #expect(written.entries.first?.repeats == 3)
    }

    @Test func `polls of a job by a key are two rows, and the second says how many it stands for`() throws {
        let keyed = try KeyedService(["a": [.upload, .read], "b": [.read], "auditor": [.audit]])
        let made = try keyed.send("a", "POST", "/v1/studies?" + wish, body: "study")
        let job = try #require(made.json["id"] as? String)
        for _ in 0..<5 { #expect(try keyed.send("a", "GET", "/v1/jobs/" + job).status == 200) }
        for _ in 0..<3 { #expect(try keyed.send("b", "GET", "/v1/jobs/" + job).status == 404) }
        try keyed.service.stop()
        let rows = try keyed.service.store.trail.list(limit: 200).reversed().map { try $0.entry() }
        #expect(
            rows.map { "\($0.key ?? "-") \($0.operation ?? "-") \($0.status) \($0.repeats ?? 0)" } == [
                "a createStudy 202 0", "a getJob 200 0", "b getJob 404 0", "b getJob 404 0", "b getJob 404 0",
                "a getJob 200 4",
            ])
        let shown = try keyed.send("auditor", "GET", "/v1/access-log?limit=1")
        #expect(shown.text.contains(#"{"type":"repeats","valueString":"4"}"#), "\(shown.text)")
    }

    @Test func `an answer that was kept is dropped with every change`() throws {
        let service = try TestService()
        let job = try service.addJob()
        func state() throws -> String? { try service.send("GET", "/v1/jobs/" + job).json["state"] as? String }
        #expect(try state() == "queued")
        let claimed = try #require(try service.store.jobs.claim(worker: "w", leaseSeconds: 60))
        #expect(try state() == "running")
        _ = try service.store.jobs.heartbeat(
            claimed.lease, progress: StageProgress(stage: "outline", fraction: 0.5), leaseSeconds: 60)
        #expect(try service.send("GET", "/v1/jobs/" + job).json["stage"] as? String == "outline")
        #expect(try service.send("DELETE", "/v1/jobs/" + job).status == 202)
        try service.store.jobs.confirmCancelled(claimed.lease)
        #expect(try state() == "cancelled")
        #expect(try service.send("GET", "/v1/jobs/" + job).headers["Retry-After"] == nil)
    }

    @Test func `a value is made once while nothing is written`() {
        let shelf = FreshShelf<String, Int>()
        #expect(shelf.value("a", version: 1) { 1 } == 1)
        #expect(shelf.value("a", version: 1) { 2 } == 1)
        #expect(shelf.value("b", version: 1) { 3 } == 3)
        #expect(shelf.value("a", version: 2) { 4 } == 4)
    }
}
