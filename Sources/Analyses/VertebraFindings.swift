// Everything found about one vertebra, written down as its report.
import CementFlow
import Domain
import Imaging
import Morphometry
import OutcomeModels
import Segmentation

/// The results of all stages for one vertebra.
struct VertebraFindings {
    let anatomy: VertebraAnatomy
    let parts: PartMap.Findings
    let compression: Result<Compression, Unmeasured>?
    let rehearsal: Result<RehearsedBody, RehearsalOmission>
    let radiomics: BodyRadiomics.Finding
    let deepFeatures: DeepFeaturesFinding

    private var vertebra: Vertebra { anatomy.vertebra }
    private var rehearsed: BodyRehearsal? { (try? rehearsal.get())?.rehearsal }

    /// - Throws: what the evidence model throws for settings out of its range.
    func report(_ settings: DigitalBiopsySettings) throws -> VertebraReport {
        var report = VertebraReport(
            level: vertebra.level, segmentation: SegmentationSection(anatomy.target, anatomy.measured))
        report.omissions = anatomy.measured.omissions
        report.parts = parts.sections
        report.omissions += parts.omissions
        describeAnatomy(in: &report)
        switch radiomics {
        case .measured(_, let section): report.radiomics = section
        case .omitted(let omission): report.omissions.append(omission)
        }
        switch deepFeatures {
        case .embedded(let section): report.deepFeatures = section
        case .omitted(let omission): report.omissions.append(omission)
        }
        try describeRehearsal(in: &report)
        let predictors = RiskPredictors(settings: settings, anatomy: anatomy)
        report.risk =
            try LeakageEvidenceModel.assess(predictors.leakage, draws: settings.draws, seed: settings.randomSeed)
            .section(with: rehearsed)
        recommend(into: &report)
        return report
    }

    private func describeAnatomy(in report: inout VertebraReport) {
        report.morphometry = MorphometrySection(measured: anatomy.measured)
        switch compression {
        case .success(let compression): report.morphometry?.fracture = FractureSection(compression)
        case .failure(let unmeasured): report.omissions.append(unmeasured.omission)
        case nil: break
        }
        switch anatomy.cortex {
        case .success(let map): report.morphometry?.cortex = CortexSection(map)
        case .failure(let unmeasured): report.omissions.append(unmeasured.omission)
        }
        switch anatomy.cleft {
        case .success(let cleft):
            report.morphometry?.cleft = cleft.map { CleftSection($0, frame: vertebra.frame) }
        case .failure(let unmeasured): report.omissions.append(unmeasured.omission)
        }
        switch anatomy.foramen {
        case .success(let foramen):
            report.morphometry?.basivertebralForamen = foramen.map { ForamenSection($0, frame: vertebra.frame) }
            report.morphometry?.measurements.append(.venousPathway(foramen))
        case .failure(let unmeasured): report.omissions.append(unmeasured.omission)
        }
    }

    /// The rehearsal's map, or the geometric one with the reason.
    private func describeRehearsal(in report: inout VertebraReport) throws {
        switch rehearsal {
        case .success(let body):
            report.rehearsal = try RehearsalSection(body.rehearsal)
            report.leakageMap = LeakageMapSection(body.rehearsal)
        case .failure(let reason):
            report.omissions.append(reason.omission)
            guard let shell = anatomy.shell else {
                report.omissions.append(
                    Omission(
                        item: "leakage map", reason: "it needs the gaps in the cortex, which this scan cannot show"))
                return
            }
            var map = GeometricLeakageMap.map(shell, level: vertebra.level)
            map.fallback = reason.reason
            report.leakageMap = LeakageMapSection(map)
        }
    }

    private func recommend(into report: inout VertebraReport) {
        guard vertebra.isWhole else {
            report.omissions.append(
                Omission(
                    item: "cement volume", reason: "the body is cut by the border of the scan; its volume is unknown"))
            return
        }
        let rule =
            rehearsed?.recommendation.rule
            ?? VolumeRecommendation(bodyVolumeML: anatomy.measured.bodyVolumeML, gaps: anatomy.shell?.gaps ?? [])
        report.recommendation = RecommendationSection(rule, rehearsed)
    }
}
