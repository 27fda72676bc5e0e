// Finds, names, outlines and reviews every vertebra of a scan, without targets.
import DeepFeatures
import Domain
import Foundation
import Imaging
import Segmentation

/// The analysis `segment` (docs/segmentation.md).
package struct SpineSearch: Analysis {
    static let name = "segment"
    /// Version of the pipeline; changes whenever a number or a voxel can.
    static let version = "1.3"

    package let stages = ["locate", "outline", "parts", "mesh"]
    private let finder: SpineFinder

    package init(models: InstalledModels) { finder = SpineFinder(models: models) }

    package var description: AnalysisDescription {
        AnalysisDescription(
            name: Self.name, version: Self.version,
            summary: """
                Finds every vertebra of a CT, names it from sacrum, ribs and dens or from one anchor, outlines body and posterior elements, \
                and says which need review. Names nothing where no anchor is in view. Research use only.
                """,
            modality: "CT", targets: .none, parameters: [LevelAnchor.description])
    }

    package func check(
        _ parameters: [String: ParameterValue], targets: [VertebralLevel]
    ) throws(AnalysisError) {
        _ = try anchor(parameters)
        try finder.check()
    }

    package func run(_ input: AnalysisInput) throws -> AnalysisOutput {
        let anchor = try anchor(input.request.parameters)
        try SpineRefusal.check(input.volume, modality: input.series.modality)
        var clock = StageClock(input)
        let maps = try clock.stage("locate", 0...0.5) { try finder.maps(of: input, progress: $0) }
        let found = try clock.stage("outline", 0.5...0.95) {
            try finder.spine(in: input, maps: maps, anchor: anchor, progress: $0)
        }
        try SpineRefusal.check(found)
        let parts = try clock.stage("parts", 0.95...0.98) { _ in try divided(found, input) }
        let whole = found.labelMap(on: input.volume.geometry)
        let labels = LabelTable(levels: found.vertebrae.filter { $0.shape != nil }.map(\.level))
        let meshes = try clock.stage("mesh", 0.98...1) { _ in
            try whole.surfaces(labels, cancellation: input.cancellation)
        }
        return AnalysisOutput(
            report: report(input, found, parts, timingsMS: clock.timingsMS), segmentation: whole,
            bodies: found.bodyLabelMap(on: input.volume.geometry), labels: labels, parts: parts, meshes: meshes)
    }

    /// Accepted vertebrae are divided; the others that are whole bound their discs.
    private func divided(_ found: FoundSpine, _ input: AnalysisInput) throws -> PartMap {
        let whole = found.vertebrae.filter { $0.shape?.isWhole == true }
        return try PartMap(
            whole.filter { !$0.review.needsReview }.compactMap(\.vertebra).map { PartMap.Subject(vertebra: $0) },
            neighbours: whole.filter(\.review.needsReview).compactMap(\.vertebra), on: input.volume.geometry,
            cancellation: input.cancellation)
    }

    private func anchor(_ parameters: [String: ParameterValue]) throws(AnalysisError) -> LevelAnchor? {
        try LevelAnchor(Parameters.resolve(parameters, by: [LevelAnchor.description])[LevelAnchor.setting])
    }

    private func report(
        _ input: AnalysisInput, _ found: FoundSpine, _ parts: PartMap, timingsMS: [StageTiming]
    ) -> Report {
        var report = Report(
            analysis: AnalysisName(name: Self.name, version: Self.version), study: StudyReference(input),
            image: ImageFacts(input, warnings: found.warnings), standardisation: [], radiomics: nil, vertebrae: [],
            omissions: parts.vertebrae.flatMap { vertebra in
                vertebra.omissions.map {
                    Omission(item: "\(vertebra.level.rawValue) \($0.item)", reason: $0.reason)
                }
            } + Self.notOutlined,
            provenance: Provenance(
                software: "osteon", version: SoftwareVersion.current, settings: input.request.parameters,
                models: finder.modelNames, createdAt: Date(), timingsMS: timingsMS))
        report.spine = SpineSection(found, parts)
        return report
    }

    /// What this version does not outline in any scan.
    private static let notOutlined = [
        Omission(item: "sacrum", reason: "S1 serves as an anchor of the names and is not outlined")
    ]
}
