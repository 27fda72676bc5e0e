// Keys as an administrator makes them and clients use them.
import Foundation
import Testing

@Suite struct AccessJourneyTests {
    @Test func `a key is made, used, rotated and revoked beside the running server`() throws {
        let server = try RunningServer()
        #expect(try server.client.send("GET", "/v1/studies").status == 200)
        let secret = try server.addKey("script", ["read"])
        func status(_ secret: String?) throws -> Int {
            try server.client.send("GET", "/v1/studies", headers: secret.map(RunningServer.bearer) ?? [:]).status
        }
        try waitUntil("the server asks for a key") { try status(nil) == 401 }
        #expect(try status(secret) == 200)
        let next = try server.keys(["rotate", "--name", "script", "--overlap", "0s"])
        try waitUntil("the old secret is refused") { try status(secret) == 401 }
        #expect(try status(next) == 200)
        #expect(try server.keys(["list"]).hasPrefix("script  valid  read  owner script"))
        _ = try server.keys(["revoke", "--name", "script"])
        try waitUntil("the key is refused") { try status(next) == 401 }
        #expect(try status(nil) == 401, "a service whose last key was revoked is not open")
    }

    @Test func `without any key it listens on loopback alone, and says what to do`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-e2e-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let refused = try Command.run(["serve", "--host", "0.0.0.0", "--port", "0", "--data", folder.path])
        #expect(refused.status != 0)
        #expect(refused.errors.contains("osteon keys add --data \(folder.path)"), "\(refused.errors)")
        #expect(!refused.output.contains("listens"))
        let made = try Command.run([
            "keys", "add", "--data", folder.path, "--name", "pacs", "--scope", "upload", "--expires", "90d",
        ])
        #expect(made.status == 0)
        let server = try RunningServer(dataFolder: folder, arguments: ["--host", "0.0.0.0"])
        #expect(try server.client.send("GET", "/healthz").status == 200)
        #expect(try server.client.send("GET", "/v1/studies").status == 401)
        let secret = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let scoped = try server.client.send("GET", "/v1/studies", headers: RunningServer.bearer(secret))
        #expect(scoped.status == 403)
        #expect(scoped.json["detail"] as? String == "The key lacks the scope read.")
    }

    @Test(arguments: [
        ["add", "--name", "a b", "--scope", "read"], ["add", "--name", "a"],
        ["add", "--name", "a", "--scope", "write"],
        ["add", "--name", "a", "--scope", "read", "--expires", "soon"], ["rotate", "--name", "none"],
        ["revoke", "--name", "none"], ["adopt", "--owner", "none"],
    ])
    func `a wrong command makes nothing`(words: [String]) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-e2e-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try Command.run(["keys"] + words + ["--data", folder.path]).status != 0)
        #expect(
            try Command.run(["keys", "list", "--json", "--data", folder.path]).output.filter { $0 != "\n" } == "[]")
    }

    @Test func `curl with Expect uploads nothing that is refused`() throws {
        let server = try RunningServer()
        let secret = try server.addKey("reader", ["read"])
        let file = server.dataFolder.appendingPathComponent("scan.bin")
        try Data(count: 3_000_000).write(to: file)
        for (authorization, status) in [("Bearer none", "401"), ("Bearer " + secret, "403")] {
            let words = [
                "curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{size_upload}", "-H",
                "Authorization: \(authorization)",
                "-H", "Expect: 100-continue", "--data-binary", "@" + file.path,
                "http://127.0.0.1:\(server.client.port)/v1/studies",
            ]
            #expect(try Command.run(words, program: "/usr/bin/env").output == status + " 0")
        }
        #expect(server.keptFiles.isEmpty)
    }
}
