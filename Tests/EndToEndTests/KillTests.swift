// The end of the process at any moment, again and again: what was acknowledged is there, done once and delivered.
import Foundation
import Fuzzing
import Testing

@Suite(
    .serialized,
    .enabled(
        if: DatabaseFile.canBeAsked, "sqlite3 is not installed: run deploy/setup --with-tests"))
struct KillTests {
    /// `OSTEON_KILL_ROUNDS` kills, each at a moment that its number gives.
    private let rounds = ProcessInfo.processInfo.environment["OSTEON_KILL_ROUNDS"].flatMap(Int.init) ?? 4

    @Test func `killed at random moments of upload, queue, job, save and delivery, nothing is lost or done twice`()
        throws
    {
        let rules = try RulesFile()
        let pacs = try RunningServer(arguments: ["--quiet-seconds", "3600"])
        let server = try RunningServer(arguments: [
            "--rules", rules.path, "--quiet-seconds", "0", "--deliver-to",
            "http://127.0.0.1:\(pacs.client.port)/dicom-web/",
        ])
        var pushed = [try PushedSeries.numbered(0)]
        let start = Date()
        #expect(try server.client.store(pushed[0].files).status == 200)
        try server.waitForDeliveries(1)
        // Kills are spread over what one study takes from its first byte to its delivery.
        let span = Int(Date().timeIntervalSince(start) * 1000)
        var moments: [String: Int] = [:]
        for round in 1...rounds {
            var dice = Dice(seed: UInt64(round))
            let series = try PushedSeries.numbered(round)
            let killed = server.killAfter(milliseconds: dice.below(span))
            let isAcknowledged = (try? server.client.store(series.files).status) == 200
            killed.wait()
            server.kill()
            moments[try moment(of: series, on: server, isAcknowledged), default: 0] += 1
            #expect(try DatabaseFile.integrity(in: server.dataFolder) == ["ok", "ok"])
            try server.start()
            // As whoever pushes does: only what was not acknowledged is sent again.
            if !isAcknowledged { #expect(try server.client.store(series.files).status == 200) }
            pushed.append(series)
            // A job is given up after three attempts: it may meet two kills, not three.
            if round.isMultiple(of: 2) { try server.waitForDeliveries(pushed.count) }
        }
        try server.waitForDeliveries(pushed.count)
        print("killed \(rounds) times within \(span) ms after the push began: \(moments.sorted { $0.key < $1.key })")

        let jobs = try server.client.send("GET", "/v1/jobs?limit=100").json["items"] as? [[String: Any]] ?? []
        #expect(jobs.count == pushed.count)
        for job in jobs { #expect(job["state"] as? String == "done", "\(job)") }
        for series in pushed {
            #expect(try server.settled(series.studyUID).count == 1)
            let kept = try server.client.send("GET", "/studies/\(series.studyUID)/instances").objects
            #expect(kept.count == series.files.count)
            let delivered = try pacs.client.send("GET", "/studies/\(series.studyUID)/instances").objects
            #expect(delivered.count == 4, "segmentation, parts, report and summary, each once")
        }
        #expect(try server.stop() == 0)
        #expect(try DatabaseFile.integrity(in: server.dataFolder) == ["ok", "ok"])
        let trail = try Command.run(["trail", "verify", "--data", server.dataFolder.path])
        #expect(trail.status == 0, "\(trail.output)")
    }

    /// How far a study had come when the process ended.
    private func moment(of series: PushedSeries, on server: RunningServer, _ isAcknowledged: Bool) throws -> String {
        let found = try DatabaseFile(server.dataFolder.appendingPathComponent("osteon.sqlite")).answer(
            """
            SELECT coalesce((SELECT j.state || coalesce(' ' || d.state, '') FROM completion c JOIN job j ON j.id = c.job_id
            LEFT JOIN delivery d ON d.job_id = j.id WHERE c.study_uid = '\(series.studyUID)'), 'none')
            """)
        return found == "none" ? (isAcknowledged ? "acknowledged" : "upload") : found
    }
}

extension RunningServer {
    /// Ends the process in a while, whatever it does then. - Returns: to be waited for.
    fileprivate func killAfter(milliseconds: Int) -> DispatchGroup {
        let group = DispatchGroup()
        let process = processIdentifier
        group.enter()
        DispatchQueue.global(qos: .userInteractive).asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
            Glibc.kill(process, SIGKILL)
            group.leave()
        }
        return group
    }

    /// Waits until this many deliveries have been made.
    fileprivate func waitForDeliveries(_ count: Int) throws {
        try waitUntil("\(count) deliveries are made", seconds: 300) {
            let items = try client.send("GET", "/v1/deliveries?limit=100&state=delivered").json["items"] as? [Any]
            return (items?.count ?? 0) >= count
        }
    }
}
