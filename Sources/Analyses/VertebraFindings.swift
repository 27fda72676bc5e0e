// Everything found about one vertebra, written down as its report.
import CementFlow
import Domain
import Imaging
import Morphometry
import OutcomeModels

/// The results of all stages for one vertebra.
struct VertebraFindings {
    let vertebra: Vertebra
    let measured: VertebraMorphometry
    let compression: Result<Compression, Unmeasured>?
    let review: SegmentationReview
    let cortex: Result<CortexMap, Unmeasured>
    let rehearsal: Result<RehearsedBody, RehearsalOmission>
    let radiomics: BodyRadiomics.Finding

    /// - Throws: what the evidence model throws for settings out of its range.
    func report(_ settings: DigitalBiopsySettings) throws -> VertebraReport {
        var report = VertebraReport(
            level: vertebra.level, segmentation: SegmentationSection(vertebra, measured, review))
        report.omissions = measured.omissions
        report.morphometry = MorphometrySection(measured: measured)
        switch compression {
        case .success(let compression): report.morphometry?.fracture = FractureSection(compression)
        case .failure(let unmeasured): report.omissions.append(unmeasured.omission)
        case nil: break
        }
        switch cortex {
        case .success(let map):
            report.morphometry?.cortex = CortexSection(map)
            report.leakageMap = LeakageMapSection(GeometricLeakageMap.map(map, level: vertebra.level))
        case .failure(let unmeasured):
            report.omissions.append(unmeasured.omission)
            report.omissions.append(
                Omission(
                    item: "leakage map", reason: "it is ranked from gaps in the cortex, which this scan cannot show"))
        }
        switch radiomics {
        case .measured(_, let section): report.radiomics = section
        case .omitted(let omission): report.omissions.append(omission)
        }
        switch rehearsal {
        case .success(let body): report.rehearsal = RehearsalSection(body, settings, level: vertebra.level)
        case .failure(let reason): report.omissions.append(reason.omission)
        }
        let predictors = RiskPredictors(settings: settings, cortex: try? cortex.get())
        report.risk =
            try LeakageEvidenceModel.assess(predictors.leakage, draws: settings.draws, seed: settings.randomSeed)
            .section
        recommend(into: &report)
        return report
    }

    private func recommend(into report: inout VertebraReport) {
        guard vertebra.isWhole else {
            report.omissions.append(
                Omission(
                    item: "cement volume", reason: "the body is cut by the border of the scan; its volume is unknown"))
            return
        }
        report.recommendation = RecommendationSection(
            VolumeRecommendation(bodyVolumeML: measured.bodyVolumeML, gaps: (try? cortex.get())?.gaps ?? []))
    }
}
