// `osteon restore`: a data folder out of a copy.
import ArgumentParser
import Foundation
import Store

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Make a data folder of a copy that 'osteon backup' wrote.",
        discussion: """
            Every byte is checked on the way. A folder that holds anything is refused: move the old data away first. Jobs that were running
            when the copy was made are run again by the next 'osteon serve'; deliveries that waited are made.
            """)

    @Argument(help: ArgumentHelp("Folder that 'osteon backup' wrote.", valueName: "folder"))
    var place: String

    @Option(help: ArgumentHelp("Data folder to make; absent or empty.", valueName: "folder"))
    var data = "osteon-data"

    func run() throws {
        let folder = URL(fileURLWithPath: data, isDirectory: true)
        let summary = try CommandFailure.explaining {
            let summary = try Backup.restore(from: URL(fileURLWithPath: place, isDirectory: true), to: folder)
            let moment = summary.createdAt.ISO8601Format()
            try TrailStore(folder: folder).append(.command("restore", named: ["copy": moment]), isDurable: true)
            return summary
        }
        print("Restored to \(data): \(summary.words).")
    }
}
