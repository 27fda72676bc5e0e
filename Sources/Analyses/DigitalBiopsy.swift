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

/// The digital biopsy (Pan Xinyang et al., "Digital Biopsy Breaking through Visual Blind Spots"), version 2: vertebrae from clicks, a label map
/// or the search of the spine, cortical gaps, the injection rehearsed in each body, leakage map, risk from evidence and rehearsal, recommendation.
package struct DigitalBiopsy: Analysis {
    /// Version of the pipeline; changes whenever a number in a report can.
    static let version = "2.6"

    package let stages = [
        "segment", "measure", "cortex", "parts", "mesh", "standardise", "radiomics", "embed", "rehearse", "risk",
    ]

    /// Names of the models that a request may name, the default first.
    private let encoders: [String]
    private let encoder: @Sendable (String) throws -> Encoder
    private let finder: SpineFinder

    /// - Parameters:
    ///   - models: what is installed.
    ///   - encoder: the model of this name; throws where it cannot be used.
    package init(models: InstalledModels, encoder: @escaping @Sendable (String) throws -> Encoder) {
        encoders = models.encoderNames
        finder = SpineFinder(models: models)
        self.encoder = encoder
    }

    package var description: AnalysisDescription {
        AnalysisDescription(
            name: "digital-biopsy", version: Self.version,
            summary: """
                Segments the named vertebrae, or finds the spine where none is named, measures them, finds gaps in the cortex, extracts radiomics and \
                the embedding of an installed network, rehearses the injection of cement, and reports leakage risk from published odds ratios and the \
                rehearsal, a leakage map and a cement volume. Research use only.
                """,
            modality: "CT", targets: .optional, parameters: DigitalBiopsySettings.descriptions(encoders))
    }

    package func run(_ input: AnalysisInput) throws -> AnalysisOutput {
        let settings = try DigitalBiopsySettings(
            input.request.parameters,
            encoders: DeepFeaturesRequest.acceptable(encoders, in: input.request.parameters))
        var clock = StageClock(input)
        let found = try clock.stage("segment", 0...0.15) {
            try TargetStage(finder: finder, request: settings.targets, input: input).run($0)
        }
        if found.found == nil { try settings.checkPlan(in: found.vertebrae) }
        let measured = try clock.stage("measure", 0.15...0.2) { _ in
            try MeasuredTargets(found, calibration: settings.calibration, input)
        }
        let vertebrae = measured.targets.map(\.vertebra)
        let anatomies = try clock.stage("cortex", 0.2...0.4) { progress in
            try measured.targets.enumerated().map { index, target in
                progress(Double(index) / Double(vertebrae.count))
                return try VertebraAnatomy(target, measured.measures[index], input)
            }
        }
        let parts = try clock.stage("parts", 0.4...0.41) { _ in
            try PartMap(
                anatomies.map {
                    PartMap.Subject(
                        vertebra: $0.vertebra, foramenMM: ((try? $0.foramen.get()) ?? nil)?.localMM)
                }, neighbours: found.neighbours, on: input.volume.geometry, cancellation: input.cancellation)
        }
        let maps = found.labelMaps(on: input.volume.geometry)
        let labels = LabelTable(levels: found.levels)
        let meshes = try clock.stage("mesh", 0.41...0.42) { _ in
            try maps.whole.surfaces(labels, cancellation: input.cancellation)
        }
        let standardised = try clock.stage("standardise", 0.42...0.43) { _ in
            Standardisation(settings).apply(to: input.volume)
        }
        let radiomics = try clock.stage("radiomics", 0.43...0.58) { progress in
            BodyRadiomics(
                settings.radiomics, vertebrae.map(\.level),
                try settings.radiomics.map {
                    try RadiomicsStage(request: $0, input: input).run(standardised, maps.bodies, vertebrae, progress)
                })
        }
        let embeddings = try clock.stage("embed", 0.58...0.6) { progress in
            try DeepFeaturesStage(request: settings.deepFeatures, input: input, encoder: encoder)
                .run(vertebrae, progress)
        }
        let rehearsals = try clock.stage("rehearse", 0.6...0.98) { progress in
            let stage = RehearsalStage(settings: settings, input: input, choice: settings.choice(found))
            let count = Double(vertebrae.count)
            return try anatomies.enumerated().map { index, anatomy in
                try stage.run(anatomy, measured.compressions[anatomy.vertebra.level]) {
                    progress((Double(index) + $0) / count)
                }
            }
        }
        let reports = try clock.stage("risk", 0.98...1) { _ in
            try anatomies.enumerated().map { index, anatomy in
                try VertebraFindings(
                    anatomy: anatomy, parts: parts.vertebrae[index],
                    compression: measured.compressions[anatomy.vertebra.level],
                    rehearsal: rehearsals[index],
                    radiomics: radiomics.findings[index].finding, deepFeatures: embeddings[index]
                ).report(settings)
            }
        }
        return AnalysisOutput(
            report: report(input, settings, found, measured.omissions, reports, timingsMS: clock.timingsMS),
            radiomics: radiomics, segmentation: maps.whole, bodies: maps.bodies,
            labels: labels, parts: parts, meshes: meshes,
            riskImage: RiskImage(
                geometry: input.volume.geometry,
                patches: zip(vertebrae, rehearsals).map { vertebra, rehearsal in
                    (try? rehearsal.get()).map { RiskImage.Patch($0.rehearsal) }
                        ?? RiskImage.Patch(notRehearsed: vertebra)
                }), guidance: guidance(vertebrae, rehearsals))
    }

    package func check(
        _ parameters: [String: ParameterValue], targets: [VertebralLevel]
    ) throws(AnalysisError) {
        let settings = try DigitalBiopsySettings(parameters, encoders: encoders)
        if targets.isEmpty {
            try settings.rehearsal.tips.check(against: settings.targets.levels)
            try finder.check()
        } else {
            try settings.rehearsal.tips.check(against: targets)
            try settings.targets.requireNoTargets()
        }
    }

    private func guidance(
        _ vertebrae: [Vertebra], _ rehearsals: [Result<RehearsedBody, RehearsalOmission>]
    ) -> GuidanceDocument {
        var document = GuidanceDocument(tables: [], omissions: [])
        for (vertebra, rehearsal) in zip(vertebrae, rehearsals) {
            switch rehearsal {
            case .success(let body): document.tables.append(body.guidance)
            case .failure(let reason):
                document.omissions.append(Omission(item: vertebra.level.rawValue, reason: reason.reason))
            }
        }
        return document
    }

    private func report(
        _ input: AnalysisInput, _ settings: DigitalBiopsySettings, _ found: BiopsyTargets, _ omissions: [Omission],
        _ reports: [VertebraReport], timingsMS: [StageTiming]
    ) -> Report {
        var report = Report(
            analysis: AnalysisName(name: description.name, version: Self.version),
            study: StudyReference(input), image: ImageFacts(input, warnings: found.warnings),
            standardisation: Standardisation(settings).steps,
            radiomics: settings.radiomics.map { RadiomicsMethod($0) }, vertebrae: reports,
            omissions: found.omissions + omissions + (found.found == nil ? Self.notDetected : []),
            provenance: Provenance(
                software: "osteon", version: SoftwareVersion.current, settings: settings.resolved,
                models: (found.isGuided ? finder.modelNames : []) + [LeakageEvidenceModel.version]
                    + encodersUsed(reports), createdAt: Date(), timingsMS: timingsMS)
        )
        report.spine = found.found.map { SpineSection($0) }
        return report
    }

    /// The model that gave embeddings, by name and version.
    private func encodersUsed(_ reports: [VertebraReport]) -> [String] {
        reports.lazy.compactMap(\.deepFeatures).first.map { ["\($0.model) \($0.version)"] } ?? []
    }

    /// What is not looked for where the request shows its vertebrae.
    private static let notDetected = [
        Omission(
            item: "level detection", reason: "levels are taken from the request; check them against the sacrum or ribs")
    ]
}
