// Audits come back as they went in, keep their bytes, and never change.
import Domain
import Foundation
import GRDB
import Store
import Testing

@Suite struct AuditTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func `an audit comes back as it went in, also from a reopened folder`() throws {
        let (audit, input) = try { () -> (StoredAudit, Data) in
            let store = try fixture.open()
            let audit = try store.addAudit("a,b\n1,2\n")
            return (audit, try Data(contentsOf: store.blobs.url(sha256: audit.inputSHA256)))
        }()
        #expect(input == Data("a,b\n1,2\n".utf8))
        #expect(audit.kind == "bland-altman" && audit.title == "Heights" && audit.summary == ["bias": .number(0.5)])
        let store = try fixture.open()
        #expect(try store.audits.find(audit.id) == audit)
        #expect(try store.audits.find("unknown") == nil)
        let report = try Data(contentsOf: store.blobs.url(sha256: audit.reportSHA256))
        #expect(report == Data("report \(audit.id) of \(audit.inputSHA256)".utf8))
        #expect(audit.reportByteCount == report.count)
        #expect(try Data(contentsOf: store.blobs.url(sha256: audit.plotSHA256)) == Data("<svg/>".utf8))
        #expect(fixture.files(in: "incoming").isEmpty)
    }

    @Test func `blobs of audits survive the sweep at the start and the deletion of a study of the same bytes`() throws {
        let audit = try fixture.open().addAudit("same")
        let store = try fixture.open()
        #expect(fixture.files(in: "blobs").count == 3)
        let study = try store.addStudy("same")
        #expect(study.sha256 == audit.inputSHA256)
        try store.studies.delete(study.id)
        #expect(fixture.files(in: "blobs").count == 3)
    }

    @Test func `the database itself refuses to change or delete an audit`() throws {
        let audit = try fixture.open().addAudit("a")
        let queue = try DatabaseQueue(path: fixture.database)
        for verb in ["UPDATE audit SET title = 'other'", "DELETE FROM audit"] {
            #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: verb) } }
        }
        try queue.close()
        #expect(try fixture.open().audits.find(audit.id) == audit)
    }

    @Test func `a refused audit leaves no row and no file`() throws {
        let store = try fixture.open()
        #expect(throws: StoreError.auditNotFound(id: "none")) { try store.addAudit("x", parent: "none") }
        #expect(throws: outOfMemory) {
            try store.audits.insert(.heights(), input: store.upload("y")) { _ in throw outOfMemory }
        }
        #expect(fixture.files(in: "blobs") + fixture.files(in: "incoming") == [])
        #expect(try store.audits.list(limit: 9).isEmpty)
    }

    @Test func `the same key and request is the same audit, another request with it is refused`() throws {
        let store = try fixture.open()
        let first = try store.addAudit("x", key: "k", digest: "d")
        #expect(try store.addAudit("x", key: "k", digest: "d") == first)
        #expect(try store.audits.existing(idempotencyKey: "k", requestDigest: "d") == first)
        #expect(try store.audits.existing(idempotencyKey: "other", requestDigest: "d") == nil)
        #expect(throws: StoreError.auditKeyReused(audit: first.id)) { try store.addAudit("y", key: "k", digest: "e") }
        #expect(try store.audits.list(limit: 9) == [first])
        #expect(fixture.files(in: "blobs").count == 3)
    }

    @Test func `a list is filtered, and paged from the newest`() throws {
        let store = try fixture.open()
        let first = try store.addAudit("1", title: "Heights of L1")
        fixture.advance(seconds: 60)
        let second = try store.addAudit("2", kind: "reliability", title: "Density")
        fixture.advance(seconds: 60)
        let third = try store.addAudit("3", title: "heights of L2", parent: first.id)
        func ids(_ filter: AuditFilter, limit: Int = 9, after: String? = nil) throws -> [String] {
            try store.audits.list(filter, limit: limit, after: after).map(\.id)
        }
        #expect(try ids(AuditFilter()) == [third.id, second.id, first.id])
        #expect(try ids(AuditFilter(), limit: 2) == [third.id, second.id])
        #expect(try ids(AuditFilter(), limit: 2, after: second.id) == [first.id])
        #expect(try ids(AuditFilter(kind: "bland-altman")) == [third.id, first.id])
        #expect(try ids(AuditFilter(title: "HEIGHTS")) == [third.id, first.id])
        #expect(try ids(AuditFilter(from: second.createdAt)) == [third.id, second.id])
        #expect(try ids(AuditFilter(to: second.createdAt)) == [first.id])
        #expect(try ids(AuditFilter(kind: "reliability", inputSHA256: second.inputSHA256)) == [second.id])
        #expect(try ids(AuditFilter(kind: "reliability", inputSHA256: first.inputSHA256)) == [])
        #expect(try store.audits.counts() == ["bland-altman": 2, "reliability": 1])
        #expect(third.parentID == first.id)
    }
}

extension AuditDraft {
    fileprivate static func heights() -> AuditDraft {
        AuditDraft(
            kind: "bland-altman", title: "Heights", settings: "{}", summary: ["bias": .number(0.5)],
            softwareVersion: "0.1.0", inputMediaType: "text/csv")
    }
}

extension Store {
    @discardableResult
    fileprivate func addAudit(
        _ table: String, kind: String = "bland-altman", title: String = "Heights", parent: String? = nil,
        key: String? = nil, digest: String = ""
    ) throws -> StoredAudit {
        var draft = AuditDraft.heights()
        draft.kind = kind
        draft.title = title
        draft.parentID = parent
        draft.idempotencyKey = key
        draft.requestDigest = digest
        return try audits.insert(draft, input: upload(table)) {
            AuditStore.Rendering(
                report: Array("report \($0.id) of \($0.inputSHA256)".utf8), plot: Array("<svg/>".utf8))
        }
    }
}
