// Server-sent events over a real connection.
import HTTP
import Testing

@Suite struct EventStreamTests {
    @Test func `each event arrives when it is sent, in the form of the standard`() throws {
        try withServer(routes: { router, _, gate in
            router.add("GET", "/events") { _, _ in
                EventStream.response { events in
                    try events.send(ServerSentEvent(id: "7", name: "progress", data: "two\r\nlines\u{2028}"))
                    gate.pass()
                    try events.send(ServerSentEvent(data: ""))
                }
            }
        }) { server in
            let client = try server.client()
            try client.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
            let head = try client.read(through: "\r\n\r\n")
            #expect(
                head.contains("Content-Type: text/event-stream\r\n") && head.contains("Cache-Control: no-store\r\n"))
            let first = try client.read(through: "\n\n")
            #expect(first.hasSuffix("id: 7\nevent: progress\ndata: two\ndata: lines\u{2028}\n\n"))
            server.gate.open()
            let second = try client.read(through: "\n\n")
            #expect(second.hasSuffix("data: \n\n"))
            let end = try client.read(through: "0\r\n\r\n")
            #expect(end.hasSuffix("0\r\n\r\n"))
            let next = try client.exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(next.status == 200)
        }
    }

    @Test func `a comment keeps a quiet stream alive`() throws {
        try withServer(routes: { router, _, _ in
            router.add("GET", "/events") { _, _ in
                EventStream.response(heartbeatSeconds: 0.1) { events in
                    while try events.wait(seconds: 0.25) {}
                }
            }
        }) { server in
            let client = try server.client()
            try client.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
            for _ in 0..<3 { _ = try client.read(through: ": still here\n\n") }
        }
    }

    @Test func `a client that leaves is noticed while the stream waits`() throws {
        try withServer(routes: { router, observed, _ in
            router.add("GET", "/events") { _, _ in
                EventStream.response { events in
                    try events.send(ServerSentEvent(data: "first"))
                    while try events.wait(seconds: 60) {}
                    observed.note("left")
                }
            }
        }) { server in
            do {
                let client = try server.client()
                try client.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try client.read(through: "data: first\n\n")
            }
            #expect(server.observed.waits(for: "left"))
        }
    }
}
