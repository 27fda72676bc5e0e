// `osteon dimse` before a running service, and DCMTK's senders.
import Foundation
import Testing

/// Started when made; killed and its folder removed when let go.
final class RunningGateway {
    let port: UInt16
    let spool: URL
    private let process = Process()

    enum Failure: Error { case didNotStart }

    /// - Parameter service: port of the service, which need not run yet.
    init(service: UInt16, _ arguments: [String] = ["--ae", "OSTEON"]) throws {
        port = try RunningOrthanc.freePort()
        spool = FileManager.default.temporaryDirectory.appendingPathComponent("gateway-\(UUID().uuidString)")
        process.executableURL = RunningServer.program
        process.arguments =
            [
                "dimse", "--port", "\(port)", "--to", "http://127.0.0.1:\(service)/dicom-web/", "--spool", spool.path,
                "--log-level", "error",
            ] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        guard !output.fileHandleForReading.availableData.isEmpty else { throw Failure.didNotStart }
    }

    deinit {
        if process.isRunning {
            Glibc.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(at: spool)
    }

    /// As an administrator ends it. - Returns: the exit status.
    func stop() throws -> Int32 {
        Glibc.kill(process.processIdentifier, SIGTERM)
        try waitUntil("the gateway has stopped", seconds: 30) { !process.isRunning }
        return process.terminationStatus
    }

    /// Objects that are not passed on yet.
    var waiting: [String] {
        let walk = FileManager.default.enumerator(at: spool, includingPropertiesForKeys: nil)
        return (walk?.compactMap { $0 as? URL } ?? []).map(\.lastPathComponent).filter { $0.hasSuffix(".dcm") }
    }

    var sender: DICOMSender { DICOMSender(port: port) }
}

/// DCMTK's programs, sending to a port of this machine.
struct DICOMSender: Sendable {
    static let program = "/usr/bin/storescu"
    static let isInstalled = FileManager.default.isExecutableFile(atPath: program)
    static let absent: Comment = "DCMTK's storescu is not installed: run deploy/setup --with-tests"

    let port: UInt16

    /// Sends files in one association, verbosely.
    func store(
        _ files: [Data], called: String = "OSTEON", calling: String = "CTROOM"
    ) throws -> (status: Int32, words: String) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("send-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (number, file) in files.enumerated() {
            try file.write(to: folder.appendingPathComponent("\(number).dcm"))
        }
        return try run(
            Self.program, ["-v", "-R", "+sd", "-aec", called, "-aet", calling, "127.0.0.1", "\(port)", folder.path])
    }

    func echo(called: String = "OSTEON") throws -> Int32 {
        try run("/usr/bin/echoscu", ["-aec", called, "127.0.0.1", "\(port)"]).status
    }

    private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, words: String) {
        let sender = try TalkingProgram(URL(fileURLWithPath: program), arguments)
        let status = sender.end()
        return (status, sender.words)
    }
}
