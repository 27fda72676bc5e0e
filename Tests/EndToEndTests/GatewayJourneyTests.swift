// From C-STORE to the service: whole studies, wrong titles, broken associations, a service that is away.
import Foundation
import Synchronization
import Testing

@Suite(.enabled(if: DICOMSender.isInstalled, DICOMSender.absent)) struct GatewayJourneyTests {
    private let series: PushedSeries

    init() throws { series = try PushedSeries.patient.get() }

    private func keptCount(_ server: RunningServer) throws -> Int {
        try server.client.send("GET", "/studies/\(series.studyUID)/instances").objects.count
    }

    @Test func `a study sent in several associations at once is kept whole, and sent again starts nothing`() throws {
        let rules = try RulesFile()
        let server = try RunningServer(arguments: ["--rules", rules.path, "--quiet-seconds", "3600"])
        let gateway = try RunningGateway(service: server.client.port)
        #expect(try gateway.sender.echo() == 0)
        let files = series.files
        let thirds = (0..<3).map { part in files.enumerated().filter { $0.offset % 3 == part }.map(\.element) }
        let sender = gateway.sender
        let statuses = Mutex<[Int32]>([])
        DispatchQueue.concurrentPerform(iterations: 3) { part in
            let status = (try? sender.store(thirds[part]).status) ?? -1
            statuses.withLock { $0.append(status) }
        }
        #expect(statuses.withLock { $0 } == [0, 0, 0])
        #expect(try keptCount(server) == files.count)
        #expect(try server.complete(series.studyUID).count == 1)
        let jobs = try server.jobCount()
        #expect(try gateway.sender.store(files).status == 0)
        #expect(try server.complete(series.studyUID).count == 1)
        #expect(try keptCount(server) == files.count && server.jobCount() == jobs)
        #expect(gateway.waiting.isEmpty)
        #expect(try gateway.stop() == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: gateway.spool.path).isEmpty)
    }

    @Test func `titles and addresses that are not on the list are refused, and nothing is kept`() throws {
        let server = try RunningServer()
        let gateway = try RunningGateway(
            service: server.client.port, ["--ae", "OSTEON", "--calling", "CTROOM"])
        let few = Array(series.files.prefix(1))
        let wrong = try gateway.sender.store(few, called: "ELSEWHERE")
        #expect(wrong.status != 0 && wrong.words.contains("Called AE Title Not Recognized"), "\(wrong.words)")
        let stranger = try gateway.sender.store(few, calling: "STRANGER")
        #expect(stranger.status != 0 && stranger.words.contains("Calling AE Title Not Recognized"), "\(stranger.words)")
        let elsewhere = try RunningGateway(service: server.client.port, ["--ae", "OSTEON", "--peer", "192.0.2.7"])
        #expect(try elsewhere.sender.echo() != 0)
        try server.expectNothingKept()
        #expect(try gateway.sender.store(few).status == 0)
        #expect(try keptCount(server) == 1)
    }

    @Test func `an association that is cut in an object, or says nothing, leaves nothing and holds up nobody`() throws {
        let server = try RunningServer()
        let gateway = try RunningGateway(
            service: server.client.port, ["--ae", "OSTEON", "--associations", "2", "--idle-seconds", "1"])
        do {
            let cut = try RawAssociation(port: gateway.port)
            cut.beginStoring()
            try withExtendedLifetime(cut) { try waitUntil("the object has begun") { !gateway.waiting.isEmpty } }
        }
        try waitUntil("what was begun is removed") { gateway.waiting.isEmpty }
        let silent = try RawAssociation(port: gateway.port)
        #expect(try gateway.sender.store(Array(series.files.prefix(2))).status == 0)
        #expect(silent.isEnded())
        let stalled = try RawAssociation(port: gateway.port)
        stalled.beginStoring()
        #expect(stalled.isEnded())
        try waitUntil("what was begun is removed") { gateway.waiting.isEmpty }
        #expect(try keptCount(server) == 2)
    }

    @Test func `a sender is told of success only when the service has the object`() throws {
        let server = try RunningServer()
        let port = server.client.port
        server.kill()
        let few = Array(series.files.prefix(2))
        let hasty = try RunningGateway(service: port, ["--ae", "OSTEON", "--retry-seconds", "0"])
        let away = try hasty.sender.store(few)
        #expect(away.words.contains("Refused: OutOfResources"), "\(away.words)")
        #expect(!away.words.contains("(Success)"))
        #expect(hasty.waiting.isEmpty)

        let patient = try RunningGateway(service: port, ["--ae", "OSTEON", "--retry-seconds", "60"])
        let sender = patient.sender
        let words = Mutex("")
        let sending = DispatchGroup()
        DispatchQueue.global().async(group: sending) {
            let reply = (try? sender.store(few).words) ?? ""
            words.withLock { $0 = reply }
        }
        try waitUntil("an object is offered") { !patient.waiting.isEmpty }
        let back = try RunningServer(arguments: ["--port", "\(port)"])
        sending.wait()
        #expect(words.withLock { $0 }.components(separatedBy: "(Success)").count == 3, "\(words.withLock { $0 })")
        #expect(try keptCount(back) == 2)
    }

    @Test func `objects come under the key of the title that is called`() throws {
        let server = try RunningServer()
        let secret = try server.addKey("ct-room", ["upload"])
        let reader = try server.addKey("reader", ["read"])
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("key-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data((secret + "\n").utf8).write(to: file)
        let gateway = try RunningGateway(
            service: server.client.port, ["--ae", "OSTEON=\(file.path)", "--ae", "NOBODY"])
        let few = Array(series.files.prefix(1))
        let stranger = try gateway.sender.store(few, called: "NOBODY")
        #expect(!stranger.words.contains("(Success)") && stranger.words.contains("0x124"), "\(stranger.words)")
        #expect(try gateway.sender.store(few).words.contains("(Success)"))
        // The study is the key's: another's key does not see it.
        let seen = try server.client.send(
            "GET", "/studies", headers: ["Authorization": "Bearer \(reader)"])
        #expect(seen.status == 200 && seen.objects.isEmpty)
    }
}
