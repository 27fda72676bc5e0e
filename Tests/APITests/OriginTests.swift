// What web pages may do from a browser.
import API
import Domain
import Foundation
import HTTP
import Logging
import Store
import Testing

@Suite struct OriginTests {
    private let viewer = "https://viewer.example.org"

    @Test func `a page of a site that is allowed may ask, send and read`() throws {
        let service = try TestService(origins: OriginPolicy(allowed: [viewer]))
        let secret = try service.store.keys.add(KeyDraft(name: "viewer", scopes: [.read]))
        let asked = try service.send(
            "OPTIONS", "/dicom-web/studies",
            headers: [
                "Origin": viewer, "Access-Control-Request-Method": "GET",
                "Access-Control-Request-Headers": "authorization",
            ])
        #expect(asked.status == 204)
        #expect(asked.headers["Access-Control-Allow-Origin"] == viewer)
        #expect(asked.headers["Access-Control-Allow-Headers"]?.contains("Authorization") == true)
        #expect(asked.headers["Access-Control-Allow-Methods"]?.contains("GET") == true)
        let read = try service.send(
            "GET", "/dicom-web/studies", headers: ["Origin": viewer, "Authorization": "Bearer \(secret.text)"])
        #expect(read.status == 200)
        #expect(read.headers["Access-Control-Allow-Origin"] == viewer)
        #expect(read.headers.list("Vary").contains("Origin"))
        #expect(read.headers["Access-Control-Allow-Credentials"] == nil)
        // So that the page can see why it was refused.
        let refused = try service.send("GET", "/dicom-web/studies", headers: ["Origin": viewer])
        #expect(refused.status == 401 && refused.headers["Access-Control-Allow-Origin"] == viewer)
    }

    @Test(arguments: [
        "https://evil.example", "https://viewer.example.org.evil.example", "http://viewer.example.org", "null",
    ])
    func `any other page is refused, with a key or without, and learns nothing`(origin: String) throws {
        let service = try TestService(origins: OriginPolicy(allowed: [viewer]))
        for method in ["GET", "POST"] {
            let answer = try service.send(method, "/v1/studies", headers: ["Origin": origin, "Host": "127.0.0.1"])
            #expect(try answer.problem().code == .originRefused, "\(method)")
            #expect(answer.headers["Access-Control-Allow-Origin"] == nil)
        }
        let asked = try service.send(
            "OPTIONS", "/v1/studies", headers: ["Origin": origin, "Access-Control-Request-Method": "POST"])
        #expect(asked.headers["Access-Control-Allow-Origin"] == nil)
        #expect(service.keptFiles().isEmpty)
    }

    @Test func `a page of the service's own address is its own`() throws {
        let service = try TestService(origins: OriginPolicy(publicURL: "https://osteon.example.org/spine"))
        for (origin, host) in [
            ("http://localhost:8080", "localhost:8080"), ("https://osteon.example.org", "127.0.0.1:8080"),
        ] {
            let answer = try service.send("GET", "/v1/jobs", headers: ["Origin": origin, "Host": host])
            #expect(answer.status == 200, "\(origin)")
        }
    }

    @Test func `without a key only names of this machine will do, so that no page's name can be pointed at it`() throws
    {
        let service = try TestService(origins: OriginPolicy(publicURL: "https://osteon.example.org/spine"))
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:8080", "127.9.9.9", "[::1]:8080", "osteon.example.org"] {
            #expect(try service.send("GET", "/v1/jobs", headers: ["Host": host]).status == 200, "\(host)")
        }
        for host in [
            "evil.example", "evil.example:8080", "127.0.0.1.evil.example", "10.0.0.1", "127.0.0", "127.0.0.0.1",
            "127..0.1",
            "127.0.0.1234", "127.0.0.", "127.0.0.x",
        ] {
            #expect(try service.send("GET", "/v1/jobs", headers: ["Host": host]).status == 403, "\(host)")
        }
        let secret = try service.store.keys.add(KeyDraft(name: "a", scopes: [.read]))
        // Another service on the same folder: it has not looked at the keys yet.
        let keyed = try TestService(sharing: service)
        let named = try keyed.send(
            "GET", "/v1/jobs", headers: ["Host": "spine.hospital", "Authorization": "Bearer \(secret.text)"])
        #expect(named.status == 200)
    }

    @Test(arguments: ["https://a.example", "http://localhost:3000", "http://[::1]:3000"])
    func `an origin is a scheme, a host and perhaps a port`(text: String) {
        #expect(OriginPolicy.isOrigin(text))
        for wrong in ["*", text + "/", text + "/path", "a.example", "ftp://a.example", "null", ""] {
            #expect(!OriginPolicy.isOrigin(wrong), "\(wrong)")
        }
    }
}
