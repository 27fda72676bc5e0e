// A digital biopsy without targets: what the request may wish for, and what becomes of each vertebra that was found.
import Domain
import Imaging
import Testing

@testable import Analyses
@testable import Segmentation

@Suite struct TargetRequestTests {
    private func request(_ parameters: [String: ParameterValue]) throws -> TargetRequest {
        try TargetRequest(parameters)
    }

    @Test func `levels are a list or a text, in any order, once each`() throws {
        let list = try request(["levels": .list([.text("L1"), .text("T12"), .text("L1")])])
        #expect(list.levels == [.T12, .L1])
        #expect(try request(["levels": .text("unknown-2, L1")]).levels == [.L1, .unknown(2)])
        #expect(try request([:]).levels.isEmpty)
    }

    @Test func `what is no level of a vertebra is refused`() {
        let refused: [ParameterValue] = [
            .number(1), .flag(true), .text(""), .text("L6"), .text("S1"), .text("unknown-0"), .text("unknown-1x"),
            .list([]), .list([.number(20)]), .object([:]),
        ]
        for value in refused {
            #expect(throws: AnalysisError.self, "\(value)") { try request(["levels": value]) }
        }
    }

    @Test func `levels and anchor go without targets only`() throws {
        #expect(throws: Never.self) { try request(["rehearse": .text("all")]).requireNoTargets() }
        for parameters: [String: ParameterValue] in [["levels": .text("L1")], ["anchor": .text("1,2,3:L1")]] {
            #expect(throws: AnalysisError.self) { try request(parameters).requireNoTargets() }
        }
    }
}

@Suite struct BiopsyTargetsTests {
    /// T12 cut, L1 accepted, L2 to be reviewed, L3 without a body, L4 accepted.
    private let spine = FoundSpine(
        vertebrae: [
            found(.T12, isWhole: false, "The vertebra is cut by the border of the scan."), found(.L1),
            found(.L2, "Its body is torn."), found(.L3, hasBody: false, "No plausible body was found."), found(.L4),
        ],
        readings: [LevelReading(anchor: .sacrum, position: 4, level: .L4, finding: "…")], namingReasons: [],
        warnings: []
    )

    private static func found(
        _ level: VertebralLevel, isWhole: Bool = true, hasBody: Bool = true, _ reason: String? = nil
    ) -> FoundVertebra {
        let geometry = Geometry(size: Index3(x: 2, y: 2, z: 2), spacingMM: [1, 1, 1], originMM: [0, 0, 0])
        let frame = VertebralFrame(originMM: [0, 0, 0], x: [1, 0, 0], y: [0, -1, 0], z: [0, 0, 1])
        var review = VertebraReview(noBody: "")
        review.reasons = reason.map { [$0] } ?? []
        return FoundVertebra(
            level: level, levelConfidence: 0.8, centreMM: [0, 0, 0],
            shape: hasBody
                ? FoundVertebra.Shape(
                    parts: LabelMap(geometry: geometry), lowerIndex: Index3(x: 0, y: 0, z: 0), frame: frame,
                    isWhole: isWhole) : nil, quality: SpineSegmentation.Quality(), review: review)
    }

    @Test func `without a wish every accepted vertebra is a target, and each other one is told with its reason`() throws
    {
        let targets = BiopsyTargets(spine, try TargetRequest([:]))
        #expect(targets.vertebrae.map(\.level) == [.L1, .L4])
        #expect(targets.targets.allSatisfy { $0.naming.name == "sacrum" && $0.naming.confidence == 0.8 })
        #expect(targets.neighbours.isEmpty)
        #expect(targets.omissions.map(\.item) == ["T12", "L2", "L3"])
        #expect(targets.omissions[0].reason.contains("cut"))
        #expect(targets.omissions[1].reason.contains("torn") && targets.omissions[1].reason.contains("levels"))
        #expect(targets.omissions[2].reason.contains("No plausible body"))
    }

    @Test func `a vertebra that needs review is a target when it is named, one that is cut never`() throws {
        let targets = BiopsyTargets(spine, try TargetRequest(["levels": .text("T12,L2,L5")]))
        #expect(targets.vertebrae.map(\.level) == [.L2])
        #expect(targets.targets[0].review.needsReview && targets.targets[0].review.isOverruled)
        #expect(targets.neighbours.map(\.level) == [.L1, .L4])
        #expect(targets.omissions.map(\.item) == ["T12", "L5"])
        #expect(targets.omissions[1].reason.contains("not found in this scan"))
    }

    @Test func `an unknown level is named by nobody`() throws {
        let spine = FoundSpine(
            vertebrae: [Self.found(.unknown(1))], readings: [], namingReasons: ["No sacrum."], warnings: [])
        let targets = BiopsyTargets(spine, try TargetRequest([:]))
        #expect(targets.targets.map(\.naming.name) == ["nobody"])
        #expect(targets.vertebrae.map(\.level.rawValue) == ["unknown-1"])
    }
}

@Suite struct VertebralLevelTests {
    @Test func `levels have their names and values, unknown ones their numbers`() {
        #expect(VertebralLevel.allCases.count == 25)
        #expect(VertebralLevel.allCases.map(\.labelValue) == Array(1...25))
        #expect(VertebralLevel.T10.rawValue == "T10" && VertebralLevel.S1.rawValue == "S1")
        #expect(VertebralLevel(rawValue: "unknown-12")?.labelValue == 112)
        #expect(VertebralLevel(labelValue: 112) == .unknown(12))
        #expect(VertebralLevel(named: "unknown-12") == nil)
        for text in ["", "L6", "l1", "unknown-", "unknown-0", "unknown-01", "unknown-100", "unknown-+1"] {
            #expect(VertebralLevel(rawValue: text) == nil, "\(text)")
        }
        for value: UInt16 in [0, 26, 100, 200] { #expect(VertebralLevel(labelValue: value) == nil) }
    }
}
