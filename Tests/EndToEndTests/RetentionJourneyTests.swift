// Deletion by age, by the built program.
import Foundation
import Testing

@Suite struct RetentionJourneyTests {
    @Test func `studies go when their time is over, are listed before, and the trail tells of them`() throws {
        let data = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-e2e-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: data) }
        var server: RunningServer? = try RunningServer(dataFolder: data)
        let made = try #require(try server?.client.send("POST", "/v1/studies", body: Patient.shared.get().study))
        let (id, sha256) = try (
            #require(made.json["id"] as? String), #require(made.json["sha256"] as? String)
        )
        let listed = try Command.run(["retention", "--data", data.path, "--keep-studies", "0s"])
        #expect(listed.status == 0 && listed.output.contains("study\t\(id)"), "\(listed.errors)")
        #expect(try Command.run(["retention", "--data", data.path, "--keep-studies", "1d"]).output.isEmpty)
        #expect(try server?.stop() == 0)
        server = nil
        let next = try RunningServer(dataFolder: data, arguments: ["--keep-studies", "0s"])
        try waitUntil("the study is deleted") { try next.client.send("GET", "/v1/studies/\(id)").status == 404 }
        try waitUntil("its file is gone") { next.keptFiles.isEmpty }
        var told = ""
        try waitUntil("the trail tells of it") {
            told = try next.client.send("GET", "/v1/access-log").text
            return told.contains("keep-studies 0 s")
        }
        #expect(told.contains(sha256) && told.contains(id) && told.contains("the service itself"))
        #expect(try Command.run(["trail", "verify", "--data", data.path]).status == 0)
    }

    @Test func `a study that a client deletes leaves the same proof`() throws {
        let server = try RunningServer()
        let made = try server.client.send("POST", "/v1/studies", body: Patient.shared.get().study)
        let sha256 = try #require(made.json["sha256"] as? String)
        #expect(try server.client.send("DELETE", try #require(made["location"])).status == 204)
        let export = try Command.run(["trail", "export", "--data", server.dataFolder.path]).output
        let proof = try #require(
            export.split(separator: "\n").first { $0.contains("\"erased\"") || $0.contains("erased") })
        #expect(proof.contains(sha256) && proof.contains("request"))
        #expect(server.keptFiles.isEmpty)
    }
}
