// What an analysis is: a named, versioned, synchronous function from a decoded scan to a report.
import Domain
import Imaging

/// One pipeline. To add one, write a file with a conforming type and name it in `AnalysisCatalog.all`.
package protocol Analysis: Sendable {
    /// Name, version, settings and what it is for, as clients see it listed.
    var description: AnalysisDescription { get }
    /// The stages it goes through, by the names that progress, timings and metrics use.
    var stages: [String] { get }
    /// Runs the pipeline. Checks `input.cancellation` between stages.
    ///
    /// - Throws: a `Domain.Fault` that names what was wrong with the input.
    func run(_ input: AnalysisInput) throws -> AnalysisOutput
}

/// Everything an analysis may look at.
package struct AnalysisInput: Sendable {
    /// The scan in Hounsfield units.
    package var volume: Volume
    package var series: SeriesSummary
    /// What the reader had to say about the scan.
    package var imageWarnings: [String]
    /// An uploaded label map on the scan's grid.
    package var mask: LabelMap?
    package var request: AnalysisRequest
    /// SHA-256 of the uploaded bytes.
    package var inputSHA256: String
    package var cancellation: Cancellation
    package var progress: @Sendable (StageProgress) -> Void

    package init(
        volume: Volume, series: SeriesSummary, imageWarnings: [String], mask: LabelMap?, request: AnalysisRequest,
        inputSHA256: String, cancellation: Cancellation, progress: @escaping @Sendable (StageProgress) -> Void
    ) {
        self.volume = volume
        self.series = series
        self.imageWarnings = imageWarnings
        self.mask = mask
        self.request = request
        self.inputSHA256 = inputSHA256
        self.cancellation = cancellation
        self.progress = progress
    }
}

/// What an analysis gives back.
package struct AnalysisOutput: Sendable {
    package var report: Report
    /// Whole vertebrae on the scan's grid, by `VertebralLevel.labelValue`.
    package var segmentation: LabelMap

    package init(report: Report, segmentation: LabelMap) {
        self.report = report
        self.segmentation = segmentation
    }
}
