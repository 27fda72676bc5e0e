// Deletion by age: what goes, what stays however old, and what proves it.
import Domain
import Foundation
import GRDB
import Store
import Testing

@Suite struct RetentionTests {
    let fixture: Fixture
    private let day = 86_400.0

    init() throws { fixture = try Fixture() }

    private let policy = RetentionPolicy(
        studies: 90 * 86_400, results: 30 * 86_400, pushed: 7 * 86_400, notices: 86_400)

    private func erasures(_ store: Store) throws -> [Erasure] {
        try store.trail.list(limit: 100).reversed().compactMap { try $0.entry().erased }
    }

    private func done(_ store: Store, _ text: String) throws -> Job {
        let job = try store.addJob(text)
        try store.jobs.finish(try #require(try store.claim()).lease, artifacts: [report])
        return job
    }

    @Test func `a study goes with its results when its time is over, and the trail proves it`() throws {
        let store = try fixture.open()
        let job = try done(store, "old")
        fixture.advance(seconds: 60 * day)
        let young = try store.addStudy("young")
        fixture.advance(seconds: 30 * day)
        let due = try store.retention.expired(RetentionPolicy(studies: 90 * day))
        #expect(due.map(\.subject) == [job.request.study])
        let files = fixture.files(in: "blobs")
        #expect(files.count == 3)
        #expect(try store.retention.sweep(RetentionPolicy(studies: 90 * day)) == [.study: 1])
        #expect(try store.studies.list(limit: 9).map(\.id) == [young.id])
        #expect(fixture.files(in: "blobs").map { $0.suffix(64) } == [young.sha256[...]])
        let erasure = try #require(try erasures(store).first)
        #expect(erasure.kind == .study && erasure.subject == job.request.study)
        #expect(erasure.cause == "keep-studies 7776000 s" && erasure.counts == ["masks": 0, "jobs": 1, "results": 1])
        #expect(Set(erasure.files + [young.sha256]) == Set(files.map { String($0.suffix(64)) }))
        #expect(try store.trail.verify().damage == [])
        #expect(try store.retention.sweep(RetentionPolicy(studies: 90 * day)).isEmpty)
        #expect(try erasures(store).count == 1, "nothing was deleted, nothing is told")
    }

    @Test func `the end of a job makes its study young again`() throws {
        let store = try fixture.open()
        let study = try store.addStudy("scan")
        fixture.advance(seconds: 89 * day)
        _ = try store.jobs.enqueue(JobOrder(request: request(study: study.id)))
        try store.jobs.finish(try #require(try store.claim()).lease, artifacts: [report])
        fixture.advance(seconds: 89 * day)
        #expect(try store.retention.expired(RetentionPolicy(studies: 90 * day)).isEmpty)
        fixture.advance(seconds: day)
        #expect(try store.retention.expired(RetentionPolicy(studies: 90 * day)).count == 1)
    }

    @Test func `what a job, a delivery or a series that arrives still needs is never due`() throws {
        let store = try fixture.open(delivers: Set(DeliveryStore.deliverable))
        let queued = try store.addJob("queued")
        fixture.advance(seconds: 1)
        let running = try store.addJob("running")
        _ = try store.claim(leaseSeconds: 1e9)
        try store.receive([("1.1", "a")])
        fixture.advance(seconds: 400 * day)
        #expect(try store.retention.sweep(policy).isEmpty)
        #expect(try store.state(of: queued) == .running && store.state(of: running) == .queued)
        #expect(try store.instances.find(InstanceScope(study: "9")).count == 1)
    }

    @Test func `results that the PACS does not keep yet stay with their study, and go once it does`() throws {
        let store = try fixture.open(delivers: Set(DeliveryStore.deliverable))
        try store.receive([("1.1", "a")])
        fixture.advance(seconds: 30)
        let series = try #require(try store.arrivals.nextComplete())
        try store.arrivals.complete(
            series, contents: someContents.pushed, rule: nil, request: request(study: ""), fault: nil)
        let claimed = try #require(try store.claim())
        try store.jobs.finish(
            claimed.lease,
            artifacts: [report, Artifact(name: .reportObject, mediaType: "application/dicom", bytes: [1])])
        fixture.advance(seconds: 400 * day)
        #expect(try store.retention.sweep(policy) == [.pushed: 1])
        let due = try #require(try store.deliveries.nextDue())
        #expect(due.files.allSatisfy { FileManager.default.fileExists(atPath: $0.path) })
        try store.deliveries.confirm(due.delivery, at: "http://pacs")
        #expect(try store.retention.sweep(RetentionPolicy(results: 30 * day)) == [.results: 1])
        #expect(try store.jobs.find(claimed.job.id) == nil && store.studies.list(limit: 9).count == 1)
        #expect(try store.retention.sweep(policy) == [.study: 1])
        #expect(fixture.files(in: "blobs").isEmpty)
    }

    @Test func `finished notices and deliveries go, and waiting ones stay`() throws {
        let store = try fixture.open()
        try store.notices.tell(["http://a", "http://b"])
        _ = try done(store, "scan")
        try store.notices.confirm(try #require(try store.notices.nextDue(at: "http://a")))
        fixture.advance(seconds: day)
        #expect(try store.retention.sweep(policy) == [.notices: 1])
        #expect(try store.notices.list(limit: 9).map(\.url) == ["http://b"])
        #expect(try erasures(store).map(\.counts) == [["notice": 1, "delivery": 0]])
    }

    @Test func `a file that something else refers to stays, and is not told as gone`() throws {
        let store = try fixture.open()
        let (first, second) = (try store.addStudy("same"), try store.addStudy("same"))
        try store.studies.delete(first.id)
        try store.erasures.tell()
        #expect(try erasures(store).map(\.files) == [[]])
        #expect(fixture.files(in: "blobs").count == 1)
        try store.studies.delete(second.id)
        try store.erasures.tell()
        #expect(try erasures(store).map(\.files) == [[], [second.sha256]])
        #expect(fixture.files(in: "blobs").isEmpty)
    }

    @Test func `a clock that was set back makes nothing old`() throws {
        let store = try fixture.open()
        _ = try store.addStudy("scan")
        fixture.advance(seconds: -400 * day)
        #expect(try store.retention.sweep(policy).isEmpty)
    }

    @Test func `a deletion that was not told when the process was killed is told at the next sweep`() async throws {
        let study = try fixture.open().addStudy("scan")
        let path = fixture.folder.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, id = study.id as String] in
            let store = try Store(folder: URL(fileURLWithPath: path))
            try store.studies.delete(id)
            kill(getpid(), SIGKILL)
        }
        let store = try fixture.open()
        #expect(try erasures(store).isEmpty)
        #expect(try store.retention.sweep(RetentionPolicy()).isEmpty)
        #expect(try erasures(store).map(\.subject) == [study.id])
        #expect(try erasures(store).map(\.files) == [[study.sha256]])
    }

    @Test func `what was deleted cannot be read from the database's files`() throws {
        let store = try fixture.open()
        let marker = "quxfenwick-was-here"
        var contents = someContents
        contents.warnings = (0..<200).map { "\(marker) \($0)" }
        let study = try store.studies.insert(contents, blob: store.upload("scan")).study
        func isThere() throws -> Bool {
            try ["osteon.sqlite", "osteon.sqlite-wal"].contains { name in
                let file = fixture.folder.appendingPathComponent(name)
                guard FileManager.default.fileExists(atPath: file.path) else { return false }
                return try Data(contentsOf: file).range(of: Data(marker.utf8)) != nil
            }
        }
        #expect(try isThere())
        fixture.advance(seconds: 100 * day)
        #expect(try store.retention.sweep(policy) == [.study: 1])
        #expect(try store.studies.find(study.id) == nil)
        #expect(try !isThere())
    }

    @Test func `a job that waits is left to the one that reads more of the series`() throws {
        let store = try fixture.open()
        func settle() throws {
            fixture.advance(seconds: 30)
            let series = try #require(try store.arrivals.nextComplete())
            try store.arrivals.complete(
                series, contents: someContents.pushed, rule: nil, request: request(study: ""), fault: nil)
        }
        try store.receive([("1.1", "a")])
        try settle()
        try store.receive([("1.2", "b")])
        try settle()
        let jobs = try store.jobs.list(limit: 9)
        #expect(jobs.map(\.state) == [.queued, .cancelled])
        #expect(jobs[1].fault?.code == .jobCancelled && jobs[1].fault?.detail.contains(jobs[0].id) == true)
        // One that runs already is left alone: its result is of the earlier state, and says so by its study.
        _ = try store.claim()
        try store.receive([("1.3", "c")])
        try settle()
        #expect(try store.jobs.list(limit: 9).map(\.state) == [.queued, .running, .cancelled])
    }
}

extension StudyContents {
    /// The same, of instances that came one by one.
    fileprivate var pushed: StudyContents {
        StudyContents(format: .dicomInstances, series: series, chosenSeries: chosenSeries, warnings: warnings)
    }
}
