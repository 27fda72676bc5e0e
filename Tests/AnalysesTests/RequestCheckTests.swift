// What a request for an analysis may be.
import Analyses
import Domain
import Testing

private let series = SeriesSummary(
    id: "1.2.3", modality: "CT", sizeVoxels: [100, 100, 50], spacingMM: [1, 1, 2], originLPSMM: [-50, -50, 0],
    axesLPS: [1, 0, 0, 0, 1, 0, 0, 0, 1], sliceThicknessMM: 2)

private func request(
    analysis: String = "digital-biopsy", targets: [Target] = [Target(level: .L1, seedLPSMM: [0, 0, 40])],
    parameters: [String: ParameterValue] = [:]
) -> AnalysisRequest {
    AnalysisRequest(study: "s", analysis: analysis, targets: targets, parameters: parameters)
}

private func fault(
    _ request: AnalysisRequest, series: SeriesSummary = series, maskLabels: [Int]? = nil
) -> AnalysisError? {
    do {
        try AnalysisCatalog().check(request, series: series, maskLabels: maskLabels)
        return nil
    } catch {
        return error
    }
}

@Suite struct RequestCheckTests {
    @Test func `a seed inside the scan passes`() {
        #expect(fault(request()) == nil)
    }

    @Test func `an unknown analysis is refused with the known ones`() {
        let error = fault(request(analysis: "horoscope"))
        #expect(error?.code == .analysisUnknown)
        #expect(error?.fix.contains("digital-biopsy") == true)
    }

    @Test func `a seed outside the scan is refused with its voxel`() {
        let error = fault(request(targets: [Target(level: .L1, seedLPSMM: [0, 0, 400])]))
        #expect(error == .seedOutside(.L1, pointMM: [0, 0, 400], index: [50, 50, 200], size: [100, 100, 50]))
        #expect(error?.subject == "targets.L1")
    }

    @Test func `half a voxel beyond the last centre is still inside, more is not`() {
        #expect(fault(request(targets: [Target(level: .L1, seedLPSMM: [49.4, 0, 40])])) == nil)
        #expect(fault(request(targets: [Target(level: .L1, seedLPSMM: [49.6, 0, 40])]))?.code == .seedOutsideImage)
    }

    @Test func `a level named twice is refused`() {
        let twice = [Target(level: .L1, seedLPSMM: [0, 0, 40]), Target(level: .L1, seedLPSMM: [0, 0, 80])]
        #expect(fault(request(targets: twice)) == .targetTwice(.L1))
    }

    @Test func `a target without a place says what would be one`() {
        #expect(fault(request(targets: [Target(level: .L2)]))?.fix.contains("seedLPSMM") == true)
        #expect(fault(request(targets: [Target(level: .L2)]), maskLabels: [1])?.fix.contains("label") == true)
        #expect(fault(request(targets: []), maskLabels: [1])?.code == .targetMissing)
    }

    @Test func `without targets and label map the network that finds the spine is needed`() {
        #expect(fault(request(targets: [])) == .modelMissing("osteon-locator"))
    }

    @Test func `a label that the mask does not hold is refused with those it holds`() {
        let error = fault(request(targets: [Target(level: .L1, label: 31)]), maskLabels: [27, 28])
        #expect(error == .labelAbsent(.L1, label: 31, present: [27, 28]))
    }

    @Test func `an MR series is refused by an analysis of CT`() {
        var mr = series
        mr.modality = "MR"
        #expect(fault(request(), series: mr)?.code == .modalityNotCT)
    }

    @Test(arguments: [
        ("voxels", ParameterValue.number(1)), ("procedure", .text("PXP")), ("procedure", .number(1)),
        ("binWidth", .number(25)), ("draws", .number(0)), ("intravertebralCleft", .text("yes")),
    ])
    func `a setting that is unknown or out of its range is refused by name`(name: String, value: ParameterValue) {
        let error = fault(request(parameters: [name: value]))
        #expect(error?.code == .parameterInvalid)
        #expect(error?.subject == "parameters.\(name)")
    }

    @Test func `a seed in air is refused, one in osteoporotic marrow is not`() {
        #expect(throws: AnalysisError.seedNotInBone(.L1, medianHU: -900)) {
            try Targets.checkSeed(.L1, surroundingHU: [-1000, -900, -800])
        }
        #expect(throws: Never.self) { try Targets.checkSeed(.L1, surroundingHU: [-40, -20, 10]) }
    }

    @Test func `every default of a setting is a value that the setting allows`() throws {
        for analysis in AnalysisCatalog().all {
            let descriptions = analysis.description.parameters
            let defaults = Dictionary(
                uniqueKeysWithValues: descriptions.compactMap { setting in
                    setting.defaultValue.map { (setting.name, $0) }
                })
            #expect(try Parameters.resolve(defaults, by: descriptions) == defaults)
        }
    }
}
