// Studies and masks come back as they went in.
import Domain
import Foundation
import Store
import Testing

@Suite struct StudyTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func `a study comes back as it went in, also from a reopened folder`() throws {
        let study = try fixture.open().addStudy()
        #expect(study.contents == someContents)
        #expect(try fixture.open().studies.find(study.id) == study)
        #expect(try fixture.open().studies.find("unknown") == nil)
    }

    @Test func `ids are version 7 UUIDs whose order is the order of creation within one millisecond`() throws {
        let store = try fixture.open()
        let ids = try (0..<20).map { try store.addStudy("\($0)").id }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == 20)
        for id in ids {
            #expect(id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        }
    }

    @Test func `a list is paged from the newest without gap or repeat while studies are added`() throws {
        let store = try fixture.open()
        let ids = try (0..<5).map { try store.addStudy("\($0)").id }
        let first = try store.studies.list(limit: 2).map(\.id)
        _ = try store.addStudy("later")
        let second = try store.studies.list(limit: 2, after: first.last).map(\.id)
        let third = try store.studies.list(limit: 2, after: second.last).map(\.id)
        #expect(first + second + third == ids.reversed())
    }

    @Test func `a study with a job is one insertion`() throws {
        let store = try fixture.open()
        let insertion = try store.studies.insert(
            someContents, blob: store.upload("scan"), queueing: JobOrder(request: request(study: "")))
        let job = try #require(insertion.job?.job)
        #expect(job.request == request(study: insertion.study.id))
        #expect(try store.jobs.find(job.id) == job)
    }

    @Test func `a study, its label map and the job on both are one insertion, kept whole or not at all`() throws {
        // Any mask name stands for the label map that comes along.
        let order = JobOrder(request: request(study: "", mask: ""))
        func insert(into store: Store) throws -> StudyStore.Insertion {
            let upload = StudyStore.MaskUpload(blob: try store.upload("labels"), labelValues: [20])
            return try store.studies.insert(someContents, blob: store.upload("scan"), mask: upload, queueing: order)
        }
        do {
            let full = try fixture.open(JobLimits(queued: 0))
            #expect(throws: StoreError.queueFull(limit: 0)) { try insert(into: full) }
            #expect(fixture.files(in: "blobs") + fixture.files(in: "incoming") == [])
        }
        let store = try fixture.open()
        #expect(try store.studies.list(limit: 1).isEmpty)
        let insertion = try insert(into: store)
        let mask = try #require(insertion.mask)
        #expect(try store.studies.masks(study: insertion.study.id) == [mask])
        #expect(insertion.job?.job.request == request(study: insertion.study.id, mask: mask.id))
        #expect(fixture.files(in: "blobs").count == 2)
    }

    @Test func `a job that names no mask does not get the one that comes with its study`() throws {
        let store = try fixture.open()
        let upload = StudyStore.MaskUpload(blob: try store.upload("labels"), labelValues: [20])
        let insertion = try store.studies.insert(
            someContents, blob: store.upload("scan"), mask: upload, queueing: JobOrder(request: request(study: "")))
        #expect(insertion.mask != nil)
        #expect(try store.claim()?.mask == nil)
    }

    @Test func `times come back to the millisecond as they went in`() throws {
        let store = try fixture.open()
        for _ in 0..<100 {
            fixture.advance(seconds: 0.0173)
            let study = try store.addStudy()
            #expect(try store.studies.find(study.id)?.createdAt == study.createdAt)
        }
    }

    @Test func `the same key and upload again is the same study and job, and keeps nothing twice`() throws {
        let store = try fixture.open()
        let order = JobOrder(request: request(study: ""), idempotencyKey: "k", requestDigest: "d")
        let first = try store.studies.insert(someContents, blob: store.upload("scan"), queueing: order)
        let again = try store.studies.insert(someContents, blob: store.upload("scan"), queueing: order)
        #expect(again.study == first.study)
        guard case .existing(let job) = again.job else {
            Issue.record("the second order made a new job")
            return
        }
        #expect(job == first.job?.job)
        #expect(try store.studies.list(limit: 10).count == 1)
        #expect(fixture.files(in: "blobs").count == 1)
    }

    @Test func `masks belong to a study and go with it`() throws {
        let store = try fixture.open()
        let study = try store.addStudy()
        let mask = try store.studies.insertMask(study: study.id, labelValues: [20, 21], blob: store.upload("mask"))
        #expect(try store.studies.findMask(mask.id) == mask)
        #expect(try store.studies.masks(study: study.id) == [mask])
        try store.studies.delete(study.id)
        #expect(try store.studies.findMask(mask.id) == nil)
        #expect(fixture.files(in: "blobs").isEmpty)
    }

    @Test func `a mask for an unknown study is refused and not kept`() throws {
        let store = try fixture.open()
        #expect(throws: StoreError.studyNotFound(id: "x")) {
            try store.studies.insertMask(study: "x", labelValues: [], blob: store.upload("mask"))
        }
        #expect(fixture.files(in: "blobs") + fixture.files(in: "incoming") == [])
    }

    @Test func `deleting a study removes its jobs and results, and is refused while a job runs`() throws {
        let store = try fixture.open()
        let job = try store.addJob()
        let claimed = try #require(try store.claim())
        #expect(throws: StoreError.studyInUse(id: claimed.study.id, job: job.id)) {
            try store.studies.delete(claimed.study.id)
        }
        try store.jobs.finish(claimed.lease, artifacts: [report])
        try store.studies.delete(claimed.study.id)
        #expect(try store.jobs.find(job.id) == nil)
        #expect(fixture.files(in: "blobs").isEmpty)
        #expect(throws: StoreError.studyNotFound(id: claimed.study.id)) { try store.studies.delete(claimed.study.id) }
    }
}
