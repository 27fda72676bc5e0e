// A database of a data folder, asked by SQLite's own program.
import Foundation
import Testing

/// Read beside the server, or after its end.
struct DatabaseFile {
    private static let program = "/usr/bin/sqlite3"
    private let url: URL
    /// Words of a command that goes before the program.
    private let launcher: [String]

    init(_ url: URL, launcher: [String] = []) { (self.url, self.launcher) = (url, launcher) }

    static var canBeAsked: Bool { FileManager.default.isExecutableFile(atPath: program) }

    func answer(_ sql: String) throws -> String {
        let words = launcher + [Self.program, url.path, sql]
        let answer = try Command.run(Array(words.dropFirst()), program: words[0])
        #expect(answer.status == 0, "\(answer.errors)")
        return answer.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// What SQLite finds wrong with each database of a data folder: `ok`, if nothing.
    static func integrity(in folder: URL, launcher: [String] = []) throws -> [String] {
        try ["osteon.sqlite", "trail.sqlite"].map {
            try DatabaseFile(folder.appendingPathComponent($0), launcher: launcher).answer("PRAGMA integrity_check")
        }
    }
}
