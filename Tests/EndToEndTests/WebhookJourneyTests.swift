// From a job's end to a program that hears of it.
import Foundation
import ReferenceData
import Testing

/// The Python that `deploy/setup --with-tests` makes.
private let python = ReferenceData.packageRoot.appendingPathComponent(".build/test-python/bin/python")

@Suite(.serialized) struct WebhookJourneyTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private let secretFile = FileManager.default.temporaryDirectory.appendingPathComponent("whsec-\(UUID().uuidString)")

    init() throws { try Data((Self.secret + "\n").utf8).write(to: secretFile) }

    private func serve(tells urls: [String]) throws -> RunningServer {
        try RunningServer(arguments: urls.flatMap { ["--webhook", $0] } + ["--webhook-secret", secretFile.path])
    }

    /// Posts a study and cancels the analysis of it. - Returns: the id of the job.
    private func endJob(on server: RunningServer) throws -> String {
        let patient = try Patient.shared.get()
        let accepted = try server.client.send("POST", "/v1/studies" + patient.query(1), body: patient.study)
        let id = try #require(accepted.json["id"] as? String, "\(accepted.text)")
        _ = try server.client.send("DELETE", "/v1/jobs/" + id)
        _ = try server.waitForJob("/v1/jobs/" + id, ["cancelled"])
        return id
    }

    private func notices(of server: RunningServer) throws -> [[String: Any]] {
        try server.client.send("GET", "/v1/notices").json["items"] as? [[String: Any]] ?? []
    }

    @Test func `a job's end is told although the receiver was down, refused at first, and the service was killed`()
        throws
    {
        defer { try? FileManager.default.removeItem(at: secretFile) }
        let port = try RunningOrthanc.freePort()
        let server = try serve(tells: ["http://127.0.0.1:\(port)/hook"])
        let job = try endJob(on: server)
        try waitUntil("the first attempt fails") { try notices(of: server).first?["fault"] != nil }
        #expect(try notices(of: server).first?["state"] as? String == "waiting")
        server.kill()

        let receiver = try WebhookReceiver(port: port, refusals: 1)
        defer { receiver.stop() }
        try server.start()
        try waitUntil("the receiver is told") { receiver.all.count >= 2 }
        try waitUntil("that is noted") { try notices(of: server).first?["state"] as? String == "delivered" }
        server.kill()
        try server.start()
        let later = try endJob(on: server)
        try waitUntil("the receiver is told of the next") { receiver.all.count >= 3 }
        let events = receiver.all.compactMap { $0.headers["webhook-id"] }
        #expect(events == [job + "-cancelled", job + "-cancelled", later + "-cancelled"])

        let message = try #require(receiver.all.last)
        let content = try #require(
            try JSONSerialization.jsonObject(with: Data(message.body.utf8)) as? [String: Any])
        #expect(content["type"] as? String == "job.cancelled")
        let data = try #require(content["data"] as? [String: Any])
        #expect(data["id"] as? String == later && data["state"] as? String == "cancelled")
        let place = try #require((data["links"] as? [String: String])?["self"])
        #expect(try server.client.send("GET", place).json["state"] as? String == "cancelled")
        try verify(message)
    }

    /// As receivers do: with the lines of docs/webhooks.md, and with the library of Standard Webhooks.
    private func verify(_ message: WebhookReceiver.Message) throws {
        guard FileManager.default.isExecutableFile(atPath: python.path) else { return }
        let request = try JSONSerialization.data(withJSONObject: [
            "headers": message.headers, "body": message.body, "secret": Self.secret,
        ])
        let process = Process()
        process.executableURL = python
        process.arguments = [
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("webhook_check.py").path
        ]
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput, process.standardError) = (input, output, output)
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: request)
        try input.fileHandleForWriting.close()
        let words = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && words.hasSuffix("ok\n"), "\(words)")
    }

    @Test func `an address that never answers holds up no other`() throws {
        defer { try? FileManager.default.removeItem(at: secretFile) }
        let silent = try RunningOrthanc.freePort()
        let receiver = try WebhookReceiver(port: try RunningOrthanc.freePort())
        defer { receiver.stop() }
        let server = try serve(tells: ["http://127.0.0.1:\(silent)/hook", receiver.url])
        let job = try endJob(on: server)
        try waitUntil("the one that listens is told") { !receiver.all.isEmpty }
        #expect(receiver.all.first?.headers["webhook-id"] == job + "-cancelled")
        try waitUntil("one is told, one waits") {
            Set(try notices(of: server).compactMap { $0["state"] as? String }) == ["waiting", "delivered"]
        }
    }
}
