// Readings of a running injection: answered from the job's table, told to followers, refused by their fields.
import Domain
import Foundation
import Guidance
import HTTP
import Store
import Testing

@testable import API

/// A body of 40 mm cubed with a gap in front; ten runs from its middle leak at 1, 2 … 10 mL.
private let table = GuidanceTable(
    level: .L1, frame: GuidanceTable.Frame(originLPSMM: [1, 2, 3], x: [1, 0, 0], y: [0, -1, 0], z: [0, 0, 1]),
    outline: BodyOutline(
        cellMM: 4, firstCentreMM: [-18, -18, -18], size: [10, 10, 10], isInside: [Bool](repeating: true, count: 1000)),
    ways: [
        GuidanceTable.Way(
            exit: "anterior", passage: .gap, type: "II", hazard: "the vessels in front", localMM: [0, 20, 0],
            outward: [0, 1, 0], presence: 1)
    ],
    runs: (1...10).map {
        GuidanceTable.Run(
            tipMM: .zero, permeabilityFactor: 1, viscosityFactor: 1, endML: 12, firstLeakML: [Double($0)])
    },
    conditions: GuidanceTable.Conditions(
        procedure: "PVP", cement: "low-viscosity", leakThresholdML: 0.01, cellMM: 2, seed: 1))

private func document(_ tables: [GuidanceTable], _ omissions: [Omission] = []) throws -> [UInt8] {
    Array(try JSONEncoder().encode(GuidanceDocument(tables: tables, omissions: omissions)))
}

@Suite struct RehearsalRouteTests {
    let service: TestService
    let job: String

    init() throws {
        service = try TestService()
        job = try service.addJob()
    }

    private func finish(_ bytes: [UInt8]?) throws {
        let claimed = try #require(try service.store.jobs.claim(worker: "w", leaseSeconds: 60))
        let artifacts = bytes.map { [Artifact(name: .guidance, mediaType: "application/json", bytes: $0)] } ?? []
        try service.store.jobs.finish(claimed.lease, artifacts: artifacts)
    }

    private func post(_ body: String) throws -> Answer {
        try service.send("POST", "/v1/jobs/\(job)/rehearsal", body: body)
    }

    private static func reading(_ volume: Double) -> String {
        #"{"level":"L1","needles":[{"tipLPSMM":[1,2,3]}],"volumeSoFarML":\#(volume)}"#
    }

    @Test func `a reading is answered with hazard, direction, volume left and warning`() throws {
        try finish(document([table]))
        let answer = try post(Self.reading(2.2))
        #expect(answer.status == 200)
        #expect(answer.headers["Cache-Control"] == "no-store")
        let shown = try JSONDecoder().decode(GuidanceAnswer.self, from: Data(answer.body))
        #expect(shown.nextHazard?.exit == "anterior")
        #expect(shown.nextHazard?.direction.words == "anterior")
        #expect(shown.nextHazard?.direction.distanceMM == 20)
        // Eight of ten are without a leak; the first of them leaks at 3 mL.
        #expect(shown.volumeLeft.map(\.volumeML) == [0.8, 0.8])
        #expect(shown.warning.level == .ok)
        #expect(shown.leakedBefore.value == 0.2)
        #expect(answer.json["disclaimer"] as? String == Report.disclaimerText)
    }

