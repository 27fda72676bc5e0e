// If-None-Match and Range, on bodies of bytes and of files.
import Glibc
import HTTP
import Testing

/// A file of the bytes 0…255 repeated, removed at the end.
private func withFile(byteCount: Int, _ test: (String) throws -> Void) throws {
    var path = Array("/tmp/osteon-http-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    let name = path.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } } ?? ""
    defer { unlink(name) }
    let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) }
    #expect(write(descriptor, bytes, byteCount) == byteCount)
    close(descriptor)
    try test(name)
}

@Suite struct ConditionalTests {
    private func request(_ fields: String, path: String = "/hello", method: String = "GET") -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n"
    }

    @Test(arguments: [
        ("\"v1\"", 304), ("W/\"v1\"", 304), ("\"v0\", \"v1\"", 304), ("*", 304), ("\"v2\"", 200), ("v1", 200),
        ("", 200),
    ])
    func `If-None-Match compares weakly, takes lists and *`(tags: String, status: Int) throws {
        try withServer { server in
            for method in ["GET", "HEAD"] {
                let client = try server.client()
                let answer = try client.exchange(request("If-None-Match: \(tags)", method: method))
                #expect(answer.status == status && answer["ETag"] == "\"v1\"")
                if status == 304 { #expect(answer["Content-Length"] == nil && answer.body.isEmpty) }
                let next = try client.exchange(request("X: 1"))
                #expect(next.text == "hello, world")
            }
        }
    }

    @Test(
        arguments: [
            ("bytes=0-4", 206, "hello", "bytes 0-4/12"), ("bytes=7-", 206, "world", "bytes 7-11/12"),
            ("bytes=-5", 206, "world", "bytes 7-11/12"), ("bytes=-100", 206, "hello, world", "bytes 0-11/12"),
            ("bytes=11-11", 206, "d", "bytes 11-11/12"), ("bytes=0-9999", 206, "hello, world", "bytes 0-11/12"),
            ("Bytes=0-0", 206, "h", "bytes 0-0/12"),
            ("bytes=12-", 416, nil, "bytes */12"), ("bytes=12-20", 416, nil, "bytes */12"),
            ("bytes=-0", 416, nil, "bytes */12"),
            ("bytes=5-4", 200, "hello, world", nil), ("bytes=0-1,3-4", 200, "hello, world", nil),
            ("bytes=", 200, "hello, world", nil), ("bytes=-", 200, "hello, world", nil),
            ("lines=1-2", 200, "hello, world", nil),
            ("bytes=1-99999999999999999999", 200, "hello, world", nil),
            ("bytes=a-b", 200, "hello, world", nil), ("bytes=0x1-2", 200, "hello, world", nil),
        ] as [(String, Int, String?, String?)])
    func `a range gets its part, 416 behind the end, and the whole where it is not understood`(
        range: String, status: Int, text: String?, contentRange: String?
    ) throws {
        try withServer { server in
            let answer = try server.answer(request("Range: \(range)"))
            #expect(answer.status == status && answer["Content-Range"] == contentRange)
            if let text { #expect(answer.text == text) }
        }
    }

    @Test func `If-Range gives the part only for the same strong tag, and HEAD has no ranges`() throws {
        try withServer { server in
            let cases = [("\"v1\"", 206), ("W/\"v1\"", 200), ("\"v2\"", 200), ("Sun, 06 Nov 1994 08:49:37 GMT", 200)]
            for (tag, status) in cases {
                let answer = try server.answer(request("Range: bytes=0-4\r\nIf-Range: \(tag)"))
                #expect(answer.status == status)
            }
            let head = try server.answer(request("Range: bytes=0-4", method: "HEAD"))
            #expect(head.status == 200 && head["Content-Length"] == "12")
        }
    }

    @Test func `a file is sent whole, in parts, and described by HEAD`() throws {
        try withFile(byteCount: 3_000_000) { path in
            try withServer(routes: { router, _, _ in
                router.add("GET", "/file") { _, _ in
                    HTTPResponse(status: 200, headers: ["ETag": "\"f\""], body: .file(path: path, byteCount: 3_000_000))
                }
            }) { server in
                let client = try server.client()
                let whole = try client.exchange(request("X: 1", path: "/file"))
                #expect(whole.body.count == 3_000_000 && whole["Accept-Ranges"] == "bytes")
                #expect(whole.body.indices.allSatisfy { whole.body[$0] == UInt8(truncatingIfNeeded: $0) })
                let part = try client.exchange(request("Range: bytes=1000255-1000258", path: "/file"))
                #expect(
                    part.body == [63, 64, 65, 66].map { $0 } && part["Content-Range"] == "bytes 1000255-1000258/3000000"
                )
                let head = try client.exchange(request("X: 1", path: "/file", method: "HEAD"))
                #expect(head["Content-Length"] == "3000000")
                let same = try client.exchange(request("If-None-Match: \"f\"", path: "/file"))
                #expect(same.status == 304)
            }
        }
    }

    @Test func `a file that is missing or shorter than recorded is a 500 and not a cut answer`() throws {
        try withFile(byteCount: 10) { path in
            try withServer(routes: { router, _, _ in
                router.add("GET", "/short") { _, _ in HTTPResponse(status: 200, body: .file(path: path, byteCount: 11))
                }
                router.add("GET", "/missing") { _, _ in
                    HTTPResponse(status: 200, body: .file(path: path + "x", byteCount: 1))
                }
            }) { server in
                for path in ["/short", "/missing"] {
                    let answer = try server.answer(request("X: 1", path: path))
                    #expect(answer.status == 500 && answer["Content-Type"] == "application/problem+json")
                }
            }
        }
    }

    @Test func `an answer other than 200, or without a tag, is never a 304`() throws {
        try withServer { server in
            let answer = try server.answer(request("If-None-Match: *", path: "/missing"))
            #expect(answer.status == 404)
        }
    }
}
