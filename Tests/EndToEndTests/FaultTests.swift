// Settings and faults that show at the start.
import Foundation
import ReferenceData
import Testing

@Suite struct FaultTests {
    @Test(.enabled(if: ReadOnlyFolder.isPossible, "needs the right to mount"))
    func `on a disk that cannot be written the start ends with a sentence`() throws {
        let folder = try ReadOnlyFolder()
        let start = try Command.run(["serve", "--port", "0", "--data", folder.url.path])
        #expect(start.status != 0 && start.output.isEmpty)
        #expect(start.errors.contains("is read-only"), "\(start.errors)")
    }

    @Test func `the command line goes before the environment, and that before the file`() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        // Each source is shown by the sentence that refuses its value.
        func refusal(_ settings: String, _ words: String) throws -> String {
            try Data(settings.utf8).write(to: file)
            let command =
                "\(words.replacing("osteon", with: "'\(RunningServer.program.path)' serve")) --config '\(file.path)'"
            return try Command.run(["-c", command], program: "/bin/sh").errors
        }
        #expect(try refusal("port: 70000", "osteon").contains("--port must be"))
        #expect(try refusal("port: 70000", "OSTEON_PORT=x osteon").contains("'x'"))
        #expect(try refusal("port: 70000", "OSTEON_PORT=x osteon --port 80000").contains("--port must be"))
        #expect(try refusal("cors-origin: [a, b]", "osteon").contains("--cors-origin a"))
        #expect(try refusal("{}", "OSTEON_CORS_ORIGIN=https://a.b,c osteon").contains("--cors-origin c"))
        #expect(try refusal("prot: 1", "osteon").contains("'prot', which is no setting"))
        #expect(try refusal("- 1", "osteon").contains("no list of NAME: VALUE"))
    }

    @Test func `every option of serve is a row of the documented table, and can be set by file`() throws {
        let help = try Command.run(["serve", "--help"]).output
        let options = Set(help.matches(of: /--([a-z-]+) </).map { String($0.1) }).subtracting(["config"])
        #expect(options.count > 15)
        let text = try String(
            contentsOf: ReferenceData.packageRoot.appendingPathComponent("docs/operations.md"), encoding: .utf8)
        #expect(Set(text.matches(of: /\n\| `--([a-z-]+)` \| `OSTEON_/).map { String($0.1) }) == options)
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("nonsense: 1".utf8).write(to: file)
        let known = try Command.run(["serve", "--config", file.path])
        for option in options { #expect(known.errors.contains(option), "\(known.errors)") }
    }

    @Test func `readiness comes once the models are verified, and not where one was changed`() throws {
        let server = try RunningServer()
        try waitUntil("the service is ready") { try server.client.send("GET", "/readyz").status == 200 }
        let models = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-models-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: models) }
        try FileManager.default.copyItem(
            at: ReferenceData.packageRoot.appendingPathComponent("deploy/models"), to: models)
        let weights = try #require(
            try FileManager.default.contentsOfDirectory(at: models, includingPropertiesForKeys: nil)
                .first { $0.pathExtension == "safetensors" })
        var bytes = try Data(contentsOf: weights)
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: weights)
        let changed = try RunningServer(arguments: ["--models", models.path])
        var checks: [String: String]?
        try waitUntil("the models are looked at") {
            checks = try changed.client.send("GET", "/readyz").json["checks"] as? [String: String]
            return checks?["models"] != "verifying"
        }
        #expect(checks?["models"]?.contains("model-unusable") == true, "\(String(describing: checks))")
        #expect(try changed.client.send("GET", "/readyz").status == 503)
    }

    @Test func `the log in JSON ties each request to what it made`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-log-\(UUID().uuidString)")
        let server = try TalkingProgram(
            RunningServer.program, ["serve", "--port", "0", "--data", folder.path, "--log-format", "json"])
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(server.says("Osteon listens on"))
        let port = try #require(server.words.firstMatch(of: /listens on http:\/\/127\.0\.0\.1:(\d+)/)?.1)
        let client = HTTPClient(port: try #require(UInt16(port)))
        let patient = try Patient.shared.get()
        let reply = try client.send(
            "POST", "/v1/studies" + patient.query(1), headers: ["X-Request-Id": "trace-8"], body: patient.study)
        let job = try #require(reply["location"]?.split(separator: "/").last)
        #expect(server.says("\"job done\""), "\(server.words)")
        let lines = server.words.split(separator: "\n").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String]
        }
        let asked = try #require(lines.first { $0["request"] == "trace-8" })
        #expect(asked["made"] == "/v1/jobs/\(job)" && asked["status"] == "202" && asked["level"] == "info")
        #expect(lines.contains { $0["job"] == String(job) && $0["message"] == "job done" })
    }
}

/// A folder of a file system that cannot be written.
private final class ReadOnlyFolder {
    let url: URL

    static var isPossible: Bool { geteuid() == 0 && (try? ReadOnlyFolder()) != nil }

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-ro-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        guard mount("tmpfs", url.path, "tmpfs", UInt(MS_RDONLY), "size=1m") == 0 else {
            rmdir(url.path)
            throw HTTPClient.Failure.socket("mount", errno)
        }
    }

    deinit {
        umount2(url.path, Int32(MNT_DETACH))
        rmdir(url.path)
    }
}
