// The built program, serving a temporary data folder on a free port.
import Foundation
import Testing

/// Started when made; killed and its folder removed when let go.
final class RunningServer {
    let dataFolder: URL
    private(set) var client = HTTPClient(port: 0)
    private var process = Process()
    private let arguments: [String]
    private let ownsFolder: Bool
    private let log: URL?
    private let launcher: [String]

    enum Failure: Error { case noProgram(String), didNotStart(String) }

    /// - Parameters:
    ///   - dataFolder: used as it is and left behind; nil makes one that goes with the server.
    ///   - arguments: further arguments of `osteon serve`.
    ///   - log: the file that takes the server's log; nil lets it through.
    ///   - launcher: the words of a command that ends by becoming the program after them.
    init(dataFolder: URL? = nil, arguments: [String] = [], log: URL? = nil, launcher: [String] = []) throws {
        ownsFolder = dataFolder == nil
        self.dataFolder =
            dataFolder
            ?? FileManager.default.temporaryDirectory.appendingPathComponent("osteon-e2e-\(UUID().uuidString)")
        self.arguments = arguments
        self.log = log
        self.launcher = launcher
        try start()
    }

    deinit {
        kill()
        if ownsFolder { try? FileManager.default.removeItem(at: dataFolder) }
    }

    /// The program lies beside the test program.
    static var program: URL {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("osteon")
    }

    func start() throws {
        guard FileManager.default.isExecutableFile(atPath: Self.program.path) else {
            throw Failure.noProgram(Self.program.path)
        }
        process = Process()
        process.executableURL = launcher.first.map { URL(fileURLWithPath: $0) } ?? Self.program
        process.arguments =
            launcher.dropFirst() + (launcher.isEmpty ? [] : [Self.program.path])
            + ["serve", "--port", "0", "--data", dataFolder.path, "--log-level", "error"] + arguments
        let output = Pipe()
        process.standardOutput = output
        if let log {
            if !FileManager.default.fileExists(atPath: log.path) { try Data().write(to: log) }
            let file = try FileHandle(forWritingTo: log)
            try file.seekToEnd()
            process.standardError = file
        }
        try process.run()
        var line = ""
        while !line.contains("\n") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw Failure.didNotStart(line) }
            line += String(decoding: data, as: UTF8.self)
        }
        let digits = line.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: ":").last
        guard let port = digits.flatMap({ UInt16($0) }) else { throw Failure.didNotStart(line) }
        client = HTTPClient(port: port)
    }

    var processIdentifier: pid_t { process.processIdentifier }

    /// As a power cut would end it.
    func kill() {
        guard process.isRunning else { return }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// As an administrator ends it. - Returns: the exit status.
    func stop() throws -> Int32 {
        Glibc.kill(process.processIdentifier, SIGTERM)
        try waitUntil("the server has stopped", seconds: 30) { !process.isRunning }
        return process.terminationStatus
    }

    /// The names of blobs and of unfinished uploads in the data folder.
    var keptFiles: [String] {
        ["blobs", "incoming"].flatMap { name in
            let walk = FileManager.default.enumerator(
                at: dataFolder.appendingPathComponent(name), includingPropertiesForKeys: nil)
            return (walk?.compactMap { $0 as? URL } ?? []).filter { !$0.hasDirectoryPath }.map(\.lastPathComponent)
        }
    }

    /// Checks that a refused upload left no study, no job, no blob and no unfinished file.
    func expectNothingKept(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try waitUntil("the unfinished upload is removed") { keptFiles.isEmpty }
        for list in ["/v1/studies", "/v1/jobs"] {
            let items = try client.send("GET", list).json["items"] as? [Any]
            #expect(items?.isEmpty == true, "\(list)", sourceLocation: sourceLocation)
        }
    }

    /// Asks for a job until it is in one of the states.
    @discardableResult
    func waitForJob(_ place: String, _ states: Set<String>, seconds: Double = 120) throws -> [String: Any] {
        var job: [String: Any] = [:]
        try waitUntil("\(place) is \(states)", seconds: seconds) {
            job = try client.send("GET", place).json
            return states.contains(job["state"] as? String ?? "")
        }
        return job
    }
}

struct DeadlinePassed: Error { let what: String }

/// Looks again and again until a condition holds.
/// - Throws: `DeadlinePassed`.
func waitUntil(_ what: String, seconds: Double = 60, _ condition: () throws -> Bool) throws {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while try !condition() {
        guard Date() < deadline else { throw DeadlinePassed(what: what) }
        usleep(20_000)
    }
}
