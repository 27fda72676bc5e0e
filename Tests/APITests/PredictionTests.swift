// What a prediction takes from reports of each schema.
import Domain
import Foundation
import Testing

@Suite struct PredictionTests {
    private func read(_ json: String, level: VertebralLevel = .L1) throws -> Prediction? {
        Prediction(
            report: try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8)), level: level,
            reportSHA256: "abc", featuresSHA256: nil)
    }

    private static let second = """
        {"schema":"osteon.report/2","analysis":{"name":"digital-biopsy","version":"1.2"},
        "provenance":{"version":"0.1.0","models":["leakage-evidence 1.0"]},
        "vertebrae":[{"level":"T12"},{"level":"L1",
          "morphometry":{"measurements":[{"name":"bodyVolume","value":31,"unit":"mL","source":"x"}],
            "fracture":{"compression":0.25,"genantGrade":2},
            "cortex":{"walls":[{"name":"anteriorCorticalMass","value":900,"unit":"HU mm"}],"gaps":[{},{}]}},
          "risk":{"baseline":{"procedure":"PVP","ascertainment":"CT"},
            "any":{"probability":0.4,"contributions":[{"predictor":"intercept","logOdds":-0.5}]},
            "types":[{"type":"I","estimate":{"probability":0.1}},{"type":"III","estimate":{"probability":0.2}}]},
          "leakageMap":{"method":"geometric",
            "quadrants":[{"quadrant":"PL","score":0.2},{"quadrant":"AL","score":0.6},{"quadrant":"AR","score":0.2},
              {"quadrant":"PR","score":0}],
            "exits":[{"exit":"anterior","score":0.1},{"exit":"posterior","score":0.3}]},
          "recommendation":{"volumeRangeML":[3.5,4.5],"hardLimitML":6}}]}
        """

    @Test func `a report of schema 2 gives evidence, the geometric map and what was measured`() throws {
        let prediction = try #require(try read(Self.second))
        #expect(prediction.reportSchema == "osteon.report/2" && prediction.models == ["leakage-evidence 1.0"])
        #expect(prediction.procedure == "PVP" && prediction.ascertainment == "CT")
        #expect(prediction.evidence == LeakageProbabilities(any: 0.4, types: ["I": 0.1, "III": 0.2]))
        #expect(prediction.rehearsal == LeakageProbabilities() && prediction.combined == LeakageProbabilities())
        #expect(prediction.mapMethod == "geometric")
        #expect(prediction.quadrants.map(\.place) == ["AL", "AR", "PL", "PR"])
        #expect(prediction.quadrants.map(\.rank) == [1, 2, 2, 4])
        #expect(prediction.exits.map(\.place) == ["posterior", "anterior"])
        #expect(prediction.recommendedVolumeML == [3.5, 4.5] && prediction.hardLimitML == 6)
        #expect(
            prediction.measured.map(\.name)
                == ["anteriorCorticalMass", "bodyVolume", "compression", "corticalGaps", "genantGrade"])
        #expect(prediction.measured.map(\.value) == [900, 31, 0.25, 2, 2])
        #expect(prediction.contributions == ["intercept": -0.5])
    }

    @Test func `what a report lacks or has in another form is left out`() throws {
        let bare = try #require(try read(Self.second, level: .T12))
        #expect(bare.evidence.any == nil && bare.quadrants.isEmpty && bare.measured.isEmpty)
        #expect(try read(Self.second, level: .L5) == nil)
        #expect(try read("[]") == nil)
        let odd = try #require(
            try read(
                #"{"vertebrae":[{"level":"L1","risk":{"any":{"probability":7}},"leakageMap":[1],"recommendation":{"volumeRangeML":[1,"x"]}}]}"#
            ))
        #expect(odd.reportSchema == "unknown" && odd.evidence.any == nil && odd.recommendedVolumeML == nil)
    }
}
