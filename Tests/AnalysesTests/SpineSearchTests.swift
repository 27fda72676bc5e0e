// The analysis that needs no targets: what it takes, what it refuses.
import Domain
import Foundation
import Imaging
import Segmentation
import Testing

@testable import Analyses

@Suite struct LevelAnchorTests {
    @Test func `an anchor is a level and a point, as an object or a text`() throws {
        let object: ParameterValue = .object([
            "level": .text("L1"), "point": .list([.number(1), .number(-2.5), .number(300)]),
        ])
        for value in [object, .text("1,-2.5,300:L1")] {
            let seed = try #require(try LevelAnchor(value)).seed
            #expect(seed.level == .L1)
            #expect(seed.pointMM == [1, -2.5, 300])
        }
        #expect(try LevelAnchor(nil) == nil)
    }

    @Test func `anything else is refused`() {
        let point: JSONValue = .list([.number(1), .number(2), .number(3)])
        let refused: [ParameterValue] = [
            .flag(true), .number(1), .text("L1"), .text("1,2:L1"), .text("1,2,x:L1"), .text("1,2,3:L6"),
            .text("1,2,3:S1"),
            .text("1,2,nan:L1"), .object([:]), .object(["level": .text("L1")]),
            .object(["level": .text("L9"), "point": point]), .object(["level": .number(1), "point": point]),
            .object(["level": .text("L1"), "point": .list([.number(1), .number(2)])]),
            .object(["level": .text("L1"), "point": .list([.number(1), .number(2), .text("3")])]),
            .object(["level": .text("L1"), "point": point, "colour": .text("red")]),
        ]
        for value in refused { #expect(throws: AnalysisError.self, "\(value)") { try LevelAnchor(value) } }
    }
}

@Suite struct SpineSearchTests {
    private let series = SeriesSummary(
        id: "1.2.3", modality: "CT", sizeVoxels: [50, 50, 50], spacingMM: [1, 1, 1], originLPSMM: [0, 0, 0],
        axesLPS: [1, 0, 0, 0, 1, 0, 0, 0, 1], sliceThicknessMM: 1, scanner: nil, unusable: nil)

    @Test func `without its network it says what is missing before anything is read`() throws {
        let request = AnalysisRequest(study: "s", analysis: "segment", targets: [])
        #expect(throws: AnalysisError.modelMissing("osteon-locator")) {
            try AnalysisCatalog().check(request, series: series, maskLabels: nil)
        }
        #expect(AnalysisError.modelMissing("osteon-locator").code == .modelUnknown)
    }

    @Test func `it is listed as an analysis that takes no targets`() throws {
        let description = try AnalysisCatalog().analysis(named: "segment").description
        #expect(description.targets == .none)
        #expect(description.parameters.map(\.name) == ["anchor"])
    }
}
