// The access trail of the built program, as an auditor and an intruder see it.
import Foundation
import Testing

@Suite struct TrailJourneyTests {
    private static let sqlite = "/usr/bin/sqlite3"

    private func verify(_ server: RunningServer, _ more: [String] = []) throws -> Command {
        try Command.run(["trail", "verify", "--data", server.dataFolder.path] + more)
    }

    @Test func `what is refused is in the trail, which survives the end of the process and holds together`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-e2e-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        func key(_ name: String, _ words: [String]) throws -> String {
            let made = try Command.run(["keys", "add", "--data", folder.path, "--name", name] + words)
            return made.output.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let owner = try key("owner", ["--scope", "upload", "--scope", "read"])
        let other = try key("other", ["--scope", "read"])
        let late = try key("late", ["--scope", "read", "--expires", "0s"])
        let auditor = try key("auditor", ["--scope", "audit"])
        let server = try RunningServer(dataFolder: folder)
        let made = try server.client.send(
            "POST", "/v1/studies", headers: RunningServer.bearer(owner), body: Patient.shared.get().study)
        #expect(made.status == 201, "\(made.text)")
        let place = try #require(made["location"])
        func status(_ method: String, _ path: String, _ secret: String?) throws -> Int {
            try server.client.send(method, path, headers: secret.map(RunningServer.bearer) ?? [:]).status
        }
        for secret in [late, nil] { #expect(try status("GET", place, secret) == 401) }
        #expect(try status("DELETE", place, other) == 403)
        #expect(try status("GET", place, other) == 404)
        #expect(try status("GET", place, owner) == 200)
        // Every answer that was given is in the file, however the process ends.
        let before = try trail(server, auditor).count
        for _ in 0..<20 { #expect(try status("GET", place, owner) == 200) }
        server.kill()
        #expect(try verify(server).status == 0)
        try server.start()
        let events = try trail(server, auditor)
        #expect(events.count == before + 21, "the first list and the twenty that followed it")
        let study = String(place.split(separator: "/").last ?? "")
        let told = Set(events.filter { $0.study == study }.map { "\($0.who) \($0.operation) \($0.outcome)" })
        #expect(
            told.isSuperset(of: [
                "no known key getStudy 401 not-authenticated", "other deleteStudy 403 scope-missing",
                "other getStudy 404 study-not-found", "owner getStudy 200",
            ]), "\(told)")
        #expect(events.contains { $0.operation == "createStudy" && $0.who == "owner" && $0.outcome == "201" })
        #expect(events.contains { $0.operation == "keys add" && $0.who == "administrator's command" })
    }

    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: sqlite),
            "sqlite3 is not installed: run deploy/setup --with-tests"))
    func `a row that somebody edits with sqlite3 is named, and so is one taken out`() throws {
        let server = try RunningServer()
        for _ in 0..<5 { _ = try server.client.send("GET", "/v1/jobs") }
        let head = try Command.run(["trail", "head", "--data", server.dataFolder.path]).output
            .trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try verify(server, ["--head", head]).status == 0)
        func edit(_ sql: String) throws -> Command {
            try Command.run([server.dataFolder.path + "/trail.sqlite", sql], program: Self.sqlite)
        }
        #expect(
            try edit("UPDATE entry SET content = replace(content, 'listJobs', 'getReport') WHERE number = 3").status
                != 0)
        #expect(try edit("DROP TRIGGER entry_is_never_changed; DROP TRIGGER entry_is_never_deleted").status == 0)
        _ = try edit("UPDATE entry SET content = replace(content, 'listJobs', 'getReport') WHERE number = 3")
        let changed = try verify(server)
        #expect(changed.status == 1 && changed.output.contains("Row 3 does not follow"), "\(changed.output)")
        _ = try edit("DELETE FROM entry WHERE number = 3")
        #expect(try verify(server).output.contains("Row 3 is missing."))
        _ = try edit("DELETE FROM entry WHERE number >= 3")
        #expect(try verify(server).status == 0, "nothing in the file tells of what was cut off")
        #expect(try verify(server, ["--head", head]).output.contains("Row 5 is not there as it was noted"))
    }

    @Test func `polls of a job are counted together, and the count is there when the server has stopped`() throws {
        let server = try RunningServer()
        let made = try server.client.send("POST", "/v1/studies?analysis=segment", body: Patient.shared.get().study)
        let job = try #require(made.json["id"] as? String, "\(made.text)")
        for _ in 0..<30 { #expect(try server.client.send("GET", "/v1/jobs/" + job).status == 200) }
        #expect(try server.stop() == 0)
        let rows = try Command.run(["trail", "export", "--data", server.dataFolder.path]).output.split(separator: "\n")
        let polls = rows.filter { $0.contains("getJob") }
        // A minute may end between two of them.
        let repeats = polls.compactMap { $0.firstMatch(of: /repeats\W+(\d+)/).flatMap { Int($0.1) } }.reduce(0, +)
        #expect(polls.count < 30 && polls.count { !$0.contains("repeats") } + repeats == 30, "\(polls)")
        #expect(try verify(server).status == 0)
    }

    private struct Event {
        let who: String
        let operation: String
        let outcome: String
        let study: String?
    }

    /// Everything that an auditor is shown, without the list that shows it.
    private func trail(_ server: RunningServer, _ secret: String) throws -> [Event] {
        let answer = try server.client.send(
            "GET", "/v1/access-log?limit=200", headers: RunningServer.bearer(secret))
        let entries = try #require(answer.json["entry"] as? [[String: Any]], "\(answer.text)")
        return entries.compactMap { $0["resource"] as? [String: Any] }.map { event in
            let who = (event["agent"] as? [[String: Any]])?.first?["who"] as? [String: Any]
            let named = (event["entity"] as? [[String: Any]] ?? []).compactMap { $0["what"] as? [String: Any] }
            let study = named.first { $0["display"] as? String == "studyID" }?["identifier"] as? [String: Any]
            return Event(
                who: who?["display"] as? String ?? "",
                operation: (event["subtype"] as? [[String: Any]])?.first?["code"] as? String ?? "",
                outcome: event["outcomeDesc"] as? String ?? "", study: study?["value"] as? String)
        }
    }
}
