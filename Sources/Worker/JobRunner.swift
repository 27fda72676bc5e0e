// One job from blob to artifacts: decode once, analyse, encode once.
import Analyses
import Domain
import Foundation
import Imaging
import ImagingIO
import Store

/// Runs the analysis that a claimed job asks for.
package struct JobRunner: Sendable {
    /// Share of a job's progress that decoding takes; our choice.
    private static let decodingShare = 0.15

    /// Every stage that a job may go through, for metrics that list them before the first job.
    package static let stages = ["decode"] + AnalysisCatalog.all.flatMap(\.stages)

    private let observe: @Sendable (StageTiming) -> Void

    /// - Parameter observe: told the wall time of each stage of a job that finished.
    package init(observe: @escaping @Sendable (StageTiming) -> Void) { self.observe = observe }

    /// - Returns: every artifact of the job, ready to be stored.
    /// - Throws: the `Fault` of the stage that failed.
    package func run(
        _ claim: ClaimedJob, _ cancellation: Cancellation, _ progress: @escaping @Sendable (StageProgress) -> Void
    ) throws -> [Artifact] {
        let request = claim.job.request
        let analysis = try AnalysisCatalog.analysis(named: request.analysis)
        let start = ContinuousClock.now
        progress(StageProgress(stage: "decode", fraction: 0))
        let decoded = try StudyFile.readVolume(claim.studyFile, series: request.series, cancellation: cancellation) {
            progress(StageProgress(stage: "decode", fraction: Self.decodingShare * $0))
        }
        let mask = try claim.maskFile.map { try MaskFile.read($0, onto: decoded.volume.geometry) }
        let decoding = StageTiming(stage: "decode", milliseconds: (ContinuousClock.now - start) / .milliseconds(1))
        var output = try analysis.run(
            AnalysisInput(
                volume: decoded.volume, series: decoded.summary, imageWarnings: decoded.warnings, mask: mask,
                request: request, inputSHA256: claim.study.sha256, cancellation: cancellation,
                progress: {
                    progress(
                        StageProgress(
                            stage: $0.stage, fraction: Self.decodingShare + (1 - Self.decodingShare) * $0.fraction))
                }))
        try cancellation.check()
        output.report.provenance.timingsMS.insert(decoding, at: 0)
        output.report.provenance.timingsMS.forEach(observe)
        return try ReportArtifacts.encode(output)
    }
}
