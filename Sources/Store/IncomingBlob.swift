// Bytes on their way in: a file that is not yet anyone's.
import Foundation

/// A temporary file that is hashed while it is written. It becomes a blob when a store verb adopts it in the
/// transaction that writes its row; until then it vanishes with `discard()`, with its last reference, or at the next start.
/// Used by one thread at a time.
package final class IncomingBlob {
    /// Where the bytes are; after adoption, the blob's own place.
    package private(set) var url: URL
    /// Bytes written so far.
    package private(set) var byteCount = 0
    private let hash: SHA256
    private var descriptor: Int32
    private var digest: String?
    private var isOnDisk = false
    /// True while the file is there and no row refers to it; false before it is created, so that a name clash harms no one.
    private var isOurs = false

    /// Creates an empty file. - Throws: `StoreError.full` or `.system`.
    init(at url: URL) throws {
        self.url = url
        hash = try SHA256()
        descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw StoreError.lastSystemError("creating a file in incoming") }
        isOurs = true
    }

    /// Takes a file of the folder of incoming files that is whole already, sealed.
    /// - Throws: `StoreError.system`; the file is then still there.
    init(reading url: URL) throws {
        self.url = url
        hash = try SHA256()
        descriptor = -1
        let file = open(url.path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw StoreError.lastSystemError("opening a rewritten upload") }
        defer { close(file) }
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(file, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw StoreError.lastSystemError("reading a rewritten upload") }
            if count == 0 { break }
            try piece.withUnsafeBytes { try hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            byteCount += count
        }
        digest = try hash.finish()
        isOurs = true
    }

    deinit { discard() }

    /// Appends bytes. - Throws: `StoreError.full` or `.system`; the file is then gone.
    package func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }

    /// Appends bytes. - Throws: `StoreError.full` or `.system`; the file is then gone.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw discarding(StoreError.lastSystemError("writing an upload")) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        try hash.update(bytes)
        byteCount += bytes.count
    }

    /// Ends the writing: the bytes can be read at `url`. A second call returns the same digest.
    /// - Returns: the SHA-256, 64 lower-case hexadecimal digits.
    @discardableResult
    package func seal() throws -> String {
        if let digest { return digest }
        closeDescriptor()
        let digest = try hash.finish()
        self.digest = digest
        return digest
    }

    /// Makes the sealed bytes survive a power cut. Asked for all files of a request one after the other, the first call does the work of
    /// most: a study of a thousand images costs a few writes of the journal, not a thousand.
    func makeLast() throws {
        guard !isOnDisk, isOurs else { return }
        let file = open(url.path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw discarding(StoreError.lastSystemError("opening an upload")) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw discarding(StoreError.lastSystemError("saving an upload")) }
        isOnDisk = true
    }

    /// Removes the file, unless a store verb has adopted it.
    package func discard() {
        closeDescriptor()
        guard isOurs else { return }
        unlink(url.path)
        isOurs = false
    }

    /// Moves the sealed file to its place among the blobs; a blob with the same content is simply replaced by its equal.
    func adopt(at destination: URL) throws {
        guard isOurs else { return }
        guard rename(url.path, destination.path) == 0 else { throw StoreError.lastSystemError("moving an upload") }
        url = destination
        isOurs = false
    }

    private func discarding(_ error: StoreError) -> StoreError {
        discard()
        return error
    }

    private func closeDescriptor() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
    }
}
