// The main pipeline: segment, standardise, measure, texture, leakage map, risk, recommendation, report.
import CementFlow
import Domain
import Foundation
import Imaging
import Morphometry
import OutcomeModels
import Radiomics
import Segmentation

/// The digital biopsy (Pan Xinyang et al., "Digital Biopsy Breaking through Visual Blind Spots"), version 2: seeded segmentation, cortical gaps,
/// the injection rehearsed in each body, leakage map, risk from evidence and rehearsal, recommendation.
package struct DigitalBiopsy: Analysis {
    /// Version of the pipeline; changes whenever a number in a report can.
    static let version = "2.0"

    package let stages = ["segment", "measure", "cortex", "standardise", "radiomics", "rehearse", "risk"]

    package init() {}

    package var description: AnalysisDescription {
        AnalysisDescription(
            name: "digital-biopsy", version: Self.version,
            summary: """
                Segments the named vertebrae, measures them, finds gaps in the cortex, extracts radiomics, rehearses the injection of \
                cement, and reports leakage risk from published odds ratios and the rehearsal, a leakage map and a cement volume. \
                Research use only.
                """,
            modality: "CT", parameters: DigitalBiopsySettings.descriptions)
    }

    package func run(_ input: AnalysisInput) throws -> AnalysisOutput {
        let settings = try DigitalBiopsySettings(input.request.parameters)
        var clock = StageClock(input)
        let spine = try clock.stage("segment", 0...0.15) { try segment(input, progress: $0) }
        try settings.checkPlan(in: spine)
        let reviews = zip(spine.vertebrae, spine.quality).map { SegmentationReview($0, $1) }
        let measured = try clock.stage("measure", 0.15...0.2) { _ in
            try spine.vertebrae.map {
                try BodyMorphometry.measure($0, in: input.volume, cancellation: input.cancellation)
            }
        }
        let cortex = try clock.stage("cortex", 0.2...0.4) { progress in
            try spine.vertebrae.enumerated().map { index, vertebra in
                progress(Double(index) / Double(spine.vertebrae.count))
                return try CortexMapper.map(
                    vertebra, in: input.volume, sliceThicknessMM: input.series.sliceThicknessMM,
                    cancellation: input.cancellation)
            }
        }
        let standardised = try clock.stage("standardise", 0.4...0.42) { _ in
            Standardisation(settings).apply(to: input.volume)
        }
        let bodies = spine.bodyLabelMap(on: input.volume.geometry)
        let radiomics = try clock.stage("radiomics", 0.42...0.6) { progress in
            BodyRadiomics(
                settings.radiomics, spine.vertebrae.map(\.level),
                try settings.radiomics.map {
                    try RadiomicsStage(request: $0, input: input).run(standardised, bodies, spine.vertebrae, progress)
                })
        }
        let rehearsals = try clock.stage("rehearse", 0.6...0.98) { progress in
            let stage = RehearsalStage(settings: settings, input: input)
            let count = Double(spine.vertebrae.count)
            return try spine.vertebrae.enumerated().map { index, vertebra in
                try stage.run(
                    vertebra, bodyVolumeML: measured[index].bodyVolumeML, cortex: cortex[index], review: reviews[index]
                ) { progress((Double(index) + $0) / count) }
            }
        }
        let reports = try clock.stage("risk", 0.98...1) { _ in
            let compressions = Compression.assess(
                Dictionary(
                    measured.compactMap { measure in measure.heights.map { (measure.level, $0.columns) } },
                    uniquingKeysWith: { first, _ in first }))
            return try spine.vertebrae.enumerated().map { index, vertebra in
                try VertebraFindings(
                    vertebra: vertebra, measured: measured[index], compression: compressions[vertebra.level],
                    review: reviews[index], cortex: cortex[index], rehearsal: rehearsals[index],
                    radiomics: radiomics.findings[index].finding
                ).report(settings)
            }
        }
        return AnalysisOutput(
            report: report(input, settings, spine, reports, timingsMS: clock.timingsMS), radiomics: radiomics,
            segmentation: spine.labelMap(on: input.volume.geometry), bodies: bodies,
            riskVolume: RiskVolume(
                geometry: input.volume.geometry, patches: spine.vertebrae.map { RiskVolume.Patch(notRehearsed: $0) }))
    }

    package func check(
        _ parameters: [String: ParameterValue], targets: [VertebralLevel]
    ) throws(AnalysisError) {
        try DigitalBiopsySettings(parameters).rehearsal.tips.check(against: targets)
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

    private func report(
        _ input: AnalysisInput, _ settings: DigitalBiopsySettings, _ spine: SpineSegmentation,
        _ reports: [VertebraReport], timingsMS: [StageTiming]
    ) -> Report {
        Report(
            analysis: AnalysisName(name: description.name, version: Self.version),
            study: StudyReference(
                id: input.request.study, inputSHA256: input.inputSHA256, series: input.series.id,
                modality: input.series.modality),
            image: ImageFacts(
                sizeVoxels: input.series.sizeVoxels,
                spacingMM: input.series.spacingMM.map { ($0 * 1e6).rounded() / 1e6 },
                sliceThicknessMM: input.series.sliceThicknessMM,
                warnings: input.imageWarnings + ImageSuitability.warnings(for: input.series) + spine.warnings),
            standardisation: Standardisation(settings).steps,
            radiomics: settings.radiomics.map { RadiomicsMethod($0) }, vertebrae: reports,
            omissions: Self.notYetMeasured,
            provenance: Provenance(
                software: "osteon", version: SoftwareVersion.current, settings: settings.resolved,
                models: [LeakageEvidenceModel.version], createdAt: Date(), timingsMS: timingsMS))
    }

    /// What this version does not look for in any scan.
    private static let notYetMeasured = [
        Omission(
            item: "intravertebral cleft and basivertebral foramen sign",
            reason: "not detected by this version; the risk takes what the request states, or the published prevalence"),
        Omission(item: "deep features", reason: "this version has no network"),
        Omission(
            item: "level detection", reason: "levels are taken from the request; check them against the sacrum or ribs"),
    ]
}
