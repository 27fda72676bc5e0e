// The list of analyses. A new one is a file in this folder and a line here.
import DeepFeatures
import Domain

/// Every analysis that the service and the command line know.
package struct AnalysisCatalog: Sendable {
    package let all: [any Analysis]

    /// - Parameters:
    ///   - models: what is installed; requests may name these.
    ///   - encoder: a model of this name, built; by default built anew each time.
    package init(models: InstalledModels = .none, encoder: (@Sendable (String) throws -> Encoder)? = nil) {
        all = [
            DigitalBiopsy(models: models, encoder: encoder ?? { try models.encoder(named: $0) }),
            SpineSearch(models: models),
        ]
    }

    /// The stages of all analyses, by the names that progress, timings and metrics use.
    package var stages: [String] { all.flatMap(\.stages) }

    /// The analysis of this name.
    ///
    /// - Throws: `AnalysisError.unknownAnalysis`.
    package func analysis(named name: String) throws(AnalysisError) -> any Analysis {
        guard let found = all.first(where: { $0.description.name == name }) else {
            throw .unknownAnalysis(name, known: all.map(\.description.name))
        }
        return found
    }

    /// Checks what can be checked before any pixel is read: the analysis, its settings, its targets, the modality.
    ///
    /// - Throws: `AnalysisError`.
    package func check(
        _ request: AnalysisRequest, series: SeriesSummary, maskLabels: [Int]?
    ) throws(AnalysisError) {
        let analysis = try analysis(named: request.analysis)
        let description = analysis.description
        if description.targets == .optional, maskLabels != nil, request.targets.isEmpty { throw .noTargets }
        try analysis.check(request.parameters, targets: request.targets.map(\.level))
        if let modality = series.modality, modality != description.modality {
            throw .wrongModality(found: modality, needed: description.modality, analysis: description.name)
        }
        switch description.targets {
        case .required: try Targets.check(request.targets, series: series, maskLabels: maskLabels)
        case .optional:
            if !request.targets.isEmpty { try Targets.check(request.targets, series: series, maskLabels: maskLabels) }
        case .none:
            guard request.targets.isEmpty, maskLabels == nil else { throw .targetsNotTaken(description.name) }
        }
    }
}
