// DICOM objects that come one by one: kept, completed, never dealt with twice.
import Domain
import Foundation
import Store
import Testing

@Suite struct InstanceTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func `objects are found by study, series and UID once they are kept`() throws {
        let store = try fixture.open()
        try store.receive([("1.1", "a"), ("1.2", "b"), ("2.1", "c")])
        #expect(try store.instances.find(InstanceScope(study: "9")).map(\.sopUID) == ["1.1", "1.2", "2.1"])
        #expect(try store.instances.find(InstanceScope(study: "9", series: "1")).map(\.sopUID) == ["1.1", "1.2"])
        let one = try #require(try store.instances.find(InstanceScope(study: "9", series: "2", instance: "2.1")).first)
        #expect(try Data(contentsOf: store.blobs.url(sha256: one.sha256)) == Data("c".utf8))
        #expect(try store.instances.find(InstanceScope(study: "8")).isEmpty)
    }

    @Test func `a series is complete when nothing more came for the quiet time, also over a restart`() throws {
        do {
            let store = try fixture.open()
            try store.receive([("1.1", "a")])
            fixture.advance(seconds: 20)
            try store.receive([("1.2", "b")])
            fixture.advance(seconds: 29)
            #expect(try store.arrivals.nextComplete() == nil)
            #expect(try store.arrivals.secondsToNext() == 1)
        }
        let store = try fixture.open()
        #expect(try store.arrivals.nextComplete() == nil)
        fixture.advance(seconds: 1)
        let series = try #require(try store.arrivals.nextComplete())
        #expect(series.seriesUID == "1")
        guard case .instances(let files) = series.source else { throw Unexpected() }
        #expect(files.map(\.name) == ["1.1", "1.2"])
    }

    @Test func `a complete series becomes a study and a job, and the same objects again start nothing`() throws {
        let store = try fixture.open()
        try store.receive([("1.1", "a"), ("1.2", "b")])
        try fixture.settle(store)
        let job = try #require(try store.jobs.list(limit: 9).first)
        let claimed = try #require(try store.claim())
        #expect(claimed.job.id == job.id && claimed.study.contents.format == .dicomInstances)
        guard case .instances(let files) = claimed.source else { throw Unexpected() }
        #expect(try files.map { try Data(contentsOf: $0.file) } == [Data("a".utf8), Data("b".utf8)])

        try store.receive([("1.2", "b"), ("1.1", "a")])
        #expect(try store.arrivals.secondsToNext() == nil)
        #expect(try store.arrivals.jobs(study: "9") == [job.id])
    }

    @Test func `the same data set in a file of another PACS is the same object`() throws {
        let store = try fixture.open()
        try store.receive([("1.1", "a|written by one")])
        try fixture.settle(store)
        try store.receive([("1.1", "a|passed on by another")])
        #expect(try store.arrivals.secondsToNext() == nil)
        #expect(fixture.files(in: "blobs").count == 1)
    }

    @Test func `as many objects as a study has are kept at once, each in its file`() throws {
        let store = try fixture.open()
        let objects = (1...40).map { (sop: "1.\($0)", content: "object \($0)") }
        try store.receive(objects)
        let kept = try store.instances.find(InstanceScope(study: "9"))
        #expect(kept.count == 40 && fixture.files(in: "incoming").isEmpty)
        for object in kept {
            let content = "object \(object.sopUID.dropFirst(2))"
            #expect(try Data(contentsOf: store.blobs.url(sha256: object.sha256)) == Data(content.utf8))
        }
        try store.receive(objects)
        #expect(fixture.files(in: "blobs").count == 40)
    }

    @Test func `objects that are not analysed open no series`() throws {
        let store = try fixture.open()
        try store.receive([("1.1", "a"), ("1.2", "b")])
        try fixture.settle(store)
        try store.receive([("3.1", "report")], sopClass: "1.2.840.10008.5.1.4.1.1.88.34")
        #expect(try store.arrivals.secondsToNext() == nil)
        #expect(try store.jobs.list(limit: 9).count == 1)
    }

    @Test func `a further image, or another content, makes a new state that is dealt with anew`() throws {
        let store = try fixture.open()
        try store.receive([("1.1", "a")])
        try fixture.settle(store)
        try store.receive([("1.2", "b")])
        try fixture.settle(store)
        try store.receive([("1.2", "changed")])
        try fixture.settle(store)
        #expect(try store.jobs.list(limit: 9).count == 3)
        try store.receive([("1.2", "b")])
        #expect(try store.arrivals.secondsToNext() == 30)
        fixture.advance(seconds: 30)
        #expect(try store.arrivals.isKnown(#require(try store.arrivals.nextComplete())))
        #expect(try store.arrivals.secondsToNext() == nil)
    }

    @Test func `a series that changed while it was looked at stays open`() throws {
        let store = try fixture.open()
        try store.receive([("1.1", "a")])
        fixture.advance(seconds: 30)
        let series = try #require(try store.arrivals.nextComplete())
        try store.receive([("1.2", "b")])
        try store.arrivals.complete(series, contents: someSeries, rule: nil, request: wanted, fault: nil)
        #expect(try store.jobs.list(limit: 9).isEmpty && store.studies.list(limit: 9).isEmpty)
        #expect(try store.arrivals.secondsToNext() == 30)
    }

    @Test func `a full queue leaves the series open, and nothing half done`() throws {
        let store = try fixture.open(JobLimits(queued: 1))
        _ = try store.addJob()
        try store.receive([("1.1", "a")])
        fixture.advance(seconds: 30)
        let series = try #require(try store.arrivals.nextComplete())
        #expect(
            storeError {
                try store.arrivals.complete(series, contents: someSeries, rule: nil, request: wanted, fault: nil)
            }
                == .queueFull(limit: 1))
        #expect(try store.studies.list(limit: 9).count == 1)
        try store.arrivals.postpone(series, seconds: 5)
        #expect(try store.arrivals.secondsToNext() == 5)
    }

    @Test func `files go when neither an object nor a study needs them`() throws {
        let store = try fixture.open()
        try store.receive([("1.1", "a"), ("1.2", "b")])
        try fixture.settle(store)
        try store.receive([("1.2", "changed")])
        #expect(fixture.files(in: "blobs").count == 3)
        try store.instances.delete(study: "9")
        #expect(fixture.files(in: "blobs").count == 2)
        let study = try #require(try store.studies.list(limit: 1).first)
        try store.studies.delete(study.id)
        #expect(fixture.files(in: "blobs").isEmpty)
        #expect(storeError { try store.instances.delete(study: "9") } == .studyNotFound(id: "9"))
    }

    @Test func `told to be complete, a study waits no longer`() throws {
        let store = try fixture.open()
        try store.receive([("1.1", "a")])
        try store.arrivals.completeNow(study: "9")
        #expect(try store.arrivals.nextComplete()?.seriesUID == "1")
        #expect(try store.arrivals.find(study: "9").series.map(\.instanceCount) == [1])
        #expect(storeError { try store.arrivals.completeNow(study: "8") } == .studyNotFound(id: "8"))
    }
}

