// What a pushed series starts: rules that the operator writes.
import Analyses
import Domain
import Foundation

/// One rule: which series it fits, and the analysis that it starts on them.
package struct SeriesRule: Hashable, Sendable {
    package let name: String
    /// Any of them fits; `*` and `?` as wildcards, without regard to case. Empty fits every series.
    let studyDescriptions: [String]
    let seriesDescriptions: [String]
    /// Slice Thickness (0018,0050), or the distance between slices where it is absent, millimetres.
    let sliceThicknessMM: ClosedRange<Double>?
    let slices: ClosedRange<Double>?
    /// Its `study` and `series` are those of the series that fits.
    package let request: AnalysisRequest
}

/// A series as rules see it.
package struct RuledSeries: Hashable, Sendable {
    let studyDescription: String
    let seriesDescription: String
    let sliceThicknessMM: Double
    let slices: Int

    /// - Parameter attributes: of the study and the series: a JSON text of the DICOM JSON model.
    init(_ summary: SeriesSummary, attributes: String) {
        let read = try? JSONSerialization.jsonObject(with: Data(attributes.utf8)) as? [String: [String: Any]]
        func text(_ tag: String) -> String { (read?[tag]?["Value"] as? [Any])?.first as? String ?? "" }
        studyDescription = text("00081030")
        seriesDescription = text("0008103E")
        sliceThicknessMM = summary.sliceThicknessMM ?? summary.spacingMM.last ?? 0
        slices = summary.sizeVoxels.last ?? 0
    }
}

extension SeriesRule {
    /// Whether every condition of the rule holds.
    func fits(_ series: RuledSeries) -> Bool {
        func isAny(_ patterns: [String], _ text: String) -> Bool {
            patterns.isEmpty || patterns.contains { fnmatch($0.lowercased(), text.lowercased(), FNM_NOESCAPE) == 0 }
        }
        return isAny(studyDescriptions, series.studyDescription) && isAny(seriesDescriptions, series.seriesDescription)
            && sliceThicknessMM?.contains(series.sliceThicknessMM) ?? true
            && slices?.contains(Double(series.slices)) ?? true
    }
}

/// The rules, tried in order: the first that fits decides, and where none does the series is only kept.
package struct SeriesRules: Hashable, Sendable {
    package let all: [SeriesRule]

    /// Everything is kept and nothing is started.
    package static let none = SeriesRules(all: [])

    private init(all: [SeriesRule]) { self.all = all }

    /// - Parameter yaml: docs/dicomweb.md says how it is written.
    /// - Throws: `SeriesRulesError`; what the analysis says of its settings.
    package init(yaml: String, catalog: AnalysisCatalog) throws {
        let root = try RuleField(yaml: yaml)
        try root.allow(["rules"])
        guard let rules = try root["rules"]?.list() else { throw SeriesRulesError.missing("rules") }
        all = try rules.map { try SeriesRule($0, catalog: catalog) }
        var seen: Set<String> = []
        for rule in all where !seen.insert(rule.name).inserted { throw SeriesRulesError.nameTwice(rule.name) }
    }

    /// The rules that look at descriptions, by name: of pseudonymised series those are empty.
    package var byDescription: [String] {
        all.filter { !$0.studyDescriptions.isEmpty || !$0.seriesDescriptions.isEmpty }.map(\.name)
    }

    func first(for series: RuledSeries) -> SeriesRule? { all.first { $0.fits(series) } }
}

extension SeriesRule {
    fileprivate init(_ field: RuleField, catalog: AnalysisCatalog) throws {
        try field.allow(["name", "studyDescription", "seriesDescription", "sliceThicknessMM", "slices", "start"])
        name = try field.require("name").text()
        studyDescriptions = try field["studyDescription"]?.texts() ?? []
        seriesDescriptions = try field["seriesDescription"]?.texts() ?? []
        sliceThicknessMM = try field["sliceThicknessMM"]?.range()
        slices = try field["slices"]?.range()
        let start = try field.require("start")
        try start.allow(["analysis", "parameters", "targets"])
        request = AnalysisRequest(
            study: "", analysis: try start.require("analysis").text(),
            targets: try start["targets"]?.list().map { try Target($0) } ?? [],
            parameters: try start["parameters"]?.parameters() ?? [:])
        let analysis = try catalog.analysis(named: request.analysis)
        try analysis.check(request.parameters, targets: request.targets.map(\.level))
        let rule = analysis.description.targets
        if rule == .required, request.targets.isEmpty { throw SeriesRulesError.missing(start.path + ".targets") }
        if rule == .none, start["targets"] != nil {
            throw SeriesRulesError.unknown(start.path + ".targets", known: ["analysis", "parameters"])
        }
    }
}

extension Target {
    fileprivate init(_ field: RuleField) throws {
        try field.allow(["level", "seedLPSMM"])
        let name = try field.require("level")
        guard let level = VertebralLevel(named: try name.text()) else {
            throw SeriesRulesError.wrong(name.path, expected: "a vertebral level such as L1")
        }
        let seed = try field.require("seedLPSMM")
        let place = try seed.list().map { try $0.number() }
        guard place.count == 3 else { throw SeriesRulesError.wrong(seed.path, expected: "three numbers") }
        self.init(level: level, seedLPSMM: place)
    }
}
