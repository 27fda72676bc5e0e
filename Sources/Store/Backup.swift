// A copy of a data folder, taken while a server goes on writing it, and the way back.
import Domain
import Foundation
import GRDB

/// What a copy holds, as its `backup.json` says. That file is written last: a folder without it is no whole copy.
package struct BackupSummary: Codable, Hashable, Sendable {
    package let createdAt: Date
    /// SHA-256 of the database files, by name.
    let databases: [String: String]
    package let blobCount: Int
    package let blobByteCount: Int

    static let name = "backup.json"
}

/// Copies of data folders: the databases by SQLite's online backup, as they are at one moment each, and every blob that they refer to,
/// checked against the digest that is its name.
package struct Backup {
    private let root: URL
    private var blobs: URL { root.appendingPathComponent("blobs", isDirectory: true) }

    private static let main = "osteon.sqlite"
    private static let trail = "trail.sqlite"
    private static let pieceBytes = 1 << 20

    /// Copies a data folder, which may be in use.
    /// - Parameter place: absent or an empty folder.
    /// - Throws: `StoreError.notEmpty`, `.backupDamaged` where the source itself is damaged, `.full`, `.system`, `.database`.
    package static func make(of data: URL, at place: URL, now: Date = Date()) throws -> BackupSummary {
        try requireEmpty(place)
        let copy = Backup(root: place)
        let source = Backup(root: data)
        try create(copy.blobs)
        var sizes: [String: Int] = [:]
        // Most of it while the server goes on; what was deleted meanwhile is passed over.
        try copyDatabase(main, from: data, to: place)
        try source.copyBlobs(to: copy, &sizes)
        // The rest while nobody can delete: a blob goes only after a transaction that this waits for.
        let digests = try source.withoutWriters {
            try copyDatabase(main, from: data, to: place)
            let digests = try source.copyBlobs(to: copy, &sizes)
            guard let missing = digests.first(where: { sizes[$0] == nil }) else { return Set(digests) }
            throw StoreError.backupDamaged(path: data.path, flaw: "the blob \(missing) is missing")
        }
        for digest in sizes.keys where !digests.contains(digest) {
            unlink(copy.blob(digest).path)
            sizes[digest] = nil
        }
        try copyDatabase(trail, from: data, to: place)
        let summary = BackupSummary(
            createdAt: Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down)),
            databases: try copy.databaseDigests(), blobCount: sizes.count,
            blobByteCount: sizes.values.reduce(0, +))
        try writeSynced(try encoder.encode(summary), to: place.appendingPathComponent(BackupSummary.name))
        return summary
    }

    /// Checks a copy, and makes a data folder of it.
    /// - Parameter data: absent or an empty folder; no server can start on it meanwhile.
    /// - Throws: `StoreError.notEmpty`, `.backupDamaged`, `.folderInUse`, `.full`, `.system`, `.database`.
    package static func restore(from place: URL, to data: URL) throws -> BackupSummary {
        let copy = Backup(root: place)
        let summary = try copy.checkedSummary()
        try requireEmpty(data)
        let folder = try DataFolder(data)
        let target = Backup(root: data)
        for digest in try copy.referencedDigests() {
            guard try copy.copyBlob(digest, to: target) != nil else {
                throw StoreError.backupDamaged(path: place.path, flaw: "the blob \(digest) is missing")
            }
        }
        for (name, file) in [(trail, folder.trail), (main, folder.database)] {
            guard try copyChecked(place.appendingPathComponent(name), to: file) == summary.databases[name] else {
                unlink(file.path)
                throw StoreError.backupDamaged(path: place.path, flaw: "\(name) is not what was copied")
            }
        }
        try folder.syncFolder(of: folder.database)
        return summary
    }

    // MARK: Databases

    private static func copyDatabase(_ name: String, from data: URL, to place: URL) throws {
        let target = place.appendingPathComponent(name)
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(target.path + suffix) }
        try StoreError.translating {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(30)
            let source = try DatabaseQueue(path: data.appendingPathComponent(name).path, configuration: configuration)
            let copy = try DatabaseQueue(path: target.path)
            try source.backup(to: copy)
            // One file, without a log beside it that a copy of the copy could miss.
            try copy.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA journal_mode = DELETE")
                let verdict = try String.fetchOne(db, sql: "PRAGMA integrity_check")
                guard verdict == "ok" else {
                    throw StoreError.backupDamaged(path: data.path, flaw: "\(name): \(verdict ?? "no verdict")")
                }
            }
            try copy.close()
            try source.close()
        }
    }

    /// Runs `body` while every other process that would write to the main database has to wait.
    private func withoutWriters<Result>(_ body: () throws -> Result) throws -> Result {
        try StoreError.translating {
            var configuration = Configuration()
            configuration.busyMode = .timeout(30)
            let database = try DatabaseQueue(
                path: root.appendingPathComponent(Self.main).path, configuration: configuration)
            defer { try? database.close() }
            return try database.writeWithoutTransaction { db in
                try db.execute(sql: "BEGIN IMMEDIATE")
                defer { try? db.execute(sql: "ROLLBACK") }
                return try body()
            }
        }
    }

    private func referencedDigests() throws -> [String] {
        try StoreError.translating {
            var configuration = Configuration()
            configuration.readonly = true
            let database = try DatabaseQueue(
                path: root.appendingPathComponent(Self.main).path, configuration: configuration)
            defer { try? database.close() }
            return try database.read(BlobReferences.all)
        }
    }

    private func databaseDigests() throws -> [String: String] {
        var digests: [String: String] = [:]
        for name in [Self.main, Self.trail] {
            do {
                digests[name] = try SHA256.digest(of: root.appendingPathComponent(name))
            } catch {
                throw StoreError.backupDamaged(path: root.path, flaw: "\(name) cannot be read")
            }
        }
        return digests
    }

    private func checkedSummary() throws -> BackupSummary {
        guard let bytes = try? Data(contentsOf: root.appendingPathComponent(BackupSummary.name)),
            let summary = try? Self.decoder.decode(BackupSummary.self, from: bytes)
        else {
            throw StoreError.backupDamaged(
                path: root.path, flaw: "it has no \(BackupSummary.name), so it is no whole copy")
        }
        let found = try databaseDigests()
        guard let wrong = found.keys.sorted().first(where: { found[$0] != summary.databases[$0] }) else {
            return summary
        }
        throw StoreError.backupDamaged(path: root.path, flaw: "\(wrong) is not what was copied")
    }

    // MARK: Files

    private func blob(_ digest: String) -> URL {
        blobs.appendingPathComponent(String(digest.prefix(2)), isDirectory: true).appendingPathComponent(digest)
    }

    /// Copies the blobs that the copy's database refers to, but for those that were copied before or are not there.
    /// - Returns: all that it refers to.
    @discardableResult
    private func copyBlobs(to copy: Backup, _ sizes: inout [String: Int]) throws -> [String] {
        let digests = try copy.referencedDigests()
        for digest in digests where sizes[digest] == nil { sizes[digest] = try copyBlob(digest, to: copy) }
        return digests
    }

    /// - Returns: the size; nil where there is no such blob.
    private func copyBlob(_ digest: String, to other: Backup) throws -> Int? {
        let (source, target) = (blob(digest), other.blob(digest))
        try Self.create(target.deletingLastPathComponent())
        do {
            guard try Self.copyChecked(source, to: target) == digest else {
                unlink(target.path)
                throw StoreError.backupDamaged(
                    path: root.path, flaw: "the blob \(digest) has other bytes than its name says")
            }
        } catch StoreError.system(_, errno: ENOENT) {
            return nil
        }
        var facts = stat()
        guard stat(target.path, &facts) == 0 else { throw StoreError.lastSystemError("looking at a copied blob") }
        return Int(facts.st_size)
    }

    /// Copies a file, which is on the disk afterwards. - Returns: the SHA-256 of what was read.
    private static func copyChecked(_ source: URL, to target: URL) throws -> String {
        let input = open(source.path, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw StoreError.lastSystemError("opening \(source.lastPathComponent)") }
        defer { close(input) }
        let output = open(target.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard output >= 0 else { throw StoreError.lastSystemError("creating \(target.lastPathComponent)") }
        defer { close(output) }
        let hash = try SHA256()
        var piece = [UInt8](repeating: 0, count: pieceBytes)
        while true {
            let count = read(input, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw StoreError.lastSystemError("reading \(source.lastPathComponent)") }
            if count == 0 { break }
            try piece.withUnsafeBytes { bytes in
                let read = UnsafeRawBufferPointer(rebasing: bytes[..<count])
                try hash.update(read)
                try write(read, to: output, target.lastPathComponent)
            }
        }
        guard fsync(output) == 0 else { throw StoreError.lastSystemError("saving \(target.lastPathComponent)") }
        return try hash.finish()
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to output: Int32, _ name: String) throws {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(output, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw StoreError.lastSystemError("writing \(name)") }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    private static func writeSynced(_ bytes: Data, to file: URL) throws {
        let output = open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard output >= 0 else { throw StoreError.lastSystemError("creating \(file.lastPathComponent)") }
        defer { close(output) }
        try bytes.withUnsafeBytes { try write($0, to: output, file.lastPathComponent) }
        guard fsync(output) == 0 else { throw StoreError.lastSystemError("saving \(file.lastPathComponent)") }
    }

    private static func create(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        } catch {
            throw StoreError.system(operation: "creating \(folder.lastPathComponent)", errno: errno)
        }
    }

    private static func requireEmpty(_ folder: URL) throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        // A disk of its own has this from the beginning.
        guard names.allSatisfy({ $0 == "lost+found" }) else { throw StoreError.notEmpty(path: folder.path) }
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.dateEncodingStrategy = .iso8601
        return encoder
    }

    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return decoder
    }
}
