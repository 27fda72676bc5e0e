// Bytes come in whole or not at all, and stay as long as something refers to them.
import Domain
import Foundation
import Store
import Testing

@Suite struct BlobTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func `a blob is named by the SHA-256 of its bytes`() throws {
        let store = try fixture.open()
        let study = try store.addStudy("abc")
        // FIPS 180-4, the one-block example.
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(study.sha256 == digest)
        #expect(study.byteCount == 3)
        #expect(fixture.files(in: "blobs") == ["ba/\(digest)"])
        #expect(try Data(contentsOf: store.blobs.url(sha256: digest)) == Data("abc".utf8))
        #expect(fixture.files(in: "incoming").isEmpty)
    }

    @Test func `an upload can be read at its url once it is sealed, and sealing twice gives the same digest`() throws {
        let store = try fixture.open()
        let blob = try store.upload("ab")
        try blob.write(Array("c".utf8))
        #expect(try blob.seal() == blob.seal())
        #expect(try Data(contentsOf: blob.url) == Data("abc".utf8))
        #expect(fixture.files(in: "blobs").isEmpty)
    }

    @Test func `bytes that are hashed while more come have the digest of all, however they were cut`() throws {
        let store = try fixture.open()
        let bytes = (0..<3_500_001).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        for piece in [1_000_000, 1 << 20, 4_000_000] {
            let blob = try store.blobs.receive()
            for start in stride(from: 0, to: bytes.count, by: piece) {
                try blob.write(Array(bytes[start..<min(start + piece, bytes.count)]))
            }
            blob.end()
            #expect(blob.byteCount == bytes.count)
            #expect(try Data(contentsOf: blob.url) == Data(bytes))
            #expect(try blob.seal() == SHA256.digest(of: bytes))
        }
        #expect(try store.blobs.receive().seal() == SHA256.digest(of: []))
    }

    @Test func `what rewriting made is a blob of its own bytes`() throws {
        let store = try fixture.open()
        let rewritten = try store.blobs.rewriting(store.upload("name")) { source, target in
            #expect(try Data(contentsOf: source) == Data("name".utf8))
            try Data("no name".utf8).write(to: target)
        }
        #expect(try rewritten.seal() == SHA256.digest(of: Array("no name".utf8)) && rewritten.byteCount == 7)
        #expect(fixture.files(in: "incoming").count == 1)
    }

    @Test func `the same content twice is one file, which goes with the last study that refers to it`() throws {
        let store = try fixture.open()
        let first = try store.addStudy("same")
        let second = try store.addStudy("same")
        #expect(first.id != second.id)
        #expect(fixture.files(in: "blobs").count == 1)
        try store.studies.delete(first.id)
        #expect(fixture.files(in: "blobs").count == 1)
        try store.studies.delete(second.id)
        #expect(fixture.files(in: "blobs").isEmpty)
    }

    @Test func `a discarded or forgotten upload leaves nothing behind`() throws {
        let store = try fixture.open()
        let discarded = try store.upload("cut")
        #expect(fixture.files(in: "incoming").count == 1)
        discarded.discard()
        #expect(fixture.files(in: "incoming").isEmpty)
        do { _ = try store.upload("forgotten") }
        #expect(fixture.files(in: "incoming").isEmpty)
    }

    @Test func `a refused study leaves no row and no file, also when its blob was known before`() throws {
        let store = try fixture.open(JobLimits(queued: 0))
        let order = JobOrder(request: request(study: ""))
        #expect(throws: StoreError.queueFull(limit: 0)) {
            try store.studies.insert(someContents, blob: store.upload("refused"), queueing: order)
        }
        #expect(try store.studies.list(limit: 10).isEmpty)
        #expect(fixture.files(in: "blobs") + fixture.files(in: "incoming") == [])

        let kept = try store.addStudy("known")
        #expect(throws: StoreError.queueFull(limit: 0)) {
            try store.studies.insert(someContents, blob: store.upload("known"), queueing: order)
        }
        #expect(FileManager.default.fileExists(atPath: store.blobs.url(sha256: kept.sha256).path))
    }

    @Test func `opening a folder sweeps cut uploads and blobs without a row, and keeps the others`() throws {
        let kept = try fixture.open().addStudy("kept")
        let stale = fixture.folder.appendingPathComponent("incoming/stale")
        let orphan = fixture.folder.appendingPathComponent(
            "blobs/\(kept.sha256.prefix(2))/\(kept.sha256.prefix(2))" + String(repeating: "0", count: 62))
        for file in [stale, orphan] { try Data("x".utf8).write(to: file) }
        let store = try fixture.open()
        #expect(fixture.files(in: "incoming").isEmpty)
        #expect(fixture.files(in: "blobs") == ["\(kept.sha256.prefix(2))/\(kept.sha256)"])
        #expect(try store.studies.find(kept.id) == kept)
    }

    @Test func `the free disk space is told`() throws {
        #expect(try fixture.open().blobs.freeByteCount() > 0)
    }
}
