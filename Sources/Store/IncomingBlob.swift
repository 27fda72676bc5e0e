// Bytes on their way in: a file that is not yet anyone's.
import CSystem
import Foundation

/// A temporary file that is hashed while it is written. It becomes a blob when a store verb adopts it in the
/// transaction that writes its row; until then it vanishes with `discard()`, with its last reference, or at the next start.
/// Used by one thread at a time.
package final class IncomingBlob {
    /// Where the bytes are; after adoption, the blob's own place.
    package private(set) var url: URL
    /// Bytes written so far.
    package private(set) var byteCount = 0
    private let reader: FileDigest
    /// Closed by `reader`.
    private let descriptor: Int32
    private var digest: String?
    private var isEnded = false
    private var isOnDisk = false
    /// True while the file is there and no row refers to it; false before it is created, so that a name clash harms no one.
    private var isOurs = false

    /// So many bytes are written before they are hashed (our choice).
    private static let stepBytes = 1 << 20

    /// Creates an empty file. - Throws: `StoreError.full` or `.system`.
    init(at url: URL) throws {
        self.url = url
        descriptor = open(url.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw StoreError.lastSystemError("creating a file in incoming") }
        do {
            reader = try FileDigest(of: descriptor)
        } catch {
            close(descriptor)
            unlink(url.path)
            throw error
        }
        isOurs = true
    }

    /// Takes a file of the folder of incoming files that is whole already.
    /// - Throws: `StoreError.system`; the file is then still there.
    init(reading url: URL) throws {
        self.url = url
        descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError.lastSystemError("opening a rewritten upload") }
        var status = stat()
        do {
            guard fstat(descriptor, &status) == 0 else {
                throw StoreError.lastSystemError("reading a rewritten upload")
            }
            reader = try FileDigest(of: descriptor)
        } catch {
            close(descriptor)
            throw error
        }
        byteCount = Int(status.st_size)
        isOurs = true
        end()
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
        let steps = byteCount / Self.stepBytes
        byteCount += bytes.count
        if byteCount / Self.stepBytes > steps { reader.read(to: byteCount) }
    }

    /// Ends the writing: the bytes can be read at `url`, and are on their way to the disk and into the digest.
    package func end() {
        guard !isEnded else { return }
        isEnded = true
        csystem_begin_saving(descriptor)
        reader.read(to: byteCount)
        reader.end()
    }

    /// Ends the writing and waits for the digest. A second call returns the same.
    /// - Returns: the SHA-256, 64 lower-case hexadecimal digits.
    /// - Throws: `StoreError.system`; the file is then gone.
    @discardableResult
    package func seal() throws -> String {
        if let digest { return digest }
        end()
        do {
            let digest = try reader.finish()
            self.digest = digest
            return digest
        } catch {
            discard()
            throw error
        }
    }

    /// Makes the sealed bytes survive a power cut.
    /// - Parameter withOthers: the file system is synced next; then it is enough that the disk has taken the bytes.
    func makeLast(withOthers: Bool) throws {
        guard !isOnDisk, isOurs else { return }
        let file = open(url.path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw discarding(StoreError.lastSystemError("opening an upload")) }
        defer { close(file) }
        guard (withOthers ? csystem_finish_saving(file) : fsync(file)) == 0 else {
            throw discarding(StoreError.lastSystemError("saving an upload"))
        }
        isOnDisk = !withOthers
    }

    /// Removes the file, unless a store verb has adopted it.
    package func discard() {
        guard isOurs else { return }
        isOurs = false
        isEnded = true
        unlink(url.path)
        reader.close()
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
}
