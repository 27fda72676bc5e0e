// `osteon backup`: a copy of a data folder, beside a running server.
import ArgumentParser
import Foundation
import Store

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy a data folder, beside a running server or without one.",
        discussion: """
            The databases are copied as they are at one moment, then every file that they refer to, each checked against its SHA-256. What
            the server acknowledged before the copy began is in it. The copy is whole when backup.json is there, which is written last.

              osteon backup /mnt/backup/2026-01-31 --data /var/lib/osteon
              osteon restore /mnt/backup/2026-01-31 --data /var/lib/osteon-new
            """)

    @Argument(help: ArgumentHelp("Folder to write to; absent or empty.", valueName: "folder"))
    var place: String

    @Option(help: ArgumentHelp("Data folder of the server.", valueName: "folder"))
    var data = "osteon-data"

    func run() throws {
        try CommandFailure.requireFile(data + "/osteon.sqlite")
        let folder = URL(fileURLWithPath: data, isDirectory: true)
        let summary = try CommandFailure.explaining {
            // Who copies sees everything: so the trail says it, in the copy too.
            try TrailStore(folder: folder).append(.command("backup", named: [:]), isDurable: true)
            return try Backup.make(of: folder, at: URL(fileURLWithPath: place, isDirectory: true))
        }
        print("Copied to \(place): \(summary.words).")
    }
}

extension BackupSummary {
    /// `12 files of 34.5 MB, as of 2026-01-31T12:00:00Z`.
    var words: String {
        let size = String(format: "%.1f", Double(blobByteCount) / 1e6)
        return "\(blobCount) files of \(size) MB and the databases, as of \(createdAt.ISO8601Format())"
    }
}
