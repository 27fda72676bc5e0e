// How much of the service a key, or a stranger, may use.
import API
import Domain
import Foundation
import HTTP
import Store
import Testing

@Suite struct LimitTests {
    private func service(perSecond: Int, atOnce: Int) throws -> (service: TestService, fields: HTTPHeaders) {
        let service = try TestService()
        let secret = try service.store.keys.add(
            KeyDraft(
                name: "a", scopes: [.upload, .read], requestsPerSecond: perSecond, requestsAtOnce: atOnce))
        return (service, ["Authorization": "Bearer \(secret.text)"])
    }

    @Test func `a key that sends more than its rate is held up, others are not`() throws {
        let (service, fields) = try service(perSecond: 3, atOnce: 0)
        let other = try service.store.keys.add(KeyDraft(name: "b", scopes: [.read]))
        // The bucket holds three; it empties as soon as requests come faster than three a second.
        var answers: [Answer] = []
        while answers.last?.status != 429, answers.count < 2000 {
            answers.append(try service.send("GET", "/v1/jobs", headers: fields))
        }
        let refused = try #require(answers.first { $0.status == 429 })
        #expect(answers.prefix(3).allSatisfy { $0.status == 200 })
        #expect(refused.headers["Retry-After"] == "1")
        #expect(try refused.problem().retryable)
        let free = try service.send("GET", "/v1/jobs", headers: ["Authorization": "Bearer \(other.text)"])
        #expect(free.status == 200)
        #expect(try service.send("GET", "/healthz").status == 200)
        let written = try service.store.trail.head().number
        #expect(written == answers.filter { $0.status == 200 }.count + 1, "what is too much fills no trail")
    }

    @Test func `a stream counts among the requests at once until it has ended`() throws {
        let (service, fields) = try service(perSecond: 0, atOnce: 1)
        let job = try #require(
            try service.send("POST", "/v1/studies?" + wish, headers: fields, body: "study").json["id"] as? String)
        let request = try #require(
            HTTPRequest(method: "GET", target: "/v1/jobs/\(job)/events", headers: fields))
        var stream: HTTPResponse? = service.responder.respond(to: request)
        #expect(stream?.status == 200)
        #expect(try service.send("GET", "/v1/jobs", headers: fields).status == 429)
        stream = nil
        #expect(try service.send("GET", "/v1/jobs", headers: fields).status == 200)
    }

    @Test func `whoever tries secret after secret is held up, and does not fill the trail`() throws {
        let (service, fields) = try service(perSecond: 0, atOnce: 0)
        var statuses: [Int] = []
        while statuses.last != 429, statuses.count < 5000 {
            let wrong: HTTPHeaders = ["Authorization": "Bearer \(ServiceSecret().text)"]
            statuses.append(try service.send("GET", "/v1/jobs", headers: wrong).status)
        }
        #expect(statuses.first == 401 && statuses.contains(429))
        #expect(try service.store.trail.head().number == statuses.filter { $0 == 401 }.count)
        #expect(try service.send("GET", "/v1/jobs", headers: fields).status == 200, "the key is let in from there")
    }
}
