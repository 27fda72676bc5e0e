// What a request may ask of the rehearsal.
import Analyses
import Domain
import Testing

@Suite struct RehearsalRequestTests {
    private func fault(
        _ parameters: [String: ParameterValue], targets: [VertebralLevel] = [.L1]
    ) -> AnalysisError? {
        do {
            try AnalysisCatalog().analysis(named: "digital-biopsy").check(parameters, targets: targets)
            return nil
        } catch {
            return error
        }
    }

    private static func points(_ points: [[Double]]) -> JSONValue {
        .list(points.map { .list($0.map { .number($0) }) })
    }

    @Test func `a plan with cement, volume, approach and needles is taken`() {
        let tips: ParameterValue = .object([
            "L1": Self.points([[1, 2, 3], [4, 5, 6]]), "L2": Self.points([[1, 2, 3], [7, 8, 9]]),
        ])
        #expect(
            fault(
                [
                    "cement": .text("high-viscosity"), "plannedVolumeML": .number(4), "approach": .text("bilateral"),
                    "needleTipsLPSMM": tips, "rehearsalRuns": .number(20), "leakThreshold": .number(0.1),
                ], targets: [.L1, .L2]) == nil)
        #expect(fault(["needleTipsLPSMM": .text("1, 2,3; 4,5,6")]) == nil)
    }

    @Test(arguments: [
        ("plannedVolumeML", ParameterValue.number(-3)), ("plannedVolumeML", .number(0)),
        ("plannedVolumeML", .number(60)), ("cement", .text("chewing-gum")), ("approach", .text("anterior")),
        ("rehearsalRuns", .number(-1)), ("leakThreshold", .number(1.5)), ("needleTipsLPSMM", .number(4)),
        ("needleTipsLPSMM", .text("1,2")), ("needleTipsLPSMM", .text("1,2,x")), ("needleTipsLPSMM", .text("1,2,nan")),
        ("needleTipsLPSMM", .text("1,2,3; 4,5,6; 7,8,9")), ("densitySlope", .number(0.75)),
        ("densitySlope", .number(75)),
    ])
    func `a plan that cannot be is refused by the name of its setting`(name: String, value: ParameterValue) {
        let error = fault([name: value])
        #expect(error?.code == .parameterInvalid)
        #expect(error?.subject == "parameters.\(name)")
        #expect(error?.detail.isEmpty == false && error?.fix.isEmpty == false)
    }

    @Test func `an unknown cement is refused with the known ones`() {
        #expect(fault(["cement": .text("chewing-gum")])?.fix.contains("high-viscosity") == true)
    }

    @Test func `needle tips are refused by the vertebra that they are for`() {
        func subject(_ tips: [String: JSONValue], _ targets: [VertebralLevel] = [.L1]) -> String? {
            fault(["needleTipsLPSMM": .object(tips)], targets: targets)?.subject
        }
        #expect(subject(["L9": Self.points([[1, 2, 3]])]) == "parameters.needleTipsLPSMM.L9")
        #expect(subject(["L2": Self.points([[1, 2, 3]])]) == "parameters.needleTipsLPSMM.L2")
        #expect(subject(["L1": Self.points([])]) == "parameters.needleTipsLPSMM.L1")
        #expect(subject(["L1": .text("here")]) == "parameters.needleTipsLPSMM.L1")
        #expect(
            fault(["needleTipsLPSMM": .text("1,2,3")], targets: [.L1, .L2])?.detail.contains("names no vertebra")
                == true)
    }

    @Test func `an approach has its own number of needles, and a cement its viscosity`() {
        #expect(
            fault(["approach": .text("left"), "needleTipsLPSMM": .text("1,2,3; 4,5,6")])?.subject
                == "parameters.needleTipsLPSMM")
        #expect(
            fault(["approach": .text("bilateral"), "needleTipsLPSMM": .text("1,2,3")])?.detail.contains("2 needles")
                == true)
        #expect(
            fault(["cement": .text("low-viscosity"), "cementViscosity": .text("high")])?.subject == "parameters.cement")
        #expect(fault(["cement": .text("medium-viscosity"), "cementViscosity": .text("high")]) == nil)
    }

    @Test func `a calibration has both of its numbers`() {
        #expect(fault(["densitySlope": .number(0.75), "densityInterceptMGPerCM3": .number(12)]) == nil)
        #expect(fault(["densityInterceptMGPerCM3": .number(12)])?.detail.contains("densitySlope") == true)
    }

    @Test func `two vertebrae cannot be the same label`() {
        let series = SeriesSummary(
            id: "1.2.3", modality: "CT", sizeVoxels: [100, 100, 50], spacingMM: [1, 1, 1], originLPSMM: [0, 0, 0],
            axesLPS: [1, 0, 0, 0, 1, 0, 0, 0, 1], sliceThicknessMM: 1)
        #expect(throws: AnalysisError.labelTwice(.L1, .L2, label: 31)) {
            try Targets.check(
                [Target(level: .L1, label: 31), Target(level: .L2, label: 31)], series: series, maskLabels: [31])
        }
    }
}
