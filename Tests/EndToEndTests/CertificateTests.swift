// The service's own certificate: renewed without a restart, and looked past by the container's health check.
import Foundation
import ReferenceData
import Testing

private let openssl = "/usr/bin/openssl"
private let isInstalled = [openssl, "/usr/bin/curl"].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

@Suite(.enabled(if: isInstalled, "curl or openssl is not installed")) struct CertificateTests {
    @Test func `at SIGHUP a new certificate is shown, and one that cannot be used changes nothing`() throws {
        let files = try CertificateFiles(name: "first")
        let server = try RunningServer(arguments: files.arguments, log: files.log)
        #expect(try files.shown(by: server).contains("first"))
        try files.make("second")
        #expect(try files.shown(by: server).contains("first"), "it is not read by itself")
        kill(server.processIdentifier, SIGHUP)
        try waitUntil("the new certificate is shown") { try files.shown(by: server).contains("second") }

        try Data("no certificate".utf8).write(to: files.certificate)
        kill(server.processIdentifier, SIGHUP)
        try waitUntil("the refusal is in the log") {
            try String(contentsOf: files.log, encoding: .utf8).contains("the TLS certificate stays as it was")
        }
        #expect(try files.shown(by: server).contains("second"))

        // A certificate with another's key, as between the two writes of a renewal.
        let key = try Data(contentsOf: files.key)
        try files.make("third")
        try key.write(to: files.key)
        kill(server.processIdentifier, SIGHUP)
        try waitUntil("the refusal is in the log") {
            try String(contentsOf: files.log, encoding: .utf8).components(separatedBy: "stays as it was").count == 3
        }
        #expect(try files.shown(by: server).contains("second"))
        #expect(try server.stop() == 0)
    }

    @Test func `the container's health check holds with and without TLS, and fails where nothing answers`() throws {
        let dockerfile = try String(
            contentsOf: ReferenceData.packageRoot.appendingPathComponent("Dockerfile"), encoding: .utf8)
        let words = try #require(dockerfile.firstMatch(of: /HEALTHCHECK [^\n]*? CMD (.+)/).map { String($0.1) })
        func check(_ port: UInt16) throws -> Int32 {
            try Command.run(["-c", words.replacing(":8080/", with: ":\(port)/")], program: "/bin/sh").status
        }
        #expect(words.contains(":8080/"))
        let files = try CertificateFiles(name: "here")
        for server in [try RunningServer(), try RunningServer(arguments: files.arguments)] {
            try waitUntil("the service is ready") { try check(server.client.port) == 0 }
            server.kill()
            #expect(try check(server.client.port) != 0)
        }
    }
}

/// A certificate that signs itself, its key, and a log. Removed with the value.
private final class CertificateFiles {
    private let folder: URL
    let certificate: URL
    let key: URL
    let log: URL

    var arguments: [String] { ["--tls-certificate", certificate.path, "--tls-key", key.path] }

    init(name: String) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-cert-\(UUID().uuidString)")
        certificate = folder.appendingPathComponent("server.pem")
        key = folder.appendingPathComponent("server.key")
        log = folder.appendingPathComponent("log")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try make(name)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes a new pair in the place of the old one.
    func make(_ name: String) throws {
        let made = try Command.run(
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj",
                "/CN=" + name, "-keyout", key.path, "-out", certificate.path,
            ], program: openssl)
        #expect(made.status == 0, "\(made.errors)")
    }

    /// The name in the certificate that a new connection gets.
    func shown(by server: RunningServer) throws -> String {
        let words =
            "openssl s_client -connect 127.0.0.1:\(server.client.port) </dev/null 2>/dev/null | openssl x509 -noout -subject"
        return try Command.run(["-c", words], program: "/bin/sh").output
    }
}
