// The worklist's state machine (PS3.4 table CC.1.1-2), and what starts by itself.
import Domain
import Foundation
import GRDB
import Store
import Testing

@Suite struct WorkitemTests {
    let fixture: Fixture
    let store: Store
    private let performed: JSONValue

    init() throws {
        fixture = try Fixture()
        store = try fixture.open()
        let filled = JSONValue.object(["vr": .text("SQ")])
        let tags = ["00404019", "00404028", "00404033", "00404050", "00404051"]
        performed = .object([
            "vr": .text("SQ"),
            "Value": .list([.object(Dictionary(uniqueKeysWithValues: tags.map { ($0, filled) }))]),
        ])
    }

    private func order(
        _ uid: String? = "1.9", _ name: String = "ANNA", input: WorkitemOrder.Input? = nil, owner: String? = nil
    ) -> WorkitemOrder {
        WorkitemOrder(
            uid: uid,
            attributes: [
                "00100010": .object([
                    "vr": .text("PN"), "Value": .list([.object(["Alphabetic": .text(name)])]),
                ])
            ], input: input,
            request: input.map { _ in AnalysisRequest(study: "", analysis: "segment", targets: []) }, owner: owner)
    }

    private func conflict(_ body: () throws -> Void) -> WorkitemConflict? {
        if case .workitemConflict(let conflict) = storeError(body) { conflict } else { nil }
    }

    private func state(_ uid: String = "1.9") throws -> Workitem.State? { try store.workitems.find(uid)?.state }

