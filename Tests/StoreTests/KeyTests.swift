// API keys as the data folder keeps them.
import Domain
import Foundation
import GRDB
import Store
import Testing

@Suite struct KeyTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func `a secret fits what is kept of it and nothing else`() throws {
        let store = try fixture.open()
        let secret = try store.keys.add(KeyDraft(name: "pacs", scopes: [.upload]))
        let kept = try #require(store.keys.snapshot().secrets[secret.id])
        #expect(kept.keyName == "pacs")
        #expect(try kept.fits(secret))
        for place in [24, 60, secret.text.utf8.count - 1] {
            var bytes = Array(secret.text.utf8)
            bytes[place] = bytes[place] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
            let other = try #require(ServiceSecret(String(decoding: bytes, as: UTF8.self)))
            #expect(other.id == secret.id)
            #expect(try !kept.fits(other), "\(place)")
        }
    }

    @Test func `a secret is 256 bits beside its id, and never the same twice`() {
        let secrets = (0..<64).map { _ in ServiceSecret() }
        #expect(Set(secrets.map(\.text)).count == 64)
        #expect(Set(secrets.map(\.id)).count == 64)
        for secret in secrets {
            #expect(secret.text.wholeMatch(of: /osteon_[0-9a-f]{16}_[0-9a-f]{64}/) != nil)
            #expect(ServiceSecret(secret.text) == secret)
        }
    }

    @Test(arguments: ["", "osteon", "osteon_0_0", String(repeating: "a", count: 88), "secret"])
    func `what has not the form of a secret is none`(text: String) {
        #expect(ServiceSecret(text) == nil)
    }

    @Test func `no file of the data folder holds the secret`() throws {
        let store = try fixture.open()
        let secret = try store.keys.add(KeyDraft(name: "pacs", scopes: [.upload]))
        let hidden = Data(secret.text.suffix(64).utf8)
        for name in fixture.files(in: ".") {
            let bytes = try Data(contentsOf: fixture.folder.appendingPathComponent(name))
            #expect(bytes.range(of: hidden) == nil, "\(name)")
        }
        #expect(try String(contentsOfFile: fixture.database, encoding: .isoLatin1).isEmpty == false)
    }

    @Test func `rotating ends the earlier secret after the overlap, revoking ends the key`() throws {
        let store = try fixture.open()
        let first = try store.keys.add(KeyDraft(name: "pacs", scopes: [.upload]))
        let second = try store.keys.rotate("pacs", overlapSeconds: 60)
        let third = try store.keys.rotate("pacs", overlapSeconds: 3600)
        let secrets = try store.keys.snapshot().secrets
        #expect(secrets[first.id]?.validUntil == store.keys.now + 60, "a later rotation prolongs nothing")
        #expect(secrets[second.id]?.validUntil == store.keys.now + 3600)
        #expect(secrets[third.id]?.validUntil == nil)
        try store.keys.revoke("pacs")
        #expect(try store.keys.snapshot().keys["pacs"]?.revokedAt == store.keys.now)
        #expect(throws: StoreError.keyRevoked(name: "pacs")) { try store.keys.rotate("pacs", overlapSeconds: 0) }
        #expect(throws: StoreError.keyExists(name: "pacs")) {
            try store.keys.add(KeyDraft(name: "pacs", scopes: [.read]))
        }
        #expect(throws: StoreError.keyNotFound(name: "other")) { try store.keys.revoke("other") }
    }

    @Test func `commands work on the keys beside the server that owns the folder`() throws {
        let store = try fixture.open()
        let beside = try KeyStore(folder: fixture.folder)
        _ = try beside.add(KeyDraft(name: "pacs", scopes: [.upload]))
        #expect(try store.keys.snapshot().keys.keys.sorted() == ["pacs"])
    }

    @Test func `the database lets no key be deleted, for without any the service is open`() throws {
        _ = try fixture.open().keys.add(KeyDraft(name: "pacs", scopes: [.upload]))
        let queue = try DatabaseQueue(path: fixture.database)
        #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: "DELETE FROM service_key") } }
    }

    @Test func `what was made before there were keys is adopted by an owner`() throws {
        let store = try fixture.open()
        let study = try store.addStudy()
        #expect(try !store.ownership.isOwn(.study(study.id), of: "clinic"))
        #expect(try store.keys.adopt(owner: "clinic") == 1)
        #expect(try store.ownership.isOwn(.study(study.id), of: "clinic"))
        #expect(try !store.ownership.isOwn(.study(study.id), of: "other"))
        #expect(try !store.ownership.isOwn(.study("none"), of: "other"))
        #expect(try store.keys.adopt(owner: "other") == 0)
    }
}
