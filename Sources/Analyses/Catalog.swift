// The list of analyses. A new one is a file in this folder and a line here.
import Domain

/// Every analysis that the service and the command line know.
package enum AnalysisCatalog {
    package static let all: [any Analysis] = [
        DigitalBiopsy()
    ]

    /// The analysis of this name.
    ///
    /// - Throws: `AnalysisError.unknownAnalysis`.
    package static func analysis(named name: String) throws(AnalysisError) -> any Analysis {
        guard let found = all.first(where: { $0.description.name == name }) else {
            throw .unknownAnalysis(name, known: all.map(\.description.name))
        }
        return found
    }

    /// Checks what can be checked before any pixel is read: the analysis, its settings, its targets, the modality.
    ///
    /// - Throws: `AnalysisError`.
    package static func check(
        _ request: AnalysisRequest, series: SeriesSummary, maskLabels: [Int]?
    ) throws(AnalysisError) {
        let analysis = try analysis(named: request.analysis)
        let description = analysis.description
        try analysis.check(request.parameters, targets: request.targets.map(\.level))
        if let modality = series.modality, modality != description.modality {
            throw .wrongModality(found: modality, needed: description.modality, analysis: description.name)
        }
        try Targets.check(request.targets, series: series, maskLabels: maskLabels)
    }
}
