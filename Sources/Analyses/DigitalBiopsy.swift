// The main pipeline: segment, standardise, measure, texture, leakage map, risk, recommendation, report.
import CementFlow
import DeepFeatures
import Domain
import Foundation
import Guidance
import Imaging
import Morphometry
import OutcomeModels
import Radiomics
import Segmentation

/// The digital biopsy (Pan Xinyang et al., "Digital Biopsy Breaking through Visual Blind Spots"), version 2: seeded segmentation, cortical gaps,
/// the injection rehearsed in each body, leakage map, risk from evidence and rehearsal, recommendation.
package struct DigitalBiopsy: Analysis {
    /// Version of the pipeline; changes whenever a number in a report can.
    static let version = "2.2"

    package let stages = ["segment", "measure", "cortex", "standardise", "radiomics", "embed", "rehearse", "risk"]

    /// Names of the models that a request may name, the default first.
    private let encoders: [String]
    private let encoder: @Sendable (String) throws -> Encoder

    /// - Parameter encoder: the model of this name; throws where it cannot be used.
    package init(encoders: [String], encoder: @escaping @Sendable (String) throws -> Encoder) {
        self.encoders = encoders
        self.encoder = encoder
    }

    package var description: AnalysisDescription {
        AnalysisDescription(
            name: "digital-biopsy", version: Self.version,
            summary: """
                Segments the named vertebrae, measures them, finds gaps in the cortex, extracts radiomics and the embedding of \
                an installed network, rehearses the injection of cement, and reports leakage risk from published odds ratios and the rehearsal, a leakage map and a cement volume. \
                Research use only.
                """,
            modality: "CT", parameters: DigitalBiopsySettings.descriptions(encoders))
    }

    package func run(_ input: AnalysisInput) throws -> AnalysisOutput {
        let settings = try DigitalBiopsySettings(
            input.request.parameters,
            encoders: DeepFeaturesRequest.acceptable(encoders, in: input.request.parameters))
        var clock = StageClock(input)
        let spine = try clock.stage("segment", 0...0.15) { try segment(input, progress: $0) }
        try settings.checkPlan(in: spine)
        let measured = try clock.stage("measure", 0.15...0.2) { _ in
            let bodies = try spine.vertebrae.map {
                try BodyMorphometry.measure(
                    $0, in: input.volume, calibration: settings.calibration ?? .best(beside: $0, in: input.volume),
                    cancellation: input.cancellation)
            }
            return NeighbourComparison.added(to: bodies, spine.vertebrae)
        }
        let anatomies = try clock.stage("cortex", 0.2...0.4) { progress in
            try spine.vertebrae.enumerated().map { index, vertebra in
                progress(Double(index) / Double(spine.vertebrae.count))
                return try VertebraAnatomy(
                    vertebra, SegmentationReview(vertebra, spine.quality[index]), measured[index], input)
            }
        }
        let standardised = try clock.stage("standardise", 0.4...0.42) { _ in
            Standardisation(settings).apply(to: input.volume)
        }
        let bodies = spine.bodyLabelMap(on: input.volume.geometry)
        let radiomics = try clock.stage("radiomics", 0.42...0.58) { progress in
            BodyRadiomics(
                settings.radiomics, spine.vertebrae.map(\.level),
                try settings.radiomics.map {
                    try RadiomicsStage(request: $0, input: input).run(standardised, bodies, spine.vertebrae, progress)
                })
        }
        let embeddings = try clock.stage("embed", 0.58...0.6) { progress in
            try DeepFeaturesStage(request: settings.deepFeatures, input: input, encoder: encoder)
                .run(spine.vertebrae, progress)
        }
        let rehearsals = try clock.stage("rehearse", 0.6...0.98) { progress in
            let stage = RehearsalStage(settings: settings, input: input)
            let count = Double(spine.vertebrae.count)
            return try anatomies.enumerated().map { index, anatomy in
                try stage.run(anatomy) { progress((Double(index) + $0) / count) }
            }
        }
        let reports = try clock.stage("risk", 0.98...1) { _ in
            let compressions = Compression.assess(
                Dictionary(
                    measured.compactMap { measure in measure.heights.map { (measure.level, $0.columns) } },
                    uniquingKeysWith: { first, _ in first }))
            return try anatomies.enumerated().map { index, anatomy in
                try VertebraFindings(
                    anatomy: anatomy, compression: compressions[anatomy.vertebra.level], rehearsal: rehearsals[index],
                    radiomics: radiomics.findings[index].finding, deepFeatures: embeddings[index]
                ).report(settings)
            }
        }
        return AnalysisOutput(
            report: report(input, settings, spine, reports, timingsMS: clock.timingsMS), radiomics: radiomics,
            segmentation: spine.labelMap(on: input.volume.geometry), bodies: bodies,
            riskImage: RiskImage(
                geometry: input.volume.geometry,
                patches: zip(spine.vertebrae, rehearsals).map { vertebra, rehearsal in
                    (try? rehearsal.get()).map { RiskImage.Patch($0.rehearsal) }
                        ?? RiskImage.Patch(notRehearsed: vertebra)
                }), guidance: guidance(spine, rehearsals))
    }

    package func check(
        _ parameters: [String: ParameterValue], targets: [VertebralLevel]
    ) throws(AnalysisError) {
        try DigitalBiopsySettings(parameters, encoders: encoders).rehearsal.tips.check(against: targets)
    }

    private func segment(_ input: AnalysisInput, progress: (Double) -> Void) throws -> SpineSegmentation {
        try Targets.check(
            input.request.targets, series: input.series, maskLabels: input.mask.map { labelValues(of: $0) })
        guard let mask = input.mask else {
            return try SeededSegmentation.segment(
                input.volume,
                seeds: try input.request.targets.map {
                    VertebraSeed(level: $0.level, pointMM: try Targets.seed(of: $0, in: input.series))
                },
                cancellation: input.cancellation, progress: progress)
        }
        let labels = input.request.targets.compactMap { target in
            target.label.map { (target.level, UInt16(clamping: $0)) }
        }
        return try MaskSegmentation.vertebrae(
            from: mask, volume: input.volume, labels: Dictionary(uniqueKeysWithValues: labels),
            cancellation: input.cancellation, progress: progress)
    }

    private func labelValues(of mask: LabelMap) -> [Int] {
        var present = [Bool](repeating: false, count: Int(UInt16.max) + 1)
        for label in mask.labels { present[Int(label)] = true }
        return present.indices.filter { $0 > 0 && present[$0] }
    }

    private func guidance(
        _ spine: SpineSegmentation, _ rehearsals: [Result<RehearsedBody, RehearsalOmission>]
    ) -> GuidanceDocument {
        var document = GuidanceDocument(tables: [], omissions: [])
        for (vertebra, rehearsal) in zip(spine.vertebrae, rehearsals) {
            switch rehearsal {
            case .success(let body): document.tables.append(body.guidance)
            case .failure(let reason):
                document.omissions.append(Omission(item: vertebra.level.rawValue, reason: reason.reason))
            }
        }
        return document
    }

    private func report(
        _ input: AnalysisInput, _ settings: DigitalBiopsySettings, _ spine: SpineSegmentation,
        _ reports: [VertebraReport], timingsMS: [StageTiming]
    ) -> Report {
        Report(
            analysis: AnalysisName(name: description.name, version: Self.version),
            study: StudyReference(input), image: ImageFacts(input, warnings: spine.warnings),
            standardisation: Standardisation(settings).steps,
            radiomics: settings.radiomics.map { RadiomicsMethod($0) }, vertebrae: reports,
            omissions: Self.notYetMeasured,
            provenance: Provenance(
                software: "osteon", version: SoftwareVersion.current, settings: settings.resolved,
                models: [LeakageEvidenceModel.version] + encodersUsed(reports), createdAt: Date(), timingsMS: timingsMS)
        )
    }

    /// The model that gave embeddings, by name and version.
    private func encodersUsed(_ reports: [VertebraReport]) -> [String] {
        reports.lazy.compactMap(\.deepFeatures).first.map { ["\($0.model) \($0.version)"] } ?? []
    }

    /// What this version does not look for in any scan.
    private static let notYetMeasured = [
        Omission(
            item: "level detection", reason: "levels are taken from the request; check them against the sacrum or ribs")
    ]
}