    private static let refused: [(json: String, status: Int, code: FaultCode, subject: String?)] = [
        ("", 400, .requestMalformed, nil),
        ("[1]", 400, .requestMalformed, nil),
        (#"{"needles":[],"volumeSoFarML":1}"#, 400, .requestMalformed, "level"),
        (#"{"level":"L1","volumeSoFarML":1}"#, 400, .requestMalformed, "needles"),
        (#"{"level":"L1","needles":[{"tipLPSMM":[1,2,3]}]}"#, 400, .requestMalformed, "volumeSoFarML"),
        (#"{"level":"L1","needles":[],"volumeSoFarML":1}"#, 422, .parameterInvalid, "needles"),
        (
            #"{"level":"L1","needles":[{"tipLPSMM":[1,2]}],"volumeSoFarML":1}"#, 400, .requestMalformed,
            "needles[0].tipLPSMM"
        ),
        (
            #"{"level":"L1","needles":[{"tipLPSMM":[1,2,"NaN"]}],"volumeSoFarML":1}"#, 400, .requestMalformed,
            "needles[0].tipLPSMM[2]"
        ),
        (#"{"level":"L1","needles":[{"tipLPSMM":[1,2,NaN]}],"volumeSoFarML":1}"#, 400, .requestMalformed, nil),
        (
            #"{"level":"L1","needles":[{"tip":[1,2,3]}],"volumeSoFarML":1}"#, 400, .requestMalformed, "needles[0].tip"
        ),
        (
            #"{"level":"L1","needles":[{"tipLPSMM":[1,2,3]}],"volumeSoFarML":1,"leaked":true}"#, 400,
            .requestMalformed, "leaked"
        ),
        (
            #"{"level":"L1","needles":[{"tipLPSMM":[1,2,33]}],"volumeSoFarML":1}"#, 422, .parameterInvalid,
            "needles[0].tipLPSMM"
        ),
        (
            #"{"level":"L1","needles":[{"tipLPSMM":[1,2,3],"share":0.4}],"volumeSoFarML":1}"#, 422, .parameterInvalid,
            "needles"
        ),
        (reading(-1), 422, .parameterInvalid, "volumeSoFarML"),
        (reading(500), 422, .parameterInvalid, "volumeSoFarML"),
        (
            #"{"level":"L1","needles":[{"tipLPSMM":[1,2,3]}],"volumeSoFarML":1,"cement":"glue"}"#, 422,
            .parameterInvalid, "cement"
        ),
        (
            #"{"level":"L1","needles":[{"tipLPSMM":[1,2,3]}],"volumeSoFarML":1,"thresholds":{"stop":0.01}}"#, 422,
            .parameterInvalid, "thresholds.stop"
        ),
        (reading(1).replacing("L1", with: "L9"), 422, .levelUnknown, "level"),
        (reading(1).replacing("L1", with: "L3"), 422, .parameterInvalid, "level"),
    ]

    @Test(arguments: refused.indices)
    func `a reading that cannot be is refused by its field`(index: Int) throws {
        try finish(document([table]))
        let (json, status, code, subject) = Self.refused[index]
        let answer = try post(json)
        #expect(answer.status == status)
        let problem = try answer.problem()
        #expect(problem.code == code)
        #expect(problem.subject == subject)
    }

    @Test func `a needle outside is told how far`() throws {
        try finish(document([table]))
        let problem = try post(Self.reading(1).replacing("[1,2,3]", with: "[1,2,33]")).problem()
        #expect(problem.detail == "The tip of needle 1 lies 10.0 mm outside the body of L1.")
    }

    @Test func `a job that is not done, or has no table, says so`() throws {
        let early = try post(Self.reading(1))
        #expect(early.status == 409)
        #expect(try early.problem().code == .resultNotReady)
        #expect(try service.send("GET", "/v1/jobs/\(job)/rehearsal/events?level=L1").status == 409)
        let reason = "the shell that holds the cement cannot be read: slices of 5 mm"
        try finish(document([], [Omission(item: "L1", reason: reason)]))
        let none = try post(Self.reading(1))
        #expect(none.status == 404)
        #expect(try none.problem().detail.contains(reason))
        #expect(try service.send("POST", "/v1/jobs/none/rehearsal", body: Self.reading(1)).status == 404)
    }

    @Test func `an analysis that keeps no tables is told by its missing result`() throws {
        try finish(nil)
        #expect(try post(Self.reading(1)).problem().code == .resultNotFound)
    }

    @Test func `a stream needs a level, and there are only so many`() throws {
        try finish(document([table]))
        let place = "/v1/jobs/\(job)/rehearsal/events"
        #expect(try service.send("GET", place).problem().subject == "level")
        #expect(try service.send("GET", place + "?level=L7").problem().subject == "level")
        let request = try #require(HTTPRequest(method: "GET", target: place + "?level=L1"))
        var open = (0..<RehearsalChannels.followerLimit).map { _ in service.responder.respond(to: request) }
        #expect(open.allSatisfy { $0.status == 200 })
        #expect(service.responder.respond(to: request).status == 503)
        // One that was never begun gives its place back.
        open.removeLast()
        open.append(service.responder.respond(to: request))
        #expect(open.last?.status == 200)
        #expect(open.last?.headers["Content-Type"] == "text/event-stream")
    }

    @Test(arguments: ["RehearsalReading", "RehearsalReadingOfTwoNeedles"])
    func `the example readings are read as they stand`(name: String) throws {
        let request = try RehearsalRequest(json: Array(try Specification().example(name)))
        #expect(request.level == .L1)
        #expect(abs(request.query.needles.reduce(0) { $0 + $1.share } - 1) < 1e-12)
    }
}

struct RehearsalChannelTests {
    private func publish(_ volumes: [Double], on channel: RehearsalChannel) throws {
        for volume in volumes {
            let needle = GuidanceQuery.Needle(tipLPSMM: [1, 2, 3], share: 1)
            try channel.publish(
                try table.answer(GuidanceQuery(needles: [needle], volumeSoFarML: volume)), bytes: Array("{}".utf8))
        }
    }

    private func names(_ channel: RehearsalChannel, after number: Int = 0) -> [String]? {
        channel.events(after: number)?.map { $0.event.name ?? "" }
    }

    @Test func `a warning is told once for each time that a level is passed upwards`() throws {
        let channel = RehearsalChannel()
        // Within half a millilitre of a leak: at 2.7, 2.8 and 3.6; not at 1.2 and 3.2.
        try publish([1.2, 2.7, 2.8, 3.2, 3.6], on: channel)
        #expect(names(channel) == ["reading", "reading", "warning", "reading", "reading", "reading", "warning"])
        #expect(channel.events(after: 6)?.first?.event.data.contains(#""level":"stop""#) == true)
        #expect(channel.events(after: 0)?.map(\.number) == Array(1...7))
    }

    @Test func `a new follower begins with the last reading, or behind what it has seen`() throws {
        let channel = RehearsalChannel()
        #expect(channel.start(after: nil) == 0)
        #expect(channel.start(after: 9) == 0)
        try publish([1.2, 2.7], on: channel)
        #expect(names(channel, after: channel.start(after: nil)) == ["reading", "warning"])
        #expect(channel.start(after: 1) == 1)
        #expect(channel.start(after: 3) == 3)
        #expect(channel.start(after: 4) == 1)
        #expect(names(channel, after: 3) == [])
    }

    @Test func `a follower that is too far behind is told so`() throws {
        let channel = RehearsalChannel()
        try publish([Double](repeating: 1.2, count: RehearsalChannel.keptEvents + 1), on: channel)
        #expect(channel.events(after: 0) == nil)
        #expect(channel.events(after: 1)?.count == RehearsalChannel.keptEvents)
        #expect(channel.start(after: 0) == RehearsalChannel.keptEvents)
    }

    @Test func `channels that nobody follows make room for others`() throws {
        let channels = RehearsalChannels()
        let followed = try #require(channels.follow(job: "first", level: .L1))
        let idle = channels.channel(job: "second", level: .L1)
        for n in 0..<2 * RehearsalChannels.idleLimit { _ = channels.channel(job: "\(n)", level: .L1) }
        #expect(channels.channel(job: "first", level: .L1) === followed.channel)
        #expect(channels.channel(job: "second", level: .L1) !== idle)
    }
}

struct GuidanceShelfTests {
    @Test func `a document is read once, and the ones asked for last are kept`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-shelf-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("guidance.json")
        try Data(document([table])).write(to: file)
        let shelf = GuidanceShelf()
        #expect(try shelf.document(sha256: "0", file: file).tables == [table])
        for n in 1..<GuidanceShelf.limit { _ = try shelf.document(sha256: "\(n)", file: file) }
        // Asked for again, so that the next one to go is number 1.
        _ = try shelf.document(sha256: "0", file: file)
        _ = try shelf.document(sha256: "new", file: file)
        #expect(shelf.count == GuidanceShelf.limit)
        try FileManager.default.removeItem(at: file)
        #expect(try shelf.document(sha256: "0", file: file).tables == [table])
        #expect(throws: (any Error).self) { try shelf.document(sha256: "1", file: file) }
    }
}
