// One job from blob to artifacts: analyse, encode once.
import Analyses
import DICOMResults
import Domain
import Store

/// Runs the analysis that a claimed job asks for.
package struct JobRunner: Sendable {
    private let catalog: AnalysisCatalog
    private let observe: @Sendable (StageTiming) -> Void

    /// - Parameter observe: told the wall time of each stage of a job that finished.
    package init(catalog: AnalysisCatalog, observe: @escaping @Sendable (StageTiming) -> Void) {
        self.catalog = catalog
        self.observe = observe
    }

    /// - Returns: every artifact of the job, ready to be stored.
    /// - Throws: the `Fault` of the stage that failed.
    package func run(
        _ claim: ClaimedJob, _ cancellation: Cancellation, _ progress: @escaping @Sendable (StageProgress) -> Void
    ) throws -> [Artifact] {
        let finished = try StudyAnalysis(
            source: claim.source, contents: claim.study.contents, sha256: claim.study.sha256,
            maskFile: claim.maskFile, request: claim.job.request, catalog: catalog
        ).run(cancellation: cancellation, progress: progress)
        finished.output.report.provenance.timingsMS.forEach(observe)
        let identity = ResultIdentity(seed: "job/\(claim.job.id)", date: claim.job.createdAt)
        return try ReportArtifacts.encode(finished, as: identity)
    }
}
