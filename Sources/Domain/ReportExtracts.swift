// Parts of a report that are served by themselves. Each repeats the disclaimer and the provenance, so that none travels alone.

/// The risk sections of a report.
package struct RiskExtract: Codable, Sendable {
    package var schema = "osteon.risk/1"
    package var disclaimer = Report.disclaimerText
    package var analysis: AnalysisName
    package var study: StudyReference
    package var vertebrae: [Entry]
    package var provenance: Provenance

    /// One vertebra's risk and recommendation; what is absent is named in `omissions`.
    package struct Entry: Codable, Sendable {
        package var level: VertebralLevel
        package var risk: RiskSection?
        package var recommendation: RecommendationSection?
        package var omissions: [Omission]
    }

    package init(_ report: Report) {
        analysis = report.analysis
        study = report.study
        provenance = report.provenance
        vertebrae = report.vertebrae.map {
            Entry(level: $0.level, risk: $0.risk, recommendation: $0.recommendation, omissions: $0.omissions)
        }
    }
}

/// The leakage maps of a report, with the gaps behind them.
package struct LeakageMapExtract: Codable, Sendable {
    package var schema = "osteon.leakage-map/1"
    package var disclaimer = Report.disclaimerText
    package var analysis: AnalysisName
    package var study: StudyReference
    package var vertebrae: [Entry]
    package var provenance: Provenance

    /// One vertebra's map; absent when its cortex could not be read, which `omissions` then says.
    package struct Entry: Codable, Sendable {
        package var level: VertebralLevel
        package var leakageMap: LeakageMapSection?
        package var cortex: CortexSection?
        package var omissions: [Omission]
    }

    package init(_ report: Report) {
        analysis = report.analysis
        study = report.study
        provenance = report.provenance
        vertebrae = report.vertebrae.map {
            Entry(
                level: $0.level, leakageMap: $0.leakageMap, cortex: $0.morphometry?.cortex, omissions: $0.omissions)
        }
    }
}

/// The radiomic features of a report.
package struct FeaturesExtract: Codable, Sendable {
    package var schema = "osteon.features/1"
    package var disclaimer = Report.disclaimerText
    package var analysis: AnalysisName
    package var study: StudyReference
    package var standardisation: [StandardisationStep]
    package var vertebrae: [Entry]
    package var provenance: Provenance

    /// One vertebra's features.
    package struct Entry: Codable, Sendable {
        package var level: VertebralLevel
        package var radiomics: RadiomicsSection?
        package var omissions: [Omission]
    }

    package init(_ report: Report) {
        analysis = report.analysis
        study = report.study
        standardisation = report.standardisation
        provenance = report.provenance
        vertebrae = report.vertebrae.map {
            Entry(level: $0.level, radiomics: $0.radiomics, omissions: $0.omissions)
        }
    }

    /// One row a vertebra, one column a feature, as PyRadiomics lays its tables out; an undefined value is an empty cell.
    package var table: String {
        let names = vertebrae.compactMap(\.radiomics).first?.features.map(\.name) ?? []
        let settings = vertebrae.compactMap(\.radiomics).first?.settings ?? ""
        let header = ["Image", "Level", "diagnostics_Versions_Osteon", "diagnostics_Settings"] + names
        let rows = vertebrae.map { entry -> [String] in
            let values = Dictionary(
                (entry.radiomics?.features ?? []).map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
            return [study.inputSHA256, entry.level.rawValue, provenance.version, settings]
                + names.map { name in values[name].flatMap { $0 }.map { "\($0)" } ?? "" }
        }
        return ([header] + rows).map { $0.map(Self.cell).joined(separator: ",") + "\r\n" }.joined()
    }

    /// Quotes a cell where RFC 4180 asks for it.
    private static func cell(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
