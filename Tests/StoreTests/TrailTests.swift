// The access trail: nothing lost, nothing changed without showing.
import Dispatch
import Foundation
import GRDB
import Store
import Testing

@Suite struct TrailTests {
    let fixture: Fixture
    let store: Store

    init() throws {
        fixture = try Fixture()
        store = try fixture.open()
    }

    private func add(_ count: Int, by key: String = "pacs") throws {
        for number in 0..<count {
            try store.trail.append(
                TrailEntry(
                    key: key, from: "127.0.0.1", request: "r\(number)", operation: "getStudy", method: "GET",
                    named: ["studyID": "s\(number)"], status: 200), isDurable: number == 0)
        }
    }

    /// What somebody with the file in hand can do.
    private func tamper(_ sql: String) throws {
        let queue = try DatabaseQueue(path: fixture.folder.appendingPathComponent("trail.sqlite").path)
        try queue.write {
            try $0.execute(sql: "DROP TRIGGER entry_is_never_changed; DROP TRIGGER entry_is_never_deleted; \(sql)")
        }
    }

    private func damage(noted: [TrailHead] = []) throws -> [TrailDamage] { try store.trail.verify(noted: noted).damage }

    @Test func `rows are numbered and tied together, and the chain starts with zeros`() throws {
        #expect(try store.trail.head().description == "0:" + String(repeating: "0", count: 64))
        try add(3)
        #expect(try damage() == [])
        #expect(try store.trail.head() == store.trail.verify().head)
        var before = String(repeating: "0", count: 64)
        try store.trail.walk { (row: TrailRow) throws in
            let text = "\(before)\n\(row.number)\n\(row.content)"
            #expect(try SHA256.digest(of: Array(text.utf8)) == row.sha256)
            before = row.sha256
        }
        let entry = try #require(store.trail.list(limit: 1).first).entry()
        #expect(entry.named == ["studyID": "s2"] && entry.key == "pacs" && entry.at == store.keys.now)
    }

    @Test(arguments: [
        ("UPDATE entry SET content = json_set(content, '$.key', 'other') WHERE number = 3", TrailDamage.broken(3)),
        ("UPDATE entry SET sha256 = replace(sha256, substr(sha256, 1, 1), 'x') WHERE number = 3", .broken(3)),
        ("DELETE FROM entry WHERE number = 3", .missing(3...3)),
        ("DELETE FROM entry WHERE number BETWEEN 2 AND 4", .missing(2...4)),
        ("DELETE FROM entry WHERE number = 1", .missing(1...1)),
        ("UPDATE entry SET number = 99 WHERE number = 5", .missing(5...98)),
        ("INSERT INTO entry SELECT 6, content, sha256 FROM entry WHERE number = 5", .broken(6)),
        (
            "DELETE FROM entry WHERE number = 2; UPDATE entry SET number = number - 1 WHERE number > 2", .broken(2)
        ),
    ])
    func `a row that was changed, removed or put in is named`(sql: String, damage expected: TrailDamage) throws {
        try add(5)
        try tamper(sql)
        #expect(try damage().first == expected)
    }

    @Test func `rows cut off at the end show against a head that was noted, and only then`() throws {
        try add(4)
        let noted = try store.trail.head()
        try add(2)
        #expect(try damage(noted: [noted]) == [])
        try tamper("DELETE FROM entry WHERE number > 3")
        #expect(try damage() == [])
        #expect(try damage(noted: [noted]) == [.headDiffers(noted)])
        #expect(TrailHead(noted.description) == noted)
    }

    @Test func `a trail written anew with hashes that follow shows against a noted head alone`() throws {
        try add(4)
        let noted = try store.trail.head()
        try tamper("DELETE FROM entry")
        try add(4, by: "other")
        #expect(try damage() == [])
        #expect(try damage(noted: [noted]) == [.headDiffers(noted)])
    }

    @Test func `the database itself refuses changes`() throws {
        try add(2)
        let queue = try DatabaseQueue(path: fixture.folder.appendingPathComponent("trail.sqlite").path)
        for sql in ["UPDATE entry SET content = '{}'", "DELETE FROM entry"] {
            #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
        }
    }

    @Test func `rows of many threads and of a command beside them are all there, each once`() throws {
        let beside = try TrailStore(folder: fixture.folder)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for number in 0..<25 {
                let entry = TrailEntry(
                    key: "k\(thread)", from: "::1", request: "\(number)", operation: nil, method: "GET", status: 200)
                #expect(throws: Never.self) {
                    try (thread == 0 ? beside : store.trail).append(entry, isDurable: number % 7 == 0)
                }
            }
        }
        #expect(try damage() == [])
        var seen: Set<String> = []
        try store.trail.walk { (row: TrailRow) throws in
            let entry = try row.entry()
            seen.insert("\(entry.key ?? "") \(entry.request ?? "")")
        }
        #expect(seen.count == 200)
        #expect(try store.trail.head().number == 200)
    }

    @Test func `pages go from the newest to the oldest, by key and time`() throws {
        try add(3, by: "a")
        fixture.advance(seconds: 60)
        let middle = store.keys.now
        try add(2, by: "b")
        #expect(try store.trail.list(limit: 2).map(\.number) == [5, 4])
        #expect(try store.trail.list(limit: 9, after: 4).map(\.number) == [3, 2, 1])
        #expect(try store.trail.list(TrailFilter(key: "a"), limit: 9).map(\.number) == [3, 2, 1])
        #expect(try store.trail.list(TrailFilter(from: middle), limit: 9).map(\.number) == [5, 4])
        #expect(try store.trail.list(TrailFilter(to: middle), limit: 9).map(\.number) == [3, 2, 1])
    }
}
