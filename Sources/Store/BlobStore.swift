// Uploaded and computed bytes, named by their SHA-256.
import Foundation

/// Files by content: the same bytes stored twice are one file. A blob lives as long as a row refers to it.
package struct BlobStore: Sendable {
    let ledger: Ledger

    /// A file to stream bytes into. Give it to `StudyStore.insert`, `.insertMask` or `AuditStore.insert` to keep it.
    /// - Throws: `StoreError.full` or `.system`.
    package func receive() throws -> IncomingBlob {
        try IncomingBlob(at: ledger.folder.incoming.appendingPathComponent(ledger.makeID(), isDirectory: false))
    }

    /// What `rewrite` makes of sealed bytes, in their place; they themselves are gone.
    /// - Throws: what `rewrite` does; `StoreError.full` or `.system`. Nothing is left then.
    package func rewriting(
        _ blob: IncomingBlob, _ rewrite: (_ source: URL, _ target: URL) throws -> Void
    ) throws -> IncomingBlob {
        defer { blob.discard() }
        try blob.seal()
        let target = ledger.folder.incoming.appendingPathComponent(ledger.makeID(), isDirectory: false)
        do {
            try rewrite(blob.url, target)
            return try IncomingBlob(reading: target)
        } catch {
            unlink(target.path)
            throw error
        }
    }

    /// Where the blob of a stored study, mask, artifact or audit is. Read only.
    /// - Parameter sha256: the digest that the row holds.
    package func url(sha256: String) -> URL { ledger.folder.blob(sha256) }

    /// Bytes that an upload may still take on the data folder's disk.
    /// - Throws: `StoreError.system`.
    package func freeByteCount() throws -> Int {
        var status = statvfs()
        guard statvfs(ledger.folder.blobs.path, &status) == 0 else {
            throw StoreError.lastSystemError("asking for the free disk space")
        }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }
}
