// Who is let in, and whose things they see.
import API
import Domain
import Foundation
import HTTP
import Store
import Testing

/// A service with keys, and the fields that their secrets are sent in.
struct KeyedService {
    let service: TestService
    private var fields: [String: HTTPHeaders] = [:]

    /// Keys of the same name as their owner, and `boss`, an admin.
    init(_ scopes: [String: [AccessScope]] = ["a": [.upload, .read], "b": [.upload, .read], "boss": [.admin]]) throws {
        service = try TestService()
        for (name, scopes) in scopes {
            let secret = try service.store.keys.add(KeyDraft(name: name, scopes: scopes))
            fields[name] = ["Authorization": "Bearer \(secret.text)"]
        }
    }

    func send(
        _ key: String, _ method: String, _ target: String, _ more: HTTPHeaders = [:], body: String = "",
        memory: HeadMemory? = nil
    ) throws -> Answer {
        var headers = fields[key] ?? [:]
        for field in more { headers.append(field.name, field.value) }
        return try service.send(method, target, headers: headers, body: body, memory: memory)
    }

    /// Sends texts as DICOM objects.
    func push(_ key: String, _ instances: [String], at path: String = "/dicom-web/studies") throws -> Answer {
        let parts = instances.map { "--b\r\nContent-Type: application/dicom\r\n\r\n\($0)\r\n" }.joined()
        return try send(
            key, "POST", path, ["Content-Type": "multipart/related; type=\"application/dicom\"; boundary=b"],
            body: parts + "--b--")
    }
}

@Suite struct AccessTests {
    @Test func `while nobody made a key, everybody is let in`() throws {
        let service = try TestService()
        #expect(try service.send("GET", "/v1/studies").status == 200)
        #expect(try service.send("GET", "/v1/studies", headers: ["Authorization": "Bearer x"]).status == 200)
    }

    @Test func `from the first key on, every route but three asks for one`() throws {
        let keyed = try KeyedService()
        for route in RouteName.allCases {
            let path = route.path.replacing(/\{\w+\}/, with: "1")
            let answer = try keyed.service.send(route.method, path)
            if [.getHealth, .getReadiness, .getSpecification].contains(route) {
                #expect(answer.status == 200, "\(route)")
            } else {
                #expect(answer.status == 401, "\(route)")
                #expect(try answer.problem().code == .notAuthenticated)
                #expect(
                    answer.headers.all("WWW-Authenticate") == [
                        #"Basic realm="osteon", charset="UTF-8""#, #"Bearer realm="osteon""#,
                    ])
            }
        }
        #expect(try keyed.service.send("GET", "/nowhere").status == 401)
        #expect(try keyed.send("a", "GET", "/nowhere").status == 404)
    }

    @Test func `a key without scopes but one is refused on every route of another`() throws {
        let keyed = try KeyedService(["upload": [.upload], "read": [.read], "audit": [.audit], "boss": [.admin]])
        for route in RouteName.allCases {
            guard let needed = route.scope else { continue }
            let path = route.path.replacing(/\{\w+\}/, with: "1")
            for key in ["upload", "read", "audit"] where key != needed.rawValue {
                let answer = try keyed.send(key, route.method, path)
                #expect(answer.status == 403, "\(route) with \(key)")
                #expect(try answer.problem().code == .scopeMissing)
                #expect(answer.headers["WWW-Authenticate"]?.contains("scope=\"\(needed.rawValue)\"") == true)
            }
            #expect(try keyed.send("boss", route.method, path).status != 403, "\(route)")
            #expect(route.method == "GET" ? needed != .upload : needed == .upload, "\(route)")
        }
    }

    @Test func `Basic carries the key's name and the secret`() throws {
        let service = try TestService()
        let secret = try service.store.keys.add(KeyDraft(name: "pacs", scopes: [.read])).text
        func status(_ authorization: String) throws -> Int {
            try service.send("GET", "/v1/studies", headers: ["Authorization": authorization]).status
        }
        func basic(_ user: String, _ password: String) -> String {
            "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
        }
        #expect(try status(basic("pacs", secret)) == 200)
        #expect(try status("basic " + basic("pacs", secret).dropFirst(6)) == 200)
        #expect(try status("bearer \(secret)") == 200)
        for wrong in [
            basic("other", secret), basic("pacs", secret + "0"), basic("pacs", ""), basic("", secret),
            "Basic \(secret)", "Bearer", "Bearer \(secret.dropLast())0x", "Digest \(secret)", secret,
            "Bearer \(ServiceSecret().text)",
        ] { #expect(try status(wrong) == 401, "\(wrong)") }
        let twice: HTTPHeaders = {
            var fields: HTTPHeaders = ["Authorization": "Bearer \(secret)"]
            fields.append("Authorization", "Bearer \(secret)")
            return fields
        }()
        #expect(try service.send("GET", "/v1/studies", headers: twice).status == 401)
    }

    @Test func `expired, replaced and revoked secrets are refused, and say so`() throws {
        let service = try TestService()
        let keys = service.store.keys
        let expired = try keys.add(
            KeyDraft(name: "expired", scopes: [.read], expiresAt: Date(timeIntervalSince1970: 0)))
        let old = try keys.add(KeyDraft(name: "rotated", scopes: [.read]))
        let new = try keys.rotate("rotated", overlapSeconds: 0)
        let overlapping = try keys.add(KeyDraft(name: "overlapping", scopes: [.read]))
        _ = try keys.rotate("overlapping", overlapSeconds: 3600)
        let revoked = try keys.add(KeyDraft(name: "revoked", scopes: [.admin]))
        try keys.revoke("revoked")
        func answer(_ secret: ServiceSecret) throws -> Answer {
            try service.send("GET", "/v1/studies", headers: ["Authorization": "Bearer \(secret.text)"])
        }
        for secret in [expired, old] {
            #expect(try answer(secret).problem().detail.contains("expired"))
            #expect(try answer(secret).status == 401)
        }
        #expect(try answer(revoked).problem().detail.contains("revoked"))
        #expect(try answer(new).status == 200)
        #expect(try answer(overlapping).status == 200)
    }

    @Test func `a refused upload is refused before a byte of it is read`() throws {
        let keyed = try KeyedService(["read": [.read]])
        let body = String(repeating: "x", count: 1000)
        for key in ["nobody", "read"] {
            let before = try keyed.service.send("GET", "/metrics").status
            #expect(before == 401)
            let request = try #require(HTTPRequest(method: "POST", target: "/v1/studies", body: Array(body.utf8)))
            _ = keyed.service.responder.respond(to: request)
            #expect(request.body.receivedByteCount == 0)
            #expect(try keyed.send(key, "POST", "/v1/studies", body: body).status == (key == "read" ? 403 : 401))
        }
        #expect(keyed.service.keptFiles().isEmpty)
    }
}
