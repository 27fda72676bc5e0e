// What breaks HTTP, or asks for what is not there, gets a problem like everything else.
import Domain
import Foundation
import Testing

@Suite(.serialized) struct ProtocolTests {
    private let server: RunningServer

    init() throws { server = try RunningServer() }

    @Test(arguments: ["TRACE", "QUERY", "PUT", "PATCH"])
    func `a method that a resource does not take is a 405 with Allow`(method: String) throws {
        let reply = try server.client.send(method, "/v1/jobs")
        try expectProblem(reply, 405, [.methodNotAllowed], names: method)
        #expect(reply["allow"] == "GET, HEAD, OPTIONS, POST")
    }

    @Test func `what breaks HTTP is a problem with a request id`() throws {
        let long = String(repeating: "a", count: 20_000)
        let broken: [(reply: HTTPClient.Reply, status: Int, code: FaultCode, names: String)] = [
            (try server.client.send("GET", "/%zz"), 400, .protocolViolated, "%"),
            (try server.client.send("GET", "/" + long), 414, .requestTargetTooLong, "target"),
            (
                try server.client.send("GET", "/healthz", headers: ["X-Long": long + long]), 431,
                .requestHeadersTooLarge, "header"
            ),
            (try server.client.send("BREW", "/healthz"), 501, .protocolUnsupported, "method"),
            (
                try server.client.send("POST", "/v1/studies", headers: ["Content-Length": "x"]), 400,
                .protocolViolated, "Content-Length"
            ),
            (
                try server.client.send("GET", "/healthz", headers: ["Expect": "magic"]), 417, .expectationFailed,
                "100-continue"
            ),
        ]
        for (reply, status, code, names) in broken {
            try expectProblem(reply, status, [code], names: names)
            let id = try #require(reply["x-request-id"])
            #expect(reply.json["instance"] as? String == "urn:osteon:request:" + id)
        }
    }

    @Test func `HEAD is GET without the body`() throws {
        let get = try server.client.send("GET", "/v1/analyses")
        let head = try server.client.send("HEAD", "/v1/analyses")
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(head["etag"] == get["etag"])
        #expect(head["content-length"] == String(get.body.count))
    }
}
