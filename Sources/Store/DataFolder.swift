// The folder on disk that one server owns.
import CSystem
import Foundation

/// Paths and ownership: `osteon.sqlite`, `trail.sqlite`, `blobs/ab/abcdef…`, `incoming/`, and `osteon.lock`, which is held while the server runs.
/// The kernel drops the lock with the process, however that ends, so a crash leaves nothing to clear by hand.
final class DataFolder: Sendable {
    let database: URL
    let trail: URL
    let incoming: URL
    let blobs: URL
    private let lock: Int32

    /// Creates what is missing and takes the lock, if it is to be owned.
    /// - Throws: `StoreError.folderInUse`, `.full`, `.system`.
    init(_ root: URL, isOwner: Bool = true) throws {
        database = root.appendingPathComponent("osteon.sqlite")
        trail = root.appendingPathComponent("trail.sqlite")
        incoming = root.appendingPathComponent("incoming", isDirectory: true)
        blobs = root.appendingPathComponent("blobs", isDirectory: true)
        for folder in [root, incoming, blobs] { try Self.create(folder) }
        guard isOwner else {
            lock = -1
            return
        }
        lock = open(root.appendingPathComponent("osteon.lock").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard lock >= 0 else { throw StoreError.lastSystemError("opening osteon.lock in the data folder") }
        // From here on the object is whole, so a throw runs `deinit`, which closes the file.
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            if errno == EWOULDBLOCK { throw StoreError.folderInUse(path: root.path) }
            throw StoreError.lastSystemError("locking the data folder")
        }
    }

    deinit {
        if lock >= 0 { close(lock) }
    }

    /// The place of a blob: two digits of its digest spread the files over 256 folders.
    func blob(_ sha256: String) -> URL {
        blobs.appendingPathComponent(String(sha256.prefix(2)), isDirectory: true)
            .appendingPathComponent(sha256, isDirectory: false)
    }

    /// Creates the folder of a blob.
    func prepare(for sha256: String) throws {
        try Self.create(blob(sha256).deletingLastPathComponent())
    }

    /// Makes the entries of a folder survive a power cut, after a rename into it.
    func syncFolder(of file: URL) throws {
        let folder = open(file.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw StoreError.lastSystemError("opening a blob folder") }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw StoreError.lastSystemError("saving a blob folder") }
    }

    /// Makes every file and every name of the folder survive a power cut, with whatever else its file system has in memory.
    func syncFileSystem() throws {
        let folder = open(blobs.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw StoreError.lastSystemError("opening the blob folder") }
        defer { close(folder) }
        guard csystem_sync_file_system(folder) == 0 else { throw StoreError.lastSystemError("saving the blob folder") }
    }

    /// Removes what uploads of an earlier life left behind. Only the owner of the lock may call it, before it serves.
    func sweepIncoming() throws {
        for file in try FileManager.default.contentsOfDirectory(at: incoming, includingPropertiesForKeys: nil) {
            unlink(file.path)
        }
    }

    /// The names of all blob files, which are their digests.
    func storedDigests() throws -> [String] {
        try FileManager.default.contentsOfDirectory(at: blobs, includingPropertiesForKeys: nil).flatMap {
            (try? FileManager.default.contentsOfDirectory(atPath: $0.path)) ?? []
        }
    }

    /// Runs `body` with SQLite's errors told in `StoreError`'s terms, and looks at the disk where SQLite does not say why it failed.
    func translating<T>(_ body: () throws -> T) throws -> T {
        do {
            return try StoreError.translating(body)
        } catch StoreError.database where isReadOnly {
            throw StoreError.readOnly(operation: "writing the database")
        }
    }

    /// Whether a file is refused for that reason now. What the file system says of itself does not tell: ext4 that has met an error does not.
    private var isReadOnly: Bool {
        let probe = incoming.appendingPathComponent(UUID().uuidString).path
        let file = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard file >= 0 else { return errno == EROFS }
        close(file)
        unlink(probe)
        return false
    }

    private static func create(_ folder: URL) throws {
        if mkdir(folder.path, 0o750) == 0 || errno == EEXIST { return }
        guard errno == ENOENT else {
            throw StoreError.lastSystemError("creating the folder \(folder.lastPathComponent)")
        }
        try create(folder.deletingLastPathComponent())
        guard mkdir(folder.path, 0o750) == 0 || errno == EEXIST else {
            throw StoreError.lastSystemError("creating the folder \(folder.lastPathComponent)")
        }
    }
}
