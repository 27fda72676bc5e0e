// Copies of a data folder whose server is busy: each is whole, and serves again.
import Foundation
import Synchronization
import Testing

@Suite struct BackupJourneyTests {
    @Test func `a copy made while studies come and go holds all that was acknowledged before, and serves again`() throws
    {
        let rules = try RulesFile()
        let server = try RunningServer(arguments: ["--rules", rules.path, "--quiet-seconds", "0"])
        let series = try PushedSeries.patient.get()
        #expect(try server.client.store(series.files).status == 200)
        let job = "/v1/jobs/" + (try #require(try server.settled(series.studyUID).first?["job"] as? String))
        try server.waitForJob(job, ["done"])
        let report = try server.client.send("GET", job + "/report")

        let load = try Load(server.client)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-copy-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for round in 0..<3 {
            let rounds = load.rounds
            let copy = folder.appendingPathComponent("copy-\(round)")
            let restored = folder.appendingPathComponent("data-\(round)")
            let backup = try Command.run(["backup", copy.path, "--data", server.dataFolder.path])
            #expect(backup.status == 0, "\(backup.errors)")
            let restore = try Command.run(["restore", copy.path, "--data", restored.path])
            #expect(restore.status == 0, "\(restore.errors)")
            let other = try RunningServer(dataFolder: restored)
            #expect(try other.client.send("GET", job + "/report").body == report.body)
            let objects = try other.client.send("GET", "/studies/\(series.studyUID)/instances").objects
            #expect(objects.count == series.files.count)
            for object in objects {
                let place = ((object["00081190"] as? [String: Any])?["Value"] as? [String])?.first
                #expect(try other.client.send("GET", try #require(place)).status == 200)
            }
            #expect(try Command.run(["trail", "verify", "--data", restored.path]).status == 0)
            try waitUntil("studies came and went meanwhile") { load.rounds > rounds }
        }
        try load.stop()
        let refused = try Command.run([
            "restore", folder.appendingPathComponent("copy-0").path, "--data", server.dataFolder.path,
        ])
        #expect(refused.status != 0 && refused.errors.contains("not empty"))
    }
}

/// A client that pushes a study and deletes it, again and again.
private final class Load: Sendable {
    private let state = Mutex((isStopping: false, rounds: 0, refused: 0))
    private let ended = DispatchSemaphore(value: 0)

    var rounds: Int { state.withLock { $0.rounds } }

    init(_ client: HTTPClient) throws {
        let series = try PushedSeries.numbered(9)
        DispatchQueue(label: "load").async { [self] in
            while !state.withLock({ $0.isStopping }) {
                let pushed = try? client.store(Array(series.files.prefix(5))).status
                let deleted = try? client.send("DELETE", "/v1/arrivals/" + series.studyUID).status
                state.withLock {
                    $0.rounds += 1
                    if pushed != 200 || deleted != 204 { $0.refused += 1 }
                }
            }
            ended.signal()
        }
    }

    /// - Throws: where a request was refused.
    func stop() throws {
        state.withLock { $0.isStopping = true }
        ended.wait()
        #expect(state.withLock { $0.refused } == 0)
    }
}
