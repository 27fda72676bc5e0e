// A full disk: told as such, nothing half kept, and the store lives on.
import Domain
import Foundation
import Store
import Testing

@Suite(.serialized, .enabled(if: SmallDisk.isAvailable, "needs the right to mount a tmpfs"))
struct DiskFullTests {
    let fixture: Fixture
    let disk: SmallDisk

    init() throws {
        fixture = try Fixture()
        disk = try SmallDisk(at: fixture.folder, mebibytes: 4)
    }

    @Test func `an upload that does not fit is refused as storage-full, and leaves its room to the next`() throws {
        let store = try fixture.open()
        let error = storeError { try store.blobs.receive().write([UInt8](repeating: 7, count: 8 << 20)) }
        #expect(error?.code == .storageFull)
        #expect(fixture.files(in: "incoming").isEmpty)
        _ = try store.addStudy("fits")
    }

    @Test func `a job that cannot be written is refused as storage-full, and is accepted once there is room`() throws {
        let store = try fixture.open()
        let order = JobOrder(request: request(study: try store.addStudy().id))
        let filler = fixture.folder.appendingPathComponent("filler")
        try disk.fill(filler)
        var refusal: StoreError?
        for _ in 0..<200 where refusal == nil { refusal = storeError { _ = try store.jobs.enqueue(order) } }
        #expect(refusal?.code == .storageFull)
        #expect(storeError { try store.check() }?.code == .storageFull)
        let before = try store.jobs.list(limit: 1000).count
        try FileManager.default.removeItem(at: filler)
        _ = try store.jobs.enqueue(order)
        #expect(try store.jobs.list(limit: 1000).count == before + 1)
    }

    @Test func `results that do not fit leave the job with its worker, and are stored once there is room`() throws {
        let store = try fixture.open()
        let job = try store.addJob()
        let claimed = try #require(try store.claim())
        let filler = fixture.folder.appendingPathComponent("filler")
        try disk.fill(filler)
        let large = Artifact(name: .report, mediaType: "text/plain", bytes: [UInt8](repeating: 1, count: 100_000))
        #expect(storeError { try store.jobs.finish(claimed.lease, artifacts: [large]) }?.code == .storageFull)
        #expect(try store.state(of: job) == .running)
        #expect(try store.reports.artifacts(job: job.id).isEmpty)
        try FileManager.default.removeItem(at: filler)
        try store.jobs.finish(claimed.lease, artifacts: [large])
        #expect(try store.state(of: job) == .done)
        #expect(fixture.files(in: "incoming").isEmpty)
    }
}

/// A disk of a few mebibytes, unmounted with its last reference.
final class SmallDisk: Sendable {
    private let folder: URL

    static let isAvailable: Bool = {
        let probe = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-mount-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: probe) }
        return (try? FileManager.default.createDirectory(at: probe, withIntermediateDirectories: true)) != nil
            && (try? SmallDisk(at: probe, mebibytes: 1)) != nil
    }()

    init(at folder: URL, mebibytes: Int) throws {
        self.folder = folder
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=\(mebibytes)m") == 0 else { throw POSIXError(.EPERM) }
    }

    deinit {
        umount2(folder.path, Int32(MNT_DETACH))
        try? FileManager.default.removeItem(at: folder)
    }

    /// Writes zeros to `file` until nothing more fits.
    func fill(_ file: URL) throws {
        try Data().write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        for count in [4096, 1] {
            while (try? handle.write(contentsOf: Data(count: count))) != nil {}
        }
    }
}
