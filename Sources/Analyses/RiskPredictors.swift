// What the scan and the request say to the evidence model.
import Domain
import Morphometry
import OutcomeModels

/// The predictors of leakage for one vertebra.
struct RiskPredictors {
    let settings: DigitalBiopsySettings
    /// nil where the scan cannot show the cortex; every gap is then unknown, not absent.
    let cortex: CortexMap?

    var leakage: LeakagePredictors {
        var predictors = LeakagePredictors(
            procedure: settings.procedure, ascertainment: settings.ascertainment, findings: gapFindings,
            isLowViscosityCement: settings.isLowViscosityCement, cementVolumeML: settings.rehearsal.plannedVolumeML)
        predictors.findings[.intravertebralCleft] = settings.intravertebralCleft.map { .stated($0) }
        predictors.findings[.basivertebralForamenSign] = settings.basivertebralForamenSign.map { .stated($0) }
        return predictors
    }

    private var gapFindings: [LeakageFinding: Knowledge] {
        guard let cortex else { return [:] }
        func found(_ walls: Set<BodyWall>) -> Knowledge {
            let confidences = (cortex.gaps + cortex.suspects).filter { walls.contains($0.wall) }.map(\.confidence)
            return .measured(probability: confidences.max() ?? 0, how: "cortex map")
        }
        return [
            .corticalDisruption: found(Set(BodyWall.allCases)),
            .lateralOrAnteriorGap: found([.anterior, .left, .right]),
            .posteriorWallGap: found([.posterior]),
            .superiorEndplateGap: found([.superiorEndplate]),
            .inferiorEndplateGap: found([.inferiorEndplate]),
        ]
    }
}