    @Test func `a workitem is claimed, updated and completed by the one who holds its Transaction UID`() throws {
        #expect(try store.workitems.create(order()).state == .scheduled)
        #expect(storeError { _ = try store.workitems.create(order()) } == .workitemExists(uid: "1.9"))
        #expect(try store.workitems.change("1.9", to: .inProgress, transaction: "2.1"))
        #expect(conflict { try store.workitems.update("1.9", [:], transaction: nil) } == .transactionMissing)
        #expect(conflict { try store.workitems.update("1.9", [:], transaction: "2.2") } == .transactionIncorrect)
        #expect(
            conflict { _ = try store.workitems.change("1.9", to: .completed, transaction: "2.1") } == .resultsMissing)
        try store.workitems.update("1.9", ["00741216": performed], transaction: "2.1")
        #expect(
            conflict { _ = try store.workitems.change("1.9", to: .completed, transaction: "2.2") }
                == .transactionIncorrect)
        #expect(try store.workitems.change("1.9", to: .completed, transaction: "2.1"))
        #expect(try state() == .completed)
        #expect(try !store.workitems.change("1.9", to: .completed, transaction: "2.1"))
    }

    @Test func `what the state does not allow is a conflict`() throws {
        _ = try store.workitems.create(order())
        for end in [Workitem.State.completed, .canceled] {
            #expect(
                conflict { _ = try store.workitems.change("1.9", to: end, transaction: "2.1") } == .stateInconsistent)
        }
        #expect(conflict { try store.workitems.update("1.9", [:], transaction: "2.1") } == .stateInconsistent)
        _ = try store.workitems.change("1.9", to: .inProgress, transaction: "2.1")
        #expect(
            conflict { _ = try store.workitems.change("1.9", to: .inProgress, transaction: "2.2") }
                == .stateInconsistent)
        #expect(conflict { _ = try store.workitems.requestCancel("1.9", [:]) } == .performerUnreachable)
        _ = try store.workitems.change("1.9", to: .canceled, transaction: "2.1")
        #expect(
            conflict { _ = try store.workitems.change("1.9", to: .completed, transaction: "2.1") } == .stateInconsistent
        )
        #expect(conflict { try store.workitems.update("1.9", [:], transaction: "2.1") } == .stateInconsistent)
        #expect(try !store.workitems.requestCancel("1.9", [:]))
        #expect(
            storeError { try store.workitems.update("1.8", [:], transaction: nil) } == .workitemNotFound(uid: "1.8"))
    }

    @Test func `what nobody claimed is cancelled on request, with the reason`() throws {
        let made = try store.workitems.create(order(nil))
        #expect(made.uid.hasPrefix("2.25.") && InstanceHeader.isUID(made.uid))
        #expect(try store.workitems.requestCancel(made.uid, ["00741238": .object(["vr": .text("LT")])]))
        let item = try #require(try store.workitems.find(made.uid))
        #expect(item.state == .canceled && item.content.contains("00741238") && item.content.contains("CANCELED"))
    }

    /// A study of one complete series, as a push leaves it.
    private func completeSeries(_ study: String, owner: String? = nil) throws {
        let incoming = IncomingInstance(
            header: InstanceHeader(
                studyUID: study, seriesUID: study + ".1", sopUID: study + ".1.1",
                sopClassUID: InstanceHeader.ctImageStorage, transferSyntaxUID: "1.2.840.10008.1.2.1",
                studyAttributes: "{}", seriesAttributes: "{}", metadata: "{}"), blob: try store.upload(study))
        try store.instances.insert([incoming], quietSeconds: 0, owner: owner) { _, _ in false }
        let series = try #require(try store.arrivals.nextComplete())
        try store.arrivals.complete(series, contents: someContents, rule: nil, request: nil, fault: nil)
    }

    @Test func `an analysis of a series that is there starts at once, and its job is the state`() throws {
        try completeSeries("1.2")
        let item = try store.workitems.create(order(input: .init(study: "1.2", series: "1.2.1")))
        #expect(item.state == .inProgress)
        #expect(
            conflict { _ = try store.workitems.change("1.9", to: .inProgress, transaction: "2.1") }
                == .stateInconsistent)
        #expect(conflict { try store.workitems.update("1.9", [:], transaction: "2.1") } == .transactionIncorrect)
        let claim = try #require(try store.claim())
        #expect(claim.job.id == item.jobID && claim.job.request.analysis == "segment")
        try store.jobs.finish(claim.lease, artifacts: [])
        #expect(try state() == .completed)
        #expect(conflict { _ = try store.workitems.requestCancel("1.9", [:]) } == .alreadyCompleted)
    }

    @Test func `one that waits for its series starts with it, and a request stops it`() throws {
        let input = WorkitemOrder.Input(study: "1.2", series: nil)
        #expect(try store.workitems.create(order(input: input)).state == .scheduled)
        _ = try store.workitems.create(order("1.8", input: .init(study: "1.2", series: "1.2.7")))
        _ = try store.workitems.create(order("1.7", input: input, owner: "another"))
        try completeSeries("1.2")
        #expect(try ["1.9", "1.8", "1.7"].map { try state($0) } == [.inProgress, .scheduled, .scheduled])
        #expect(try store.workitems.requestCancel("1.9", [:]))
        #expect(try state() == .canceled)
        #expect(try store.jobs.list(limit: 10).map(\.state) == [.cancelled])
    }

    @Test func `a failed job cancels its workitem, and the study takes its workitems with it`() throws {
        try completeSeries("1.2")
        _ = try store.workitems.create(order(input: .init(study: "1.2", series: nil)))
        try store.jobs.fail(try #require(try store.claim()).lease, outOfMemory, retryable: false)
        #expect(try state() == .canceled)
        try store.instances.delete(study: "1.2")
        #expect(try state() == nil)
    }

    @Test func `the worklist is searched by attributes, also inside sequences, by state and by owner`() throws {
        _ = try store.workitems.create(order("1.1", "ANNA", owner: "a"))
        _ = try store.workitems.create(order("1.2", "BERTA", owner: "b"))
        try store.workitems.update(
            "1.2", ["00404018": .object(["vr": .text("SQ"), "Value": .list([.object(["00080100": Self.code])])])],
            transaction: nil)
        _ = try store.workitems.change("1.2", to: .inProgress, transaction: "2.1")
        func found(_ sequence: String?, _ tag: String, _ value: String) throws -> Int {
            var query = WorkitemQuery()
            query.matches = [.init(sequence: sequence, .init(tag: tag, test: .pattern(value)))]
            return try store.workitems.search(query).count
        }
        #expect(try found(nil, "00100010", "*a") == 2)
        #expect(try found(nil, "00100010", "ber*") == 1)
        #expect(try found(nil, "00741000", "IN PROGRESS") == 1)
        #expect(try found("00404018", "00080100", "seg*") == 1)
        #expect(try found("00404018", "00080100", "other") == 0)
        var query = WorkitemQuery()
        query.owner = "b"
        #expect(try store.workitems.search(query).map { $0.contains("BERTA") } == [true])
    }

    private static let code = JSONValue.object(["vr": .text("SH"), "Value": .list([.text("segment")])])
}
