// Polls that are answered again on their connection: each counts, and none is older than what is stored or let in.
import API
import Domain
import Foundation
import HTTP
import Store
import Testing

@Suite struct AnsweredPollTests {
    @Test func `answers are the same but for their ids, and each is counted in the trail and in the metrics`() throws {
        let service = try TestService()
        let (target, memory) = ("/v1/jobs/" + (try service.addJob()), HeadMemory())
        let answers = try (0..<200).map { _ in try service.send("GET", target, memory: memory) }
        #expect(Set(answers.map(\.text)).count == 1 && answers.allSatisfy { $0.status == 200 })
        #expect(Set(answers.compactMap { $0.headers["X-Request-Id"] }).count == 200)
        func others(_ answer: Answer) -> [String] {
            answer.headers.filter { $0.name != "X-Request-Id" }.map { "\($0.name): \($0.value)" }
        }
        #expect(answers.allSatisfy { others($0) == others(answers[0]) })
        let metrics = try service.send("GET", "/metrics").text
        let counted = #"osteon_http_requests_total{method="GET",route="/v1/jobs/{jobID}",status="2xx"} 200"#
        #expect(metrics.contains(counted))
        try service.stop()
        let polls = try service.store.trail.list(limit: 200).map { try $0.entry() }.filter { $0.operation == "getJob" }
        #expect(polls.reduce(0) { $0 + ($1.repeats ?? 1) } == 200)
    }

    @Test func `every change shows in the next answer`() throws {
        let service = try TestService()
        let (target, memory) = ("/v1/jobs/" + (try service.addJob()), HeadMemory())
        func poll() throws -> [String: Any] { try service.send("GET", target, memory: memory).json }
        for _ in 0..<3 { #expect(try poll()["state"] as? String == "queued") }
        let claimed = try #require(try service.store.jobs.claim(worker: "w", leaseSeconds: 60))
        for _ in 0..<3 { #expect(try poll()["state"] as? String == "running") }
        for fraction in [0.25, 0.5, 0.75] {
            _ = try service.store.jobs.heartbeat(
                claimed.lease, progress: StageProgress(stage: "\(fraction)", fraction: fraction), leaseSeconds: 60)
            for _ in 0..<3 { #expect(try poll()["stage"] as? String == "\(fraction)") }
        }
    }

    @Test func `a key's rate holds for answers that are given again`() throws {
        let service = try TestService()
        let secret = try service.store.keys.add(
            KeyDraft(name: "a", scopes: [.upload, .read], requestsPerSecond: 5, requestsAtOnce: 0))
        let fields: HTTPHeaders = ["Authorization": "Bearer \(secret.text)"]
        let job = try #require(
            try service.send("POST", "/v1/studies?" + wish, headers: fields, body: "study").json["id"] as? String)
        let memory = HeadMemory()
        let start = ContinuousClock.now
        var (served, refused) = (0, 0)
        while refused < 100 {
            let status = try service.send("GET", "/v1/jobs/" + job, headers: fields, memory: memory).status
            if status == 429 { refused += 1 } else { served += 1 }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        #expect(Double(served) <= 5 + 5 * seconds, "five at once, then five a second")
    }

    @Test func `a poll whose count has just been written down takes one request of its key's rate, not two`() throws {
        let keyed = try KeyedService()
        let secret = try keyed.service.store.keys.add(
            KeyDraft(name: "slow", owner: "a", scopes: [.read], requestsPerSecond: 2))
        let job = try #require(
            try keyed.send("a", "POST", "/v1/studies?" + wish, body: "study").json["id"] as? String)
        let (fields, memory): (HTTPHeaders, _) = (["Authorization": "Bearer \(secret.text)"], HeadMemory())
        func poll() throws -> Int {
            try keyed.service.send("GET", "/v1/jobs/" + job, headers: fields, memory: memory).status
        }
        #expect(try poll() == 200)
        try keyed.service.stop()
        #expect(try poll() == 200, "the second of two")
    }

    @Test func `a key that is revoked is refused within its second, and another's job is never shown`() throws {
        let keyed = try KeyedService()
        let job = try #require(
            try keyed.send("a", "POST", "/v1/studies?" + wish, body: "study").json["id"] as? String)
        let memories = ["a": HeadMemory(), "b": HeadMemory()]
        func poll(_ key: String) throws -> Int {
            try keyed.send(key, "GET", "/v1/jobs/" + job, memory: memories[key]).status
        }
        for _ in 0..<3 { #expect(try poll("a") == 200 && poll("b") == 404) }
        try keyed.service.store.keys.revoke("a")
        var lastServed = ContinuousClock.now
        let revoked = lastServed
        while true {
            let sent = ContinuousClock.now
            guard try poll("a") == 200 else { break }
            lastServed = sent
        }
        #expect(try poll("a") == 401)
        #expect(lastServed - revoked < .seconds(1))
    }
}
