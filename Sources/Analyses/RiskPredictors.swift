// What the scan and the request say to the evidence model.
import Domain
import Morphometry
import OutcomeModels

/// The predictors of leakage for one vertebra.
struct RiskPredictors {
    let settings: DigitalBiopsySettings
    let anatomy: VertebraAnatomy

    var leakage: LeakagePredictors {
        var predictors = LeakagePredictors(
            procedure: settings.procedure, ascertainment: settings.ascertainment,
            findings: gapFindings.merging(cleftFindings) { $1 }.merging(foramenFindings) { $1 },
            isLowViscosityCement: settings.isLowViscosityCement,
            cementVolumeML: settings.rehearsal.plannedVolumeML)
        // What a person says stands above what was measured.
        if let cleft = settings.intravertebralCleft {
            predictors.findings[.intravertebralCleft] = .stated(cleft)
            if !cleft { predictors.findings[.cleftReachesForamen] = .stated(false) }
        }
        if let sign = settings.basivertebralForamenSign {
            predictors.findings[.basivertebralForamenSign] = .stated(sign)
        }
        return predictors
    }

    /// Unknown, not absent, where the scan cannot show the cortex.
    private var gapFindings: [LeakageFinding: Knowledge] {
        guard let cortex = anatomy.shell else { return [:] }
        let sides: [LeakageFinding: Set<BodyWall>] = [
            .corticalDisruption: Set(BodyWall.allCases), .lateralOrAnteriorGap: [.anterior, .left, .right],
            .posteriorWallGap: [.posterior], .superiorEndplateGap: [.superiorEndplate],
            .inferiorEndplateGap: [.inferiorEndplate],
        ]
        return Dictionary(
            uniqueKeysWithValues: sides.map { finding, walls in
                let confidences = (cortex.gaps + cortex.suspects).filter { walls.contains($0.wall) }.map(\.confidence)
                return (
                    finding,
                    finding.measured(
                        confidences.max() ?? 0, inShare: cortex.analysedShare(of: walls), how: "cortex map")
                )
            })
    }

    private var cleftFindings: [LeakageFinding: Knowledge] {
        guard case .success(let found) = anatomy.cleft else { return [:] }
        guard let cleft = found else {
            let none = Knowledge.measured(probability: 0, how: "looked for gas and fluid, none found")
            return [.intravertebralCleft: none, .cleftReachesForamen: none]
        }
        let how = "\(cleft.form.rawValue) cleft of \((cleft.volumeML * 100).rounded() / 100) mL"
        var findings: [LeakageFinding: Knowledge] = [
            .intravertebralCleft: .measured(probability: cleft.confidence, how: how)
        ]
        // Given that there is a cleft, as the model's prevalence has it.
        if let contact = cleft[.foramen] {
            findings[.cleftReachesForamen] = .measured(
                probability: contact.connection,
                how: "way from the cleft to the foramen, \((contact.distanceMM * 10).rounded() / 10) mm")
        }
        return findings
    }

    private var foramenFindings: [LeakageFinding: Knowledge] {
        guard case .success(let found) = anatomy.foramen else { return [:] }
        guard let foramen = found, foramen.hasSign else {
            return [.basivertebralForamenSign: .measured(probability: 0, how: "posterior wall looked at, no sign")]
        }
        let size = "\((foramen.widthMM * 10).rounded() / 10) x \((foramen.heightMM * 10).rounded() / 10) mm"
        return [.basivertebralForamenSign: .measured(probability: foramen.confidence, how: "opening of \(size)")]
    }
}
