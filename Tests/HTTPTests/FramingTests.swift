// Where one message ends and the next begins.
import Glibc
import HTTP
import Testing

private let get = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"

@Suite struct FramingTests {
    @Test func `five pipelined requests get five answers in order on one connection`() throws {
        try withServer(routes: { router, _, _ in
            router.add("GET", "/number/{n}") { _, parameters in HTTPResponse(status: 200, text: parameters["n"]) }
        }) { server in
            let client = try server.client()
            try client.send((1...5).map { "GET /number/\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            let answers = try (1...5).map { _ in try client.readResponse().text }
            #expect(answers == ["1", "2", "3", "4", "5"])
            let again = try client.exchange(get)
            #expect(again.status == 200)
            #expect(server.server.counters.acceptedConnections == 1)
        }
    }

    @Test func `the same head again is the same request, and one that only begins like it is read anew`() throws {
        try withServer { server in
            let client = try server.client()
            let post = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
            let longer = "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            try client.send(get + get + post + "hello" + post + "world" + get)
            for byte in (get + post + "again").utf8 { try client.send([byte]) }
            try client.send(get + longer)
            let answers = try (0..<9).map { _ in try client.readResponse() }
            #expect(
                answers.map(\.text) == [
                    "hello, world", "hello, world", "hello", "world", "hello, world", "hello, world", "again",
                    "hello, world", "hello, world",
                ])
            #expect(answers.last?["Connection"] == "close")
            let isClosed = try client.isClosed()
            #expect(isClosed)
        }
    }

    @Test func `what is remembered with a head comes back with that head alone, on its connection alone`() throws {
        final class Turn: Sendable {
            let number: Int

            init(_ number: Int) { self.number = number }
        }
        try withServer(routes: { router, _, _ in
            router.add("GET", "/turn/{name}") { request, _ in
                let number = 1 + ((request.memory?.value as? Turn)?.number ?? 0)
                request.memory?.value = Turn(number)
                return HTTPResponse(status: 200, text: "\(number)")
            }
        }) { server in
            func turn(_ name: String, _ fields: String = "") -> String {
                "GET /turn/\(name) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
            }
            let client = try server.client()
            let requests = [
                turn("a"), turn("a"), turn("a"), turn("a", "X-Key: b\r\n"), turn("a"), turn("b"), turn("b"),
                turn("c", "X-Long: " + String(repeating: "x", count: 3000) + "\r\n"),
                turn("c", "X-Long: " + String(repeating: "x", count: 3000) + "\r\n"),
            ]
            try client.send(requests.joined())
            let numbers = try requests.map { _ in try client.readResponse().text }
            #expect(numbers == ["1", "2", "3", "1", "1", "1", "2", "1", "1"])
            let elsewhere = try server.client().exchange(turn("b"))
            #expect(elsewhere.text == "1")
        }
    }

    @Test func `a malformed head behind a good one that it repeats is refused`() throws {
        try withServer { server in
            let client = try server.client()
            let first = try client.exchange(get)
            #expect(first.status == 200)
            let second = try client.exchange("GET /hello HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n")
            #expect(second.status == 400)
        }
    }

    @Test func `a pipelined body and the request behind it are told apart`() throws {
        try withServer { server in
            let client = try server.client()
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + get)
            let answers = [try client.readResponse().text, try client.readResponse().text]
            #expect(answers == ["hello", "hello, world"])
        }
    }

    @Test func `a chunked body with extensions and trailers arrives whole, byte by byte or at once`() throws {
        try withServer { server in
            let client = try server.client()
            let request =
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n"
                + "5;a=\"b\"\r\nhello\r\n00A\r\n, world!!!\r\n0\r\nX-Sum: 1\r\n\r\n"
            for byte in request.utf8 { try client.send([byte]) }
            let slow = try client.readResponse()
            let fast = try client.exchange(request)
            #expect([slow.text, fast.text] == ["hello, world!!!", "hello, world!!!"])
        }
    }

