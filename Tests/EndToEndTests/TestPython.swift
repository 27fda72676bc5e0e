// The Python that `deploy/setup --with-tests` makes, and the clients in it.
import Foundation
import ReferenceData
import Testing

enum TestPython {
    private static let folder = ReferenceData.packageRoot.appendingPathComponent(".build/test-python/bin")

    /// A program of the environment, `python` itself or one that a package brought.
    static func program(_ name: String) -> URL { folder.appendingPathComponent(name) }

    static func has(_ name: String) -> Bool { FileManager.default.isExecutableFile(atPath: program(name).path) }

    static func absent(_ name: String) -> Comment { "\(name) is not installed: run deploy/setup --with-tests" }

    /// Runs a script beside these tests that says `ok` at its end.
    static func expectOK(
        _ name: String, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let client = try TalkingProgram(program("python"), [script(name)] + arguments)
        let status = client.end()
        #expect(status == 0 && client.words.hasSuffix("ok\n"), "\(client.words)", sourceLocation: sourceLocation)
    }

    /// A script beside these tests.
    static func script(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(name).path
    }
}

/// A program whose words are read while it runs; ended with its last reference.
final class TalkingProgram {
    private let process = Process()
    private let output = Pipe()
    private(set) var words = ""

    init(_ program: URL, _ arguments: [String]) throws {
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Reads on until a word was said. - Returns: false where the program ended without it.
    func says(_ word: String) -> Bool {
        while !words.contains(word) {
            let piece = output.fileHandleForReading.availableData
            guard !piece.isEmpty else { return false }
            words += String(decoding: piece, as: UTF8.self)
        }
        return true
    }

    /// Reads on to the end. - Returns: the exit status.
    func end() -> Int32 {
        words += String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus
    }
}
