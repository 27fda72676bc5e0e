// Automatic segmentation: every vertebra of a scan, its name and its outline, without targets.
import DeepFeatures
import Domain
import Foundation
import Imaging
import NeuralNetworks
import Segmentation

/// The analysis `segment` (docs/segmentation.md).
package struct SpineSearch: Analysis {
    static let name = "segment"
    /// Version of the pipeline; changes whenever a number or a voxel can.
    static let version = "1.0"
    /// The network that finds the spine, by its name in `models.lock`.
    static let model = "osteon-locator"

    package let stages = ["locate", "outline"]
    private let models: InstalledModels

    package init(models: InstalledModels) { self.models = models }

    package var description: AnalysisDescription {
        AnalysisDescription(
            name: Self.name, version: Self.version,
            summary: """
                Finds every vertebra of a CT, names it from sacrum and ribs or from one anchor, outlines body and posterior elements, \
                and says which need review. Names nothing where no anchor is in view. Research use only.
                """,
            modality: "CT", targets: .none, parameters: [LevelAnchor.description])
    }

    package func check(
        _ parameters: [String: ParameterValue], targets: [VertebralLevel]
    ) throws(AnalysisError) {
        _ = try anchor(parameters)
        guard models.lock.models.contains(where: { $0.name == Self.model }) else { throw .modelMissing(Self.model) }
    }

    package func run(_ input: AnalysisInput) throws -> AnalysisOutput {
        let anchor = try anchor(input.request.parameters)
        let kernels = try Kernels.best()
        let execution = Execution(threads: input.threads, kernels: kernels, cancellation: input.cancellation)
        var clock = StageClock(input)
        let maps = try clock.stage("locate", 0...0.5) { progress in
            try SpineLocator(models.weights(of: Self.model)).maps(
                of: input.volume, execution, progress: progress)
        }
        let found = try clock.stage("outline", 0.5...1) { progress in
            try AutomaticSegmentation.segment(
                input.volume, maps: maps, anchor: anchor?.seed, cancellation: input.cancellation, progress: progress)
        }
        return AnalysisOutput(
            report: report(input, anchor, found, timingsMS: clock.timingsMS),
            segmentation: found.labelMap(on: input.volume.geometry),
            bodies: found.bodyLabelMap(on: input.volume.geometry))
    }

    private func anchor(_ parameters: [String: ParameterValue]) throws(AnalysisError) -> LevelAnchor? {
        try LevelAnchor(Parameters.resolve(parameters, by: [LevelAnchor.description])[LevelAnchor.setting])
    }

    private func report(
        _ input: AnalysisInput, _ anchor: LevelAnchor?, _ found: FoundSpine, timingsMS: [StageTiming]
    ) -> Report {
        var report = Report(
            analysis: AnalysisName(name: Self.name, version: Self.version), study: StudyReference(input),
            image: ImageFacts(input, warnings: found.warnings), standardisation: [], radiomics: nil, vertebrae: [],
            omissions: Self.notYetOutlined,
            provenance: Provenance(
                software: "osteon", version: SoftwareVersion.current, settings: input.request.parameters,
                models: models.lock.models.filter { $0.name == Self.model }.map { "\($0.name) \($0.version)" },
                createdAt: Date(), timingsMS: timingsMS))
        report.spine = SpineSection(found)
        return report
    }

    /// What this version does not outline in any scan.
    private static let notYetOutlined = [
        Omission(
            item: "parts",
            reason:
                "body and posterior elements are outlined; pedicles, endplates, posterior wall, canal, discs, basivertebral region and venous zones have no labels of their own"
        ),
        Omission(item: "sacrum", reason: "S1 serves as an anchor of the names and is not outlined"),
    ]
}
