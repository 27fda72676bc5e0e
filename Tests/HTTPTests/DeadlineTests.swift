// Clients that are slow on purpose.
import Glibc
import HTTP
import Testing

@Suite struct DeadlineTests {
    /// Sends one byte every 20 ms until the server answers or closes. - Returns: what came.
    private func drip(_ text: String, on client: RawClient) throws -> String {
        for byte in text.utf8 {
            guard client.hasNothingToRead, (try? client.send([byte])) != nil else { break }
            usleep(20_000)
        }
        return try client.readToEnd()
    }

    private func seconds(since start: ContinuousClock.Instant) -> Double { (ContinuousClock.now - start) / .seconds(1) }

    @Test func `a head that drips in is ended by its deadline, though no single wait is long`() throws {
        try withServer({ $0.headerDeadlineSeconds = 0.4 }) { server in
            let head = "GET /hello HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 400)
            let start = ContinuousClock.now
            let transcript = try drip(head, on: try server.client())
            #expect(transcript.hasPrefix("HTTP/1.1 408 "))
            #expect(seconds(since: start) >= 0.38)
        }
    }

    @Test func `many slow clients do not keep others from being served`() throws {
        try withServer({ $0.headerDeadlineSeconds = 3 }) { server in
            let slow = try (0..<100).map { _ in try server.client() }
            for client in slow { try client.send("GET /hello HTTP/1.1\r\nX: ") }
            let answer = try server.answer("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.status == 200)
            for client in slow {
                let transcript = try client.readToEnd()
                #expect(transcript.hasPrefix("HTTP/1.1 408 "))
            }
            #expect(eventually { server.server.counters.openConnections == 0 })
        }
    }

    @Test func `a connection on which nothing comes is closed without a word`() throws {
        try withServer({ $0.headerDeadlineSeconds = 0.2 }) { server in
            let transcript = try server.client().readToEnd()
            #expect(transcript.isEmpty)
        }
    }

    @Test func `a kept connection that stays idle is closed after its time`() throws {
        try withServer({ $0.idleSeconds = 0.3 }) { server in
            let client = try server.client()
            let start = ContinuousClock.now
            let answer = try client.exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            let isClosed = try client.isClosed()
            #expect(answer["Connection"] == nil && isClosed && seconds(since: start) > 0.25)
        }
    }

    @Test func `a body that stops coming is ended by the stall limit`() throws {
        try withServer({ $0.bodyStallSeconds = 0.3 }) { server in
            let client = try server.client()
            let answer = try client.exchange("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhello")
            #expect(answer.status == 400 && answer.text.hasPrefix("deadline(seconds: 0.3"))
            #expect(answer["Connection"] == "close")
        }
    }

    @Test func `a body that drips in is ended by the least rate, though no single wait is long`() throws {
        try withServer({ $0.bodyStallSeconds = 0.3 }) { server in
            let request = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n"
            let client = try server.client()
            try client.send(request)
            let transcript = try drip(String(repeating: "x", count: 400), on: client)
            #expect(transcript.hasPrefix("HTTP/1.1 400 ") && transcript.contains("deadline"))
        }
    }

    @Test func `a request that takes longer than a request may is ended in its body`() throws {
        try withServer({
            $0.requestDeadlineSeconds = 0.5
            $0.minimumBodyBytesPerSecond = 0
        }) { server in
            let start = ContinuousClock.now
            let client = try server.client()
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n")
            let transcript = try drip(String(repeating: "x", count: 400), on: client)
            #expect(transcript.contains("deadline"))
            #expect(seconds(since: start) >= 0.45)
        }
    }

    @Test func `a client that does not take its answer is given up`() throws {
        try withServer(
            {
                $0.writeStallSeconds = 0.3
            },
            routes: { router, _, _ in
                router.add("GET", "/much") { _, _ in
                    HTTPResponse(status: 200, body: .bytes([UInt8](repeating: 7, count: 50_000_000)))
                }
            }
        ) { server in
            let client = try RawClient(port: server.port, receiveBufferBytes: 4096)
            try client.send("GET /much HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(eventually { server.server.counters.requests == 1 })
            #expect(eventually { server.server.counters.openConnections == 0 })
        }
    }
}