    @Test func `an unread small body is dropped and the connection goes on`() throws {
        try withServer { server in
            let client = try server.client()
            let body = get + String(repeating: "x", count: 100_000)
            try client.send(
                "POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body + get)
            let answers = [try client.readResponse().text, try client.readResponse().text]
            #expect(answers == ["ignored", "hello, world"])
            #expect(server.observed.all == ["GET /hello"])
        }
    }

    @Test(arguments: [true, false])
    func `a request hidden in a big unread body is never answered`(isChunked: Bool) throws {
        try withServer { server in
            let client = try server.client()
            let body = String(repeating: get, count: 100_000)
            let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(body.utf8.count)"
            let size = isChunked ? String(body.utf8.count, radix: 16) + "\r\n" : ""
            try client.send("POST /ignore HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n\(size)")
            // The server stops reading: sending all may fail, which is as good.
            try? client.send(body)
            let transcript = try client.readToEnd()
            #expect(transcript.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(transcript.occurrences(of: "HTTP/1.1") == 1)
            #expect(transcript.contains("Connection: close"))
            #expect(server.observed.all.isEmpty)
        }
    }

    @Test func `a body beyond the limit is 413 unread when declared, and cut off when chunked`() throws {
        try withServer({ $0.maximumBodyBytes = 1000 }) { server in
            let declared = try server.answer("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n")
            #expect(declared.status == 413)
            let most = String(repeating: "x", count: 1000)
            let exact = try server.answer("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + most)
            #expect(exact.text == most)
            let head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            let chunked = try server.answer(head + "3E9\r\n\(most)x\r\n0\r\n\r\n")
            #expect(chunked.text == "tooLarge(limitBytes: 1000)")
        }
    }

    @Test func `100 Continue is sent when the body is first read, and not before`() throws {
        try withServer(routes: { router, observed, gate in
            router.add("POST", "/gated") { request, _ in
                observed.note("called")
                gate.pass()
                return HTTPResponse(status: 200, text: "\((try? request.body.readAll(limit: 10))?.count ?? -1)")
            }
        }) { server in
            let client = try server.client()
            try client.send("POST /gated HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n")
            #expect(server.observed.waits(for: "called"))
            #expect(client.hasNothingToRead)
            server.gate.open()
            let interim = try client.readResponse()
            #expect(interim.status == 100)
            try client.send("hello")
            let final = try client.readResponse()
            #expect(final.status == 200 && final.text == "5")
            let next = try client.exchange(get)
            #expect(next.status == 200)
        }
    }

    @Test func `an answer without reading sends no 100 and closes, so that a late body is not a request`() throws {
        try withServer { server in
            let client = try server.client()
            try client.send(
                "POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: \(get.utf8.count)\r\nExpect: 100-continue\r\n\r\n")
            let answer = try client.readResponse()
            #expect(answer.status == 200)
            #expect(answer["Connection"] == "close")
            try? client.send(get)
            let rest = try client.readToEnd()
            #expect(rest.isEmpty)
            #expect(server.observed.all.isEmpty)
        }
    }

    @Test func `a body that comes without waiting for its 100 is read without one`() throws {
        try withServer { server in
            let client = try server.client()
            let answer = try client.exchange(
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello")
            #expect(answer.status == 200 && answer.text == "hello")
        }
    }

    @Test func `a body cut in the middle is told to the responder with the bytes that came`() throws {
        try withServer { server in
            let declared = try server.transcript(
                of: "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhello")
            #expect(declared.hasPrefix("HTTP/1.1 400 "))
            let chunked = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            _ = try server.transcript(of: chunked + "5\r\nhello\r\n5\r\nhe")
            let reset = try server.client()
            try reset.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhel")
            reset.reset()
            #expect(eventually { server.observed.all.count == 3 })
            #expect(server.observed.all[..<2] == ["cut(receivedBytes: 5)", "cut(receivedBytes: 7)"])
            #expect(server.observed.all.last?.hasPrefix("cut(") == true)
        }
    }

    @Test func `HEAD has the head of GET and no body, and the connection goes on`() throws {
        try withServer { server in
            let client = try server.client()
            let head = try client.exchange("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(head.status == 200 && head["Content-Length"] == "12" && head["ETag"] == "\"v1\"")
            let missing = try client.exchange("HEAD /missing HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(missing.status == 404)
            let next = try client.exchange(get)
            #expect(next.text == "hello, world")
        }
    }

    @Test func `HTTP/1.0 closes unless it asks to stay, and has streams without chunks`() throws {
        try withServer(routes: { router, _, _ in
            router.add("GET", "/stream") { _, _ in
                HTTPResponse(
                    status: 200,
                    body: .stream {
                        try $0.write("a"); try $0.write("b")
                    })
            }
        }) { server in
            let plain = try server.transcript(of: "GET /hello HTTP/1.0\r\n\r\n" + get)
            #expect(plain.contains("Connection: close\r\n") && plain.occurrences(of: "HTTP/1.1 ") == 1)
            let client = try server.client()
            let kept = try client.exchange("GET /hello HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
            #expect(kept["Connection"] == "keep-alive")
            let stream = try client.exchange("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(stream.text == "ab" && stream["Transfer-Encoding"] == nil && stream["Connection"] == "close")
            let chunked = try server.answer("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(chunked.text == "ab" && chunked["Transfer-Encoding"] == "chunked")
        }
    }

    @Test func `a target in absolute form is served, and one empty line before a request is passed over`() throws {
        try withServer { server in
            let client = try server.client()
            let absolute = try client.exchange("\r\nGET http://b:80/hello?a=1 HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(absolute.status == 200)
            #expect(server.observed.all == ["GET http://b:80/hello?a=1"])
        }
    }

    @Test func `what comes behind a last request does not cost it its answer`() throws {
        try withServer { server in
            for _ in 0..<20 {
                let client = try server.client()
                try client.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get)
                // Fails where the server was faster.
                try? client.send(String(repeating: get, count: 2000))
                let transcript = try client.readToEnd()
                #expect(transcript.hasSuffix("hello, world") && transcript.occurrences(of: "HTTP/1.1 ") == 1)
            }
        }
    }

    @Test func `a stream that fails is cut, so that it cannot pass for whole`() throws {
        try withServer(routes: { router, _, _ in
            router.add("GET", "/stream") { _, _ in
                HTTPResponse(
                    status: 200,
                    body: .stream {
                        try $0.write("a")
                        throw ClientError(description: "on purpose")
                    })
            }
        }) { server in
            let transcript = try server.transcript(of: "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(transcript.hasSuffix("\r\n\r\n1\r\na\r\n"))
        }
    }

    @Test func `a control character in an answer's field cannot begin another field`() throws {
        try withServer(routes: { router, _, _ in
            router.add("GET", "/split") { _, _ in
                HTTPResponse(status: 200, headers: ["X": "a\r\nSet-Cookie: b\r\n\r\nc"])
            }
        }) { server in
            let answer = try server.answer("GET /split HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer["X"] == "a  Set-Cookie: b    c" && answer["Set-Cookie"] == nil)
        }
    }
}