private struct Unexpected: Error {}

private let someSeries = StudyContents(
    format: .dicomInstances, series: someContents.series, chosenSeries: "nifti", warnings: [])
private let wanted = request(study: "")

extension Fixture {
    /// Lets the quiet time pass and completes the one series with a job.
    fileprivate func settle(_ store: Store) throws {
        advance(seconds: 30)
        let series = try #require(try store.arrivals.nextComplete())
        #expect(try !store.arrivals.isKnown(series))
        try store.arrivals.complete(series, contents: someSeries, rule: "all", request: wanted, fault: nil)
        #expect(try store.arrivals.nextComplete() == nil)
    }
}

extension Store {
    /// Keeps objects of study 9; a SOP UID begins with its series.
    func receive(
        _ objects: [(sop: String, content: String)], sopClass: String = InstanceHeader.ctImageStorage,
        attributes: String = "{}"
    ) throws {
        let instances = try objects.map { sop, content in
            IncomingInstance(
                header: InstanceHeader(
                    studyUID: "9", seriesUID: String(sop.prefix { $0 != "." }), sopUID: sop, sopClassUID: sopClass,
                    transferSyntaxUID: "1.2.840.10008.1.2.1", studyAttributes: attributes,
                    seriesAttributes: attributes, metadata: attributes), blob: try upload(content))
        }
        try self.instances.insert(instances, quietSeconds: 30) { try dataSet($0) == dataSet($1) }
    }

    /// What stands before the bar in the files of these tests.
    private func dataSet(_ file: URL) throws -> Substring {
        try String(contentsOf: file, encoding: .utf8).prefix { $0 != "|" }
    }
}
