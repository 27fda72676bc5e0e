// The database and the blob files, kept in step.
import Domain
import Foundation
import GRDB
import Migrations
import Synchronization

/// One SQLite file in WAL mode and the blobs that its rows refer to.
///
/// A blob file appears and disappears only while the one writer is held, and appears before its row is committed and
/// disappears after. So a row never lacks its file; a crash between the two leaves a file without a row, which the next start sweeps.
final class Ledger: Sendable {
    let folder: DataFolder
    let changes = ChangeSignal()
    /// Told when a job can be claimed that could not be before.
    let arrivals = ChangeSignal()
    /// Told when instances came, or when a series is to be complete earlier than it was.
    let completions = ChangeSignal()
    /// Told when there is something to deliver.
    let deliveries = ChangeSignal()
    /// Held by whoever tells the trail of deletions.
    let erasing = Mutex(())
    /// How often this process has written. Whoever reads it first and finds it unchanged later has missed nothing of this process.
    let writes = Atomic<Int>(0)
    private let pool: DatabasePool
    private let identifiers = IdentifierSource()
    private let clock: @Sendable () -> Date

    /// - Parameter isOwner: a command that only writes rows beside the server owns nothing and tidies nothing.
    init(_ root: URL, isOwner: Bool = true, clock: @escaping @Sendable () -> Date) throws {
        self.clock = clock
        folder = try DataFolder(root, isOwner: isOwner)
        let database = folder.database
        pool = try folder.translating { try Self.open(database, Migration.all) }
        guard isOwner else { return }
        try folder.sweepIncoming()
        let stored = try folder.storedDigests()
        try onWriter { removeUnreferenced(stored, $0) }
    }

    /// The time, in whole milliseconds, as the database keeps it.
    var now: Date { Timestamp.rounded(clock()) }

    func makeID() -> String { identifiers.next(at: now) }

    func read<T>(_ body: (Database) throws -> T) throws -> T {
        try folder.translating { try pool.read(body) }
    }

    /// From so many files on, waiting once for the whole file system costs less than waiting for each file and each folder (our choice; for 60 images
    /// that would be some 110 waits).
    private static let manyFiles = 8

    /// One transaction. `incoming` become blobs in it; those that no row refers to afterwards are gone.
    func write<T>(adopting incoming: [IncomingBlob] = [], _ body: (Database) throws -> T) throws -> T {
        let digests = try incoming.map { try $0.seal() }
        let areMany = incoming.count >= Self.manyFiles
        for blob in incoming { try blob.makeLast(withOthers: areMany) }
        if areMany { try folder.syncFileSystem() }
        return try onWriter { db in
            defer { removeUnreferenced(digests, db) }
            return try transaction(db) {
                try adopt(zip(incoming, digests))
                return try body(db)
            }
        }
    }

    /// One transaction whose body returns the digests that rows may have ceased to refer to; their files go if so.
    func writeReleasing(_ body: (Database) throws -> [String]) throws {
        try onWriter { db in
            let released = try transaction(db) { try body(db) }
            removeUnreferenced(released, db)
        }
    }

    /// What a deletion took, and the digests that rows may have ceased to refer to.
    typealias Deletion = (erasure: Erasure, released: [String])

    /// One transaction that deletes and notes so; nil where it found nothing to delete. Files that no row refers to any more go too.
    func erase(_ body: (Database) throws -> Deletion?) throws {
        try onWriter { db in
            let released = try transaction(db) { () -> [String] in
                guard var (erasure, released) = try body(db) else { return [] }
                erasure.files = try Set(released).filter { try BlobReferences.has($0, db) == false }.sorted()
                try db.execute(
                    sql: "INSERT INTO erasure (content) VALUES (?)", arguments: [try erasure.jsonText()])
                released = erasure.files
                return released
            }
            removeUnreferenced(released, db)
        }
    }

    /// Makes sure that files are gone, and stay so after a power cut; one that came again meanwhile is left.
    func removeForGood(_ digests: [String]) throws {
        guard !digests.isEmpty else { return }
        try onWriter { removeUnreferenced(digests, $0) }
        for place in Dictionary(grouping: digests.map(folder.blob), by: { $0.deletingLastPathComponent() }).values {
            if let file = place.first { try folder.syncFolder(of: file) }
        }
    }

    /// Folds the write-ahead log into the database and cuts it off: it may hold pages as they were before a deletion. Not
    /// while somebody reads them; then the next time does.
    func shedDeletedPages() throws {
        try onWriter { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }

    /// Names the files, which are on the disk already, then makes the names last.
    private func adopt(_ incoming: Zip2Sequence<[IncomingBlob], [String]>) throws {
        for (blob, digest) in incoming {
            try folder.prepare(for: digest)
            try blob.adopt(at: folder.blob(digest))
        }
        if incoming.underestimatedCount >= Self.manyFiles {
            try folder.syncFileSystem()
        } else {
            for (blob, _) in incoming { try folder.syncFolder(of: blob.url) }
        }
    }

    /// A file whose references cannot be looked up now stays for the sweep of the next start.
    private func removeUnreferenced(_ digests: [String], _ db: Database) {
        for digest in digests where (try? BlobReferences.has(digest, db)) == false {
            unlink(folder.blob(digest).path)
        }
    }

    private func onWriter<T>(_ body: (Database) throws -> T) throws -> T {
        defer { writes.add(1, ordering: .releasing) }
        return try folder.translating { try pool.writeWithoutTransaction(body) }
    }

    private func transaction<T>(_ db: Database, _ body: () throws -> T) throws -> T {
        try db.beginTransaction(.immediate)
        do {
            let result = try body()
            try db.commit()
            return result
        } catch {
            // A full disk has already rolled back by itself.
            if db.isInsideTransaction { try db.rollback() }
            throw error
        }
    }

    /// Opens a database and brings it to the newest schema.
    static func open(_ file: URL, _ migrations: [Migration]) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        // What is deleted is overwritten with zeros.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA secure_delete = ON") }
        let pool = try DatabasePool(path: file.path, configuration: configuration)
        // GRDB chooses NORMAL, which may forget the last commits in a power cut; a job that was accepted is a promise.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.name) { try $0.execute(sql: migration.sql) }
        }
        if try pool.read(migrator.hasBeenSuperseded) { throw StoreError.schemaNewer(path: file.path) }
        try migrator.migrate(pool)
        return pool
    }
}
