// The access trail: every request is a row, and each row is tied to the one before it.
import Domain
import Foundation
import GRDB
import Migrations

/// The trail of a data folder, in a database of its own: requests that only look must not wait for those that write studies.
///
/// Rows that come while others are being written are written together, by whichever request is there first. Each returns when its row is
/// in the file, so that the end of the process cannot take it away.
package final class TrailStore: @unchecked Sendable {
    // Unchecked: everything mutable is only touched while `lock` is held, but for a batch that was taken, which is its writer's.
    private let lock = NSLock()
    private var filling = Batch()
    private var isWriting = false
    private var isSynced = true
    private let folder: DataFolder
    private let pool: DatabasePool
    private let clock: @Sendable () -> Date

    /// Rows that are written in one transaction, by whoever brought the first of them.
    private final class Batch {
        var contents: [String] = []
        var isDurable = false
        var outcome: Result<Void, any Error>?
        var followers = 0
        /// Told when the batch before it is written.
        let turn = DispatchSemaphore(value: 0)
        /// Told once for each follower.
        let written = DispatchSemaphore(value: 0)
    }

    /// Opens the trail of a data folder, which may be another's: commands add rows beside the server.
    /// - Throws: `StoreError.schemaNewer`, `.full`, `.system`, `.database`.
    package convenience init(folder: URL) throws {
        try self.init(DataFolder(folder, isOwner: false), clock: { Date() })
    }

    init(_ folder: DataFolder, clock: @escaping @Sendable () -> Date) throws {
        self.clock = clock
        self.folder = folder
        pool = try folder.translating { try Ledger.open(folder.trail, Migration.trail) }
    }

    /// Adds a row. On return it is in the file; a power cut may take the newest rows, unless they are durable.
    /// - Parameter isDurable: whether a power cut must not take it (nor any before it).
    /// - Throws: `StoreError.full`, `.database`.
    package func append(_ entry: TrailEntry, isDurable: Bool) throws {
        var entry = entry
        entry.at = Timestamp.rounded(clock())
        let content = try entry.text()
        lock.lock()
        let batch = filling
        batch.contents.append(content)
        batch.isDurable = batch.isDurable || isDurable
        if batch.contents.count == 1 {
            writeInTurn(batch)
        } else {
            batch.followers += 1
            lock.unlock()
            batch.written.wait()
        }
        try batch.outcome?.get()
    }

    /// Waits for the batch before, takes what has come meanwhile and writes it. The lock is held on entry, and let go.
    private func writeInTurn(_ batch: Batch) {
        if isWriting {
            lock.unlock()
            batch.turn.wait()
            lock.lock()
        }
        isWriting = true
        filling = Batch()
        lock.unlock()
        let outcome = Result { try write(batch) }
        lock.lock()
        batch.outcome = outcome
        for _ in 0..<batch.followers { batch.written.signal() }
        if filling.contents.isEmpty { isWriting = false } else { filling.turn.signal() }
        lock.unlock()
    }

    private func write(_ batch: Batch) throws {
        try folder.translating {
            try pool.writeWithoutTransaction { db in
                if isSynced != batch.isDurable {
                    try db.execute(sql: "PRAGMA synchronous = \(batch.isDurable ? "FULL" : "NORMAL")")
                    isSynced = batch.isDurable
                }
                try db.inTransaction(.immediate) {
                    var head = try Self.head(db)
                    let insertion = try db.cachedStatement(
                        sql: "INSERT INTO entry (number, content, sha256) VALUES (?, ?, ?)")
                    for content in batch.contents {
                        head = try head.next(content)
                        try insertion.execute(arguments: [head.number, content, head.sha256])
                    }
                    return .commit
                }
            }
        }
    }

    /// The last row.
    package func head() throws -> TrailHead { try read(Self.head) }

    func read<T>(_ body: (Database) throws -> T) throws -> T { try folder.translating { try pool.read(body) } }

    private static func head(_ db: Database) throws -> TrailHead {
        let last = try db.cachedStatement(sql: "SELECT * FROM entry ORDER BY number DESC LIMIT 1")
        return try Row.fetchOne(last).map { TrailHead(number: $0["number"], sha256: $0["sha256"]) } ?? .beginning
    }
}
