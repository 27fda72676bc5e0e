// A command as a person runs it.
import Foundation
import Testing

/// What a command left when it ended. Its texts must be shorter than a pipe holds.
struct Command {
    let status: Int32
    let output: String
    let errors: String

    /// - Parameter program: by default `osteon`.
    static func run(_ arguments: [String], program: String? = nil) throws -> Command {
        let process = Process()
        process.executableURL = program.map { URL(fileURLWithPath: $0) } ?? RunningServer.program
        process.arguments = arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        process.waitUntilExit()
        return Command(
            status: process.terminationStatus,
            output: String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self),
            errors: String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self))
    }
}

extension RunningServer {
    /// Runs `osteon keys` on the server's folder. - Returns: what it printed.
    @discardableResult
    func keys(_ words: [String]) throws -> String {
        let command = try Command.run(["keys"] + words + ["--data", dataFolder.path])
        #expect(command.status == 0, "\(command.errors)")
        return command.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Makes a key and waits until the server knows it. - Returns: its secret.
    func addKey(_ name: String, _ scopes: [String], _ more: [String] = []) throws -> String {
        let secret = try keys(["add", "--name", name] + scopes.flatMap { ["--scope", $0] } + more)
        try waitUntil("the server knows the key") {
            let known = try client.send("GET", "/v1/studies", headers: Self.bearer(secret)).status
            return try [200, 403].contains(known) && client.send("GET", "/v1/studies").status == 401
        }
        return secret
    }

    static func bearer(_ secret: String) -> [String: String] { ["Authorization": "Bearer " + secret] }
}
