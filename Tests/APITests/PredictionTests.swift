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

    private static let third = """
        {"schema":"osteon.report/3","analysis":{"name":"digital-biopsy","version":"2.0"},"provenance":{"version":"0.1.0","models":[]},
        "vertebrae":[{"level":"L1",
          "morphometry":{"measurements":[],"cleft":{"extents":[{"name":"cleftVolume","value":1.5,"unit":"mL","source":"x"}]}},
          "risk":{"any":{"probability":0.4},"anyRehearsal":{"simulatedProbability":0.62,"interval95":[0.5,0.7],"runs":200},
            "anyCombined":{"probability":0.45,"interval95":[0.3,0.6],"agreement":"agree"},
            "types":[{"type":"IV","estimate":{"probability":0.2},"rehearsal":{"simulatedProbability":0},
              "combined":{"probability":0.11}},{"type":"I","estimate":{"probability":0.3}}]},
          "rehearsal":{"plannedVolumeML":4.5,"approach":"bilateral","cement":{"name":"medium"},"runs":200},
          "leakageMap":{"method":"rehearsal",
            "quadrants":[
              {"quadrant":"AL","rank":2,"score":0.5,"simulated":{"probabilityAtPlannedVolume":0.3}},
              {"quadrant":"PL","rank":1,"score":0.5,"simulated":{"probabilityAtPlannedVolume":0.2}}],
            "exits":[{"exit":"posterior","rank":1,"score":0.3}]}}]}
        """

    @Test func `a report of schema 3 gives rehearsal and combined probabilities, the plan and the map's own ranks`()
        throws
    {
        let prediction = try #require(try read(Self.third))
        #expect(prediction.evidence == LeakageProbabilities(any: 0.4, types: ["I": 0.3, "IV": 0.2]))
        #expect(prediction.rehearsal == LeakageProbabilities(any: 0.62, types: ["IV": 0]))
        #expect(prediction.combined == LeakageProbabilities(any: 0.45, types: ["IV": 0.11]))
        #expect(
            prediction.plan
                == RehearsedPlan(volumeML: 4.5, approach: "bilateral", cement: "medium", runs: 200))
        #expect(prediction.mapMethod == "rehearsal" && prediction.quadrants.map(\.place) == ["PL", "AL"])
        #expect(prediction.quadrants.map(\.probability) == [0.2, 0.3] && prediction.exits[0].probability == nil)
        #expect(prediction.measured == [MeasuredValue(name: "cleftVolume", value: 1.5, unit: "mL")])
    }

    /// A vertebra as the report's own types write it: a renamed field would be missed here.
    private struct Written: Encodable {
        struct Vertebra: Encodable {
            let level = VertebralLevel.L1
            let risk: RiskSection
            let leakageMap: LeakageMapSection
        }
        let vertebrae: [Vertebra]
    }

    @Test func `what the report's own types write is read`() throws {
        func estimate(_ probability: Double) -> ProbabilitySection {
            ProbabilitySection(
                probability: probability, interval95: [0, 1], band: "low", baseline: 0.3,
                contributions: [
                    ContributionSection(
                        predictor: "intercept", value: "", known: "measured", oddsRatio: nil, interval95: nil,
                        logOdds: -0.5, source: "")
                ])
        }
        let simulated = SimulatedLeakageSection(
            simulatedProbability: 0.6, interval95: [0, 1], leakingRuns: 12, runs: 20)
        let combined = CombinedLeakageSection(probability: 0.45, interval95: [0, 1], agreement: "agree")
        var type = TypedProbabilitySection(type: "II", definition: "", evidence: "", estimate: estimate(0.2))
        (type.rehearsal, type.combined) = (simulated, combined)
        var risk = RiskSection(
            model: "", method: "",
            baseline: BaselineSection(procedure: "PVP", ascertainment: "CT", probability: 0.3, source: ""),
            any: estimate(0.4), types: [type], shrinkage: 1, draws: 1, seed: 1, limits: [])
        (risk.anyRehearsal, risk.anyCombined) = (simulated, combined)
        let leak = SimulatedLeakSection(
            probabilityAtPlannedVolume: 0.25, interval95: [0, 1],
            firstLeak: FirstLeakSection(in5PercentOfRunsML: 1, in50PercentOfRunsML: nil, in95PercentOfRunsML: nil))
        let map = LeakageMapSection(
            method: "rehearsal", explanation: "", fallback: nil,
            quadrants: [QuadrantSection(quadrant: "AR", rank: 1, score: 0.7, gapCount: 1, simulated: leak)],
            sectors: [],
            exits: [
                ExitSection(
                    exit: "anterior", rank: 1, score: 0.7, gapCount: 1, gapAreaMM2: 4, leakageTypes: ["II"], hazard: "",
                    simulated: leak, rehearsed: nil)
            ], beams: [], notes: [])
        let json = try JSONEncoder().encode(Written(vertebrae: [.init(risk: risk, leakageMap: map)]))
        let prediction = try #require(try read(String(decoding: json, as: UTF8.self)))
        #expect(prediction.evidence == LeakageProbabilities(any: 0.4, types: ["II": 0.2]))
        #expect(prediction.rehearsal == LeakageProbabilities(any: 0.6, types: ["II": 0.6]))
        #expect(prediction.combined == LeakageProbabilities(any: 0.45, types: ["II": 0.45]))
        #expect(prediction.contributions == ["intercept": -0.5] && prediction.procedure == "PVP")
        #expect(prediction.quadrants == [RankedPlace(place: "AR", rank: 1, score: 0.7, probability: 0.25)])
        #expect(prediction.exits == [RankedPlace(place: "anterior", rank: 1, score: 0.7, probability: 0.25)])
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
