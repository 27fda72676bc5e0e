// The scan of a report, as every analysis states it.
import Domain

extension StudyReference {
    init(_ input: AnalysisInput) {
        self.init(
            id: input.request.study, inputSHA256: input.inputSHA256, series: input.series.id,
            modality: input.series.modality)
    }
}

extension ImageFacts {
    /// - Parameter warnings: what the analysis adds to the reader's.
    init(_ input: AnalysisInput, warnings: [String]) {
        self.init(
            sizeVoxels: input.series.sizeVoxels, spacingMM: input.series.spacingMM.map { ($0 * 1e6).rounded() / 1e6 },
            sliceThicknessMM: input.series.sliceThicknessMM,
            warnings: input.imageWarnings + ImageSuitability.warnings(for: input.series) + warnings)
    }
}
