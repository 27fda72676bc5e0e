// Copies of a data folder: whole, checked, and never written over anything.
import Domain
import Foundation
import GRDB
import Store
import Testing

@Suite struct BackupTests {
    private let fixture: Fixture
    private let other: Fixture
    private var copy: URL { other.folder.appendingPathComponent("copy") }
    private var target: URL { other.folder.appendingPathComponent("target") }

    init() throws {
        fixture = try Fixture()
        other = try Fixture()
    }

    /// A study with a finished job, one that waits, and a row of the trail. - Returns: the finished job.
    private func fill(_ store: Store) throws -> Job {
        let job = try store.addJob()
        let claimed = try #require(try store.claim())
        try store.jobs.finish(claimed.lease, artifacts: [report])
        _ = try store.addJob("another scan")
        try store.trail.append(.command("test", named: [:]), isDurable: true)
        return job
    }

    @Test func `a copy made while the store is open restores to the same rows and files`() throws {
        let store = try fixture.open()
        let job = try fill(store)
        let made = try Backup.make(of: fixture.folder, at: copy)
        #expect(made.blobCount == 3)
        _ = try store.addJob("after the copy")
        #expect(try Backup.restore(from: copy, to: target) == made)
        let restored = try Store(folder: target)
        #expect(try restored.jobs.find(job.id)?.state == .done)
        #expect(try restored.jobs.list(limit: 10).count == 2)
        #expect(try restored.trail.head() == store.trail.head())
        let artifact = try #require(try restored.reports.artifact(job: job.id, name: .report))
        #expect(try Array(Data(contentsOf: artifact.file)) == report.bytes)
        let other = try #require(try restored.claim())
        #expect(try restored.studies.find(other.study.id) != nil)
    }

    @Test func `neither a copy nor a data folder is written over what is there`() throws {
        _ = try fill(try fixture.open())
        _ = try Backup.make(of: fixture.folder, at: copy)
        #expect(throws: StoreError.notEmpty(path: copy.path)) { try Backup.make(of: fixture.folder, at: copy) }
        #expect(throws: StoreError.notEmpty(path: fixture.folder.path)) {
            try Backup.restore(from: copy, to: fixture.folder)
        }
    }

    @Test(arguments: ["blobs", "osteon.sqlite", "trail.sqlite", "backup.json"])
    func `a copy that lost a file, or has another byte in it, is not restored`(name: String) throws {
        _ = try fill(try fixture.open())
        _ = try Backup.make(of: fixture.folder, at: copy)
        let file = name == "blobs" ? try #require(blobs(of: copy).first) : copy.appendingPathComponent(name)
        let whole = try Data(contentsOf: file)
        var changed = whole
        changed[whole.count / 2] ^= 1
        for damaged in [name == "backup.json" ? Data() : changed, nil] {
            if let damaged { try damaged.write(to: file) } else { try FileManager.default.removeItem(at: file) }
            let error = storeError { _ = try Backup.restore(from: copy, to: target) }
            guard case .backupDamaged = error else {
                Issue.record("\(name): \(String(describing: error))")
                return
            }
            try? FileManager.default.removeItem(at: target)
        }
    }

    @Test func `a blob that rotted in the data folder is named instead of copied`() throws {
        _ = try fill(try fixture.open())
        let blob = try #require(blobs(of: fixture.folder).first)
        try Data("rot".utf8).write(to: blob)
        let error = storeError { _ = try Backup.make(of: fixture.folder, at: copy) }
        #expect(error?.detail.contains(blob.lastPathComponent) == true)
    }

    private func blobs(of root: URL) -> [URL] {
        let walk = FileManager.default.enumerator(
            at: root.appendingPathComponent("blobs"), includingPropertiesForKeys: nil)
        return (walk?.compactMap { $0 as? URL } ?? []).filter { $0.lastPathComponent.count == 64 }
            .sorted { $0.path < $1.path }
    }
}
