// A study file, a request, a report: the one path that the service and the command line share.
import Analyses
import Domain
import Foundation
import Imaging
import ImagingIO

/// An analysis of a study on disk.
package struct StudyAnalysis: Sendable {
    package var source: StudySource
    /// What `StudyFile.inspect` found in it.
    package var contents: StudyContents
    /// SHA-256 of its bytes.
    package var sha256: String
    /// A label map on the study's grid.
    package var maskFile: URL?
    package var request: AnalysisRequest
    package var catalog: AnalysisCatalog
    /// How many threads may compute at once; a worker of the service has one.
    package var threads: Int

    package init(
        source: StudySource, contents: StudyContents, sha256: String, maskFile: URL?, request: AnalysisRequest,
        catalog: AnalysisCatalog, threads: Int = 1
    ) {
        self.source = source
        self.contents = contents
        self.sha256 = sha256
        self.maskFile = maskFile
        self.request = request
        self.catalog = catalog
        self.threads = threads
    }

    /// Share of the progress that decoding takes; our choice.
    private static let decodingShare = 0.15

    /// Every stage that a study may go through, by the names that progress, timings and metrics use.
    package static func stages(of catalog: AnalysisCatalog) -> [String] { ["decode"] + catalog.stages }

    /// The result of an analysis, and the images that it was made of.
    package struct Finished: Sendable {
        package let output: AnalysisOutput
        /// nil where they were not DICOM, or cannot be referred to.
        package let source: SourceSeries?
    }

    /// Decodes once, analyses, adds the decoding to the report's timings.
    ///
    /// - Throws: the `Fault` of the stage that failed; `job-cancelled` once cancelled.
    package func run(
        cancellation: Cancellation, progress: @escaping @Sendable (StageProgress) -> Void
    ) throws -> Finished {
        let analysis = try catalog.analysis(named: request.analysis)
        let start = ContinuousClock.now
        progress(StageProgress(stage: "decode", fraction: 0))
        let decoded = try StudyFile.readVolume(
            source, series: request.series ?? contents.chosenSeries, cancellation: cancellation
        ) {
            progress(StageProgress(stage: "decode", fraction: Self.decodingShare * $0))
        }
        let mask = try maskFile.map { try MaskFile.read($0, onto: decoded.volume.geometry) }
        let decoding = StageTiming(stage: "decode", milliseconds: (ContinuousClock.now - start) / .milliseconds(1))
        let known = contents.warnings
        var output = try analysis.run(
            AnalysisInput(
                volume: decoded.volume, storedType: decoded.storedType,
                storedGeometry: try NIfTIWriter.geometry(storing: decoded.volume.geometry), series: decoded.summary,
                imageWarnings: known + decoded.warnings.filter { !known.contains($0) }, mask: mask, request: request,
                inputSHA256: sha256, threads: threads, cancellation: cancellation,
                progress: {
                    let fraction = Self.decodingShare + (1 - Self.decodingShare) * $0.fraction
                    progress(StageProgress(stage: $0.stage, fraction: fraction))
                }))
        try cancellation.check()
        output.report.provenance.timingsMS.insert(decoding, at: 0)
        return Finished(output: output, source: decoded.source)
    }
}
