// HTTPS, as curl and openssl see it.
import Foundation
import HTTP
import Testing

private let isInstalled = ["/usr/bin/curl", "/usr/bin/openssl"].allSatisfy {
    FileManager.default.isExecutableFile(atPath: $0)
}

@Suite(.enabled(if: isInstalled, "curl or openssl is not installed")) struct TLSTests {
    private let keys: KeyFolder

    init() throws { keys = try KeyFolder() }

    private func withTLS(clients: Bool = false, _ test: (TestServer) throws -> Void) throws {
        let context = try TLSContext(
            certificate: keys.path("server.pem"), key: keys.path("server.key"),
            clientAuthority: clients ? keys.path("authority.pem") : nil)
        let big = keys.path("big")
        try withServer(
            {
                $0.tls = context
                $0.headerDeadlineSeconds = 2
            },
            routes: { router, _, _ in
                router.add("GET", "/file") { _, _ in
                    HTTPResponse(status: 200, headers: [:], body: .file(path: big, byteCount: 3_000_000))
                }
                router.add("GET", "/stream") { _, _ in
                    HTTPResponse(
                        status: 200, headers: [:],
                        body: .stream { writer in
                            for number in 0..<100 { try writer.write(Array("piece \(number)\n".utf8)) }
                        })
                }
            }, test)
    }

    private func curl(_ server: TestServer, _ path: String, _ more: [String] = []) throws -> Ended {
        try run(
            "curl",
            ["-sS", "--cacert", keys.path("authority.pem")] + more + ["https://localhost:\(server.port)\(path)"])
    }

    @Test func `requests, bodies, files and streams pass as they do without TLS`() throws {
        try withTLS { server in
            #expect(try curl(server, "/hello").output == "hello, world")
            let file = try curl(server, "/file")
            let sent = try Data(contentsOf: URL(fileURLWithPath: keys.path("big")))
            #expect(file.bytes == sent)
            let echo = try curl(
                server, "/echo", ["--data-binary", "@" + keys.path("big"), "-H", "Expect: 100-continue"])
            #expect(echo.bytes == file.bytes)
            #expect(try curl(server, "/stream").output.hasSuffix("piece 99\n"))
            let two = try curl(server, "/hello", ["-w", "%{num_connects}", "https://localhost:\(server.port)/hello"])
            #expect(two.output == "hello, world1hello, world0", "the connection is kept: \(two.output)")
        }
    }

    @Test func `TLS 1_2 and 1_3 are spoken, and nothing older`() throws {
        try withTLS { server in
            for version in ["1.2", "1.3"] {
                #expect(
                    try curl(server, "/hello", ["--tlsv" + version, "--tls-max", version]).output == "hello, world")
            }
            let address = ["s_client", "-connect", "localhost:\(server.port)"]
            let old = try run("openssl", address + ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
            #expect(old.status != 0 && old.output.contains("Cipher is (NONE)"))
            let weak = try run("openssl", address + ["-tls1_2", "-cipher", "AES128-SHA"])
            #expect(weak.status != 0, "no forward secrecy, no handshake")
        }
    }

    private func certificate(_ name: String) -> [String] {
        ["--cert", keys.path(name + ".pem"), "--key", keys.path(name + ".key")]
    }

    @Test func `only clients with a certificate of the authority are let in`() throws {
        try withTLS(clients: true) { server in
            let known = try curl(server, "/hello", certificate("client"))
            #expect(known.output == "hello, world")
            let stranger = try curl(server, "/hello", certificate("stranger"))
            #expect(stranger.status != 0)
            #expect(try curl(server, "/hello").status != 0)
            #expect(server.observed.all.count == 1, "nobody else was answered")
        }
    }

    @Test func `HTTP on the port of HTTPS is told so`() throws {
        try withTLS { server in
            let answer = try server.answer("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.status == 400 && answer.text == "This port speaks HTTPS only.\n")
            #expect(server.observed.all.isEmpty)
        }
    }

    @Test func `a handshake that does not come, or is rubbish, is ended, and others are served meanwhile`() throws {
        try withTLS { server in
            let silent = try (0..<50).map { _ in try server.client() }
            let rubbish = try server.client()
            try rubbish.send([22, 3, 1, 0xFF, 0xFF] + [UInt8](repeating: 7, count: 2000))
            let half = try server.client()
            try half.send([22, 3, 1, 1, 0, 1, 0, 0])
            #expect(try curl(server, "/hello").output == "hello, world")
            _ = rubbish
            for client in silent + [half] { _ = try? client.readToEnd() }
            #expect(eventually { server.server.counters.openConnections <= 1 })
        }
    }

    @Test func `files that cannot be used are refused with the reason`() throws {
        func refusal(_ certificate: String, _ key: String, _ authority: String? = nil) -> String {
            do {
                _ = try TLSContext(
                    certificate: keys.path(certificate), key: keys.path(key),
                    clientAuthority: authority.map(keys.path))
                return ""
            } catch { return error.description }
        }
        #expect(refusal("big", "server.key").contains("the certificate"))
        #expect(refusal("server.pem", "client.key").contains("mismatch"))
        #expect(refusal("server.pem", "server.key", "big").contains("the authority of clients"))
        #expect(refusal("server.pem", "server.key") == "")
    }
}

/// What a program left.
private struct Ended {
    let status: Int32
    let bytes: Data
    var output: String { String(decoding: bytes, as: UTF8.self) }
}

private func run(_ program: String, _ arguments: [String]) throws -> Ended {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/" + program)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Ended(status: process.terminationStatus, bytes: bytes)
}

/// An authority, what it signed, a stranger's certificate, and a file to send. Removed with the value.
private final class KeyFolder {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }).write(
            to: folder.appendingPathComponent("big"))
        for name in ["authority", "stranger"] {
            try openssl(["req", "-x509", "-subj", "/CN=" + name] + new(name) + ["-out", path(name + ".pem")])
        }
        for name in ["server", "client"] {
            try openssl(
                ["req", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"] + new(name) + [
                    "-out", path(name + ".csr"),
                ])
            try openssl([
                "x509", "-req", "-in", path(name + ".csr"), "-CA", path("authority.pem"), "-CAkey",
                path("authority.key"), "-CAcreateserial", "-days", "2", "-copy_extensions", "copy", "-out",
                path(name + ".pem"),
            ])
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    private func new(_ name: String) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", path(name + ".key")]
    }

    private func openssl(_ arguments: [String]) throws {
        let ended = try run("openssl", arguments)
        guard ended.status == 0 else { throw ClientError(description: "openssl \(arguments) failed") }
    }
}
