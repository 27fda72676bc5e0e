// The rules that choose what a pushed series starts.
import Analyses
import Domain
import Testing
@testable import Worker

@Suite struct SeriesRulesTests {
    static let text = """
        rules:
          - name: thin spine
            studyDescription: ["*spine*", "*LWS*"]
            seriesDescription: "*bone*"
            sliceThicknessMM: {atLeast: 0.3, atMost: 1.5}
            slices: {atLeast: 20}
            start:
              analysis: digital-biopsy
              parameters: {plannedVolumeML: 4, denoise: median}
              targets: [{level: L1, seedLPSMM: [1, 2, -3.5]}]
          - name: other
            sliceThicknessMM: {atMost: 5}
            start: {analysis: digital-biopsy, targets: [{level: L2, seedLPSMM: [0, 0, 0]}]}
        """
    private let rules: SeriesRules

    init() throws { rules = try SeriesRules(yaml: Self.text, catalog: AnalysisCatalog()) }

    private func rule(_ study: String, _ series: String, mm: Double?, slices: Int) -> String? {
        let summary = SeriesSummary(
            id: "1", modality: "CT", sizeVoxels: [9, 9, slices], spacingMM: [1, 1, 1], originLPSMM: [0, 0, 0],
            axesLPS: [], sliceThicknessMM: mm)
        let attributes = """
            {"00081030":{"vr":"LO","Value":["\(study)"]},"0008103E":{"vr":"LO","Value":["\(series)"]}}
            """
        return rules.first(for: RuledSeries(summary, attributes: attributes))?.name
    }

    @Test func `the first rule whose every condition holds is taken`() {
        #expect(rule("CT Spine lumbar", "axial BONE", mm: 1, slices: 20) == "thin spine")
        #expect(rule("ct lws", "bone", mm: nil, slices: 300) == "thin spine")
        #expect(rule("CT Spine", "axial bone", mm: 3, slices: 20) == "other")
        #expect(rule("CT Spine", "soft", mm: 1, slices: 20) == "other")
        #expect(rule("CT Spine", "bone", mm: 1, slices: 19) == "other")
        #expect(rule("CT Spine", "bone", mm: 6, slices: 99) == nil)
    }

    @Test func `what a rule starts is read as it stands`() throws {
        let request = try #require(rules.all.first).request
        #expect(request.analysis == "digital-biopsy")
        #expect(request.parameters == ["plannedVolumeML": .number(4), "denoise": .text("median")])
        #expect(request.targets == [Target(level: .L1, seedLPSMM: [1, 2, -3.5])])
    }

    @Test func `without a file nothing is started`() {
        #expect(SeriesRules.none.all.isEmpty)
    }

    @Test(arguments: [
        ("rules:\n  - {start: {analysis: digital-biopsy}}", "rules[0].name"),
        ("rules:\n  - {name: a}", "rules[0].start"),
        ("rules:\n  - {name: a, when: b, start: {analysis: digital-biopsy}}", "rules[0].when"),
        ("rules:\n  - {name: a, slices: 3, start: {analysis: digital-biopsy}}", "rules[0].slices"),
        (
            "rules:\n  - {name: a, slices: {atLeast: 9, atMost: 2}, start: {analysis: digital-biopsy}}",
            "rules[0].slices"
        ),
        (
            "rules:\n  - {name: a, start: {analysis: digital-biopsy, targets: [{level: X9, seedLPSMM: [0, 0, 0]}]}}",
            "rules[0].start.targets[0].level"
        ),
        ("rule: []", ".rule"),
        ("rules: yes", "rules"),
    ])
    func `a fault names its place`(yaml: String, place: String) {
        #expect { try SeriesRules(yaml: yaml, catalog: AnalysisCatalog()) } throws: {
            ($0 as? any Fault)?.subject == place
        }
    }

    @Test func `an analysis or a setting that does not exist is refused at the start`() {
        // The last finds its vertebrae itself, with a network that this catalog lacks.
        for start in [
            "{analysis: none}", "{analysis: digital-biopsy, parameters: {speed: 1}}", "{analysis: digital-biopsy}",
        ] {
            #expect(throws: AnalysisError.self) {
                try SeriesRules(yaml: "rules:\n  - {name: a, start: \(start)}", catalog: AnalysisCatalog())
            }
        }
        #expect(throws: SeriesRulesError.self) { try SeriesRules(yaml: "a: [", catalog: AnalysisCatalog()) }
    }
}
