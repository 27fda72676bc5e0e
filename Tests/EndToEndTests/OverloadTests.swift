// What clients meet when the service has no room left.
import Domain
import Foundation
import Testing

@Suite struct OverloadTests {
    @Test(.enabled(if: TestPython.has("python"), TestPython.absent("dicomweb-client")))
    func `dicomweb-client is refused with 503 while there is no room, and stores on its own next try`() throws {
        let server = try RunningServer(arguments: ["--connections", "2", "--quiet-seconds", "3600"])
        var holds = try (0..<2).map { _ in try server.client.hold("/v1/studies") }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-retry-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try PushedSeries.patient.get().files.prefix(3)
        for (number, file) in files.enumerated() { try file.write(to: folder.appendingPathComponent("\(number).dcm")) }
        let client = try TalkingProgram(
            TestPython.program("python"),
            [
                TestPython.script("dicomweb_retry_check.py"), "http://127.0.0.1:\(server.client.port)/dicom-web",
                folder.path,
            ])
        #expect(client.says("refused 503"), "\(client.words)")
        holds.removeAll()
        #expect(client.end() == 0 && client.words.hasSuffix("ok\n"), "\(client.words)")
        #expect(server.keptFiles.count == files.count)
    }

    @Test func `a full queue is a 503 with Retry-After, and takes jobs again once there is room`() throws {
        let patient = try Patient.shared.get()
        let server = try RunningServer(arguments: ["--queue-limit", "1", "--workers", "1"])
        func post() throws -> HTTPClient.Reply {
            try server.client.send("POST", "/v1/studies" + patient.query(1, runs: 2000), body: patient.study)
        }
        let running = try #require(try post()["location"])
        try server.waitForJob(running, ["running"])
        let waiting = try post()
        #expect(waiting.status == 202)
        let refused = try post()
        try expectProblem(refused, 503, [.queueFull], names: "1")
        #expect(refused["retry-after"] != nil)
        _ = try server.client.send("DELETE", try #require(waiting["location"]))
        #expect(try post().status == 202)
    }
}
