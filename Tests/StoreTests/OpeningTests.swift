// What a store finds when it is opened: old files, newer files, other owners, the traces of a crash.
import Domain
import Foundation
import GRDB
import Store
import Testing

@Suite struct OpeningTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func `a second server on the same folder is refused, and let in once the first has gone`() throws {
        var first: Store? = try fixture.open()
        try first?.check()
        #expect(throws: StoreError.folderInUse(path: fixture.folder.path)) { try fixture.open() }
        first = nil
        try fixture.open().check()
    }

    @Test(arguments: try Schema.steps().indices)
    func `a file written by any earlier schema opens with its rows`(newest: Int) throws {
        try makeOldFile(Array(Schema.steps()[...newest]))
        let store = try fixture.open()
        let job = try #require(try store.jobs.list(limit: 1).first)
        #expect(job.id == "01977420-dc00-7000-8000-000000000002")
        #expect(job.request.targets.first?.level == .L2)
        #expect(job.createdAt == Date(timeIntervalSince1970: 1_750_000_000.123))
        #expect(try store.studies.find(job.request.study)?.contents.format == .dicomArchive)
        #expect(try store.audits.list(limit: 1).isEmpty)
        #expect(try store.claim()?.job.id == job.id)
        let damage = try DatabaseQueue(path: fixture.database).read { db in
            try String.fetchAll(db, sql: "PRAGMA integrity_check")
                + Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map(\.description)
        }
        #expect(damage == ["ok"])
    }

    @Test func `every column type is strict`() throws {
        _ = try fixture.open()
        let tables = try DatabaseQueue(path: fixture.database).read {
            try String.fetchAll(
                $0, sql: "SELECT sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'grdb_%'")
        }
        #expect(tables.count == 19)
        for table in tables { #expect(table.contains("STRICT")) }
    }

    @Test func `a file written by a newer version is refused and left alone`() throws {
        _ = try fixture.open()
        try DatabaseQueue(path: fixture.database).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('9999_future')")
        }
        #expect(throws: StoreError.schemaNewer(path: fixture.database)) { try fixture.open() }
    }

    @Test func `a job that ran when the server was killed is queued again at once, with the cause`() async throws {
        let job = try fixture.open().addJob()
        let path = fixture.folder.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let store = try Store(folder: URL(fileURLWithPath: path))
            let claimed = try #require(try store.jobs.claim(worker: "doomed", leaseSeconds: 3600))
            _ = try store.jobs.heartbeat(claimed.lease, progress: working, leaseSeconds: 3600)
            let upload = try store.blobs.receive()
            try upload.write([1, 2, 3])
            kill(getpid(), SIGKILL)
        }
        #expect(fixture.files(in: "incoming").count == 1)
        let store = try fixture.open()
        let orphan = try #require(try store.jobs.find(job.id))
        #expect(orphan.state == .queued)
        #expect(orphan.fault?.code == .jobAbandoned)
        #expect(fixture.files(in: "incoming").isEmpty)
        let claimed = try #require(try store.claim())
        #expect(claimed.job.attempts == 2)
        try store.jobs.finish(claimed.lease, artifacts: [report])
        #expect(try store.state(of: job) == .done)
    }

    /// What an earlier version left: its schema only, written without any of today's code, with rows from the very first on.
    private func makeOldFile(_ steps: [(name: String, sql: String)]) throws {
        let digest = String(repeating: "a", count: 64)
        try DatabaseQueue(path: fixture.database).write { db in
            try db.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
            for (number, step) in steps.enumerated() {
                try db.execute(sql: step.sql)
                try db.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: [step.name])
                guard number == 0 else { continue }
                try db.execute(
                    sql: """
                            INSERT INTO study VALUES ('01977420-dc00-7000-8000-000000000001', '\(digest)', 5,
                                '{"format":"dicom-zip","series":[],"chosenSeries":"1.2","warnings":[]}', '2025-06-15T15:06:40.000Z');
                            INSERT INTO job (id, study_id, request, request_digest, state, progress, created_at)
                            VALUES ('01977420-dc00-7000-8000-000000000002', '01977420-dc00-7000-8000-000000000001',
                                '{"study":"01977420-dc00-7000-8000-000000000001","analysis":"digital-biopsy",
                                  "targets":[{"level":"L2","seedLPSMM":[1,2,3]}],"parameters":{}}',
                                '', 'queued', '{"stage":"queued","fraction":0}', '2025-06-15T15:06:40.123Z');
                        """)
            }
        }
    }
}

/// The steps of the schema as the files say.
private enum Schema {
    static func steps() throws -> [(name: String, sql: String)] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Migrations")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent.wholeMatch(of: /\d{4}_.*\.sql/) != nil }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
            .map { ($0.deletingPathExtension().lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
    }
}
