// The weights of each outcome, from the literature.
import Foundation

private let metaAnalysis2024 = "meta-analysis 2024, J Orthop Surg Res, PMC11745741"
private let metaAnalysis2017 = "meta-analysis 2017, 10.1016/j.wneu.2017.01.124"
private let viscosity2018 = "high against low viscosity, Medicine 2018, PMC5895344"
private let matchedCleft = "139 + 139 matched vertebrae, PVP, PMC8449924: odds ratio from the rates"

private let corticalDisruption = OddsRatio(5.00, 3.01, 8.29, .readInPaper, metaAnalysis2024)
private let foramenSign = OddsRatio(1.77, 1.09, 2.89, .readInPaper, metaAnalysis2024)
private let cleftAny = OddsRatio(1.68, 1.07, 2.65, .readInPaper, metaAnalysis2024)

extension LeakageEquation {
    /// The equation of an outcome for a procedure.
    static func equation(for outcome: LeakageOutcome, _ procedure: AugmentationProcedure) -> LeakageEquation {
        switch outcome {
        case .any: anyLeakage(procedure)
        case .segmentalVein: segmentalVein
        case .corticalDefect: corticalDefect
        case .disc: disc
        case .canal: canal
        }
    }

    private static func anyLeakage(_ procedure: AugmentationProcedure) -> LeakageEquation {
        LeakageEquation(
            findings: [.corticalDisruption, .intravertebralCleft, .basivertebralForamenSign],
            weights: [
                FindingWeight(.corticalDisruption, corticalDisruption),
                FindingWeight(.intravertebralCleft, cleftAny),
                FindingWeight(.basivertebralForamenSign, foramenSign),
            ],
            treatments: [
                lowViscosity(OddsRatio(3.32, 1.36, 8.07, .readInAbstract, metaAnalysis2017)), cementVolume(procedure),
            ], gate: [])
    }

    private static let segmentalVein = LeakageEquation(
        findings: [.intravertebralCleft],
        weights: [
            FindingWeight(.intravertebralCleft, OddsRatio(0.29, 0.18, 0.49, .derived, matchedCleft))
        ],
        treatments: [
            // RR 0.54 (0.35–0.85) for veins as an odds ratio near 1/0.45, its interval widened by us.
            lowViscosity(OddsRatio(2.22, 1.23, 4.00, .derived, "\(viscosity2018): RR 0.54 for veins as an odds ratio")),
            punctureSideFill,
        ], gate: [])

    private static let corticalDefect = LeakageEquation(
        findings: [.lateralOrAnteriorGap, .intravertebralCleft],
        weights: [
            // Published for any leakage, and significant for this type (Zhang K 2021) without a stored odds ratio.
            FindingWeight(.lateralOrAnteriorGap, corticalDisruption),
            FindingWeight(.intravertebralCleft, OddsRatio(2.51, 1.33, 4.73, .derived, matchedCleft)),
        ], treatments: [], gate: [])

    private static let disc = LeakageEquation(
        findings: [.superiorEndplateGap, .inferiorEndplateGap, .intravertebralCleft],
        weights: [
            FindingWeight(.intravertebralCleft, OddsRatio(2.86, 1.27, 6.44, .derived, matchedCleft))
        ],
        treatments: [
            // RR 0.45 for discs at a rate of 12 % is an odds ratio of 0.42; its interval, misprinted there, is ours.
            lowViscosity(OddsRatio(2.38, 1.33, 4.26, .derived, "\(viscosity2018): RR 0.45 for discs as an odds ratio"))
        ],
        // 54 of 179 bodies with a disrupted endplate leaked into the disc, and 0 of 55 without.
        gate: [.superiorEndplateGap, .inferiorEndplateGap])

    private static let canal = LeakageEquation(
        findings: [.basivertebralForamenSign, .intravertebralCleft, .cleftReachesForamen, .posteriorWallGap],
        weights: [
            FindingWeight(.basivertebralForamenSign, foramenSign),
            // Published for any leakage; the weight for this type is a prior.
            FindingWeight(
                .posteriorWallGap,
                OddsRatio(5.00, 3.01, 8.29, .unverified, "\(metaAnalysis2024): any leakage, carried over")),
            FindingWeight(
                .cleftReachesForamen,
                OddsRatio(
                    2.14, 1.08, 4.25, .derived, "PKP, 17/72 against 25/198, Wang 2014: crude odds ratio of a cleft"),
                applies: { $0.isSuperset(of: [.intravertebralCleft, .cleftReachesForamen]) }),
            FindingWeight(
                .intravertebralCleft, OddsRatio(0.57, 0.33, 0.98, .derived, matchedCleft),
                label: "intravertebral cleft that does not reach the foramen",
                applies: { $0.contains(.intravertebralCleft) && !$0.contains(.cleftReachesForamen) }),
        ],
        treatments: [
            // RR 0.48 for the canal as an odds ratio; the interval is that of 1 / RR.
            lowViscosity(
                OddsRatio(2.12, 0.81, 5.26, .derived, "\(viscosity2018): RR 0.48 for the canal, not significant"))
        ], gate: [])

    /// Low against high viscosity, counted from an even mix: the share of either in the cohorts is not known.
    private static func lowViscosity(_ oddsRatio: OddsRatio) -> TreatmentWeight {
        TreatmentWeight(label: "low-viscosity cement", oddsRatio: oddsRatio, isShrunk: true) { predictors in
            predictors.isLowViscosityCement.map { ($0 ? 0.5 : -0.5, $0 ? "yes" : "no") }
        }
    }

    /// Odds ratio per mL = exp(MD / SD²) for equal normal spread: leaks had 0.75 mL (0.41–1.10) more; SD 1.2 mL (assumed).
    private static func cementVolume(_ procedure: AugmentationProcedure) -> TreatmentWeight {
        let variance = 1.2 * 1.2  // mL²; spread of volumes, assumed (U)
        // Means: 4.6 mL in PVP (Deng 2023), 2.5 to 3.0 mL in 181 PKP.
        let meanML = procedure == .vertebroplasty ? 4.6 : 2.75
        let oddsRatio = OddsRatio(
            exp(0.75 / variance), exp(0.41 / variance), exp(1.10 / variance), .derived,
            "\(metaAnalysis2024): 0.75 mL (0.41 to 1.10) more with leakage, SD 1.2 mL assumed; per mL")
        return TreatmentWeight(label: "cement volume", oddsRatio: oddsRatio, isShrunk: false) { predictors in
            predictors.cementVolumeML.map { ($0 - meanML, "\($0) mL; mean \(meanML) mL") }
        }
    }

    /// Cut-off 13.68 % of the body on the side of the puncture (BMC Musculoskelet Disord 2022, 10.1186/s12891-022-05135-w).
    private static let punctureSideFill = TreatmentWeight(
        label: "cement on the side of the puncture above 13.68 % of the body",
        oddsRatio: OddsRatio(2.01, 0.75, 5.40, .unverified, "cut-off: 10.1186/s12891-022-05135-w; weight: weak prior"),
        isShrunk: true
    ) { predictors in
        predictors.punctureSideVolumeFraction.map { ($0 > 0.1368 ? 0.5 : -0.5, "\($0 * 100) %") }
    }
}
