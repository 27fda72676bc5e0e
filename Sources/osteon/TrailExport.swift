// `osteon trail export`: every row, to be kept elsewhere.
import ArgumentParser
import Foundation
import Store

struct TrailExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write every row as a line of JSON, oldest first.",
        discussion: """
            `content` is the very text that was hashed: the SHA-256 of the hash before (64 zeros before the first), the number and the content,
            parted by line feeds, is the row's `sha256`.
            """)

    @OptionGroup var trail: TrailOption

    private struct Line: Encodable {
        let number: Int
        let content: String
        let sha256: String
    }

    func run() throws {
        try CommandFailure.explaining {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            try trail.store().walk { row in
                let line = Line(number: row.number, content: row.content, sha256: row.sha256)
                FileHandle.standardOutput.write(try encoder.encode(line) + [0x0A])
            }
        }
    }
}
