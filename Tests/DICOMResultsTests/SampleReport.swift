// A report with a rehearsed vertebra, one with a geometric map that needs review, and two that were only found.
import Domain
import Foundation

enum SampleReport {
    static func report() -> Report {
        var report = Report(
            analysis: AnalysisName(name: "digital-biopsy", version: "2.4"),
            study: StudyReference(id: "s", inputSHA256: "ab12", series: "1.2.3", modality: "CT"),
            image: ImageFacts(
                sizeVoxels: [512, 512, 300], spacingMM: [0.7, 0.7, 1], sliceThicknessMM: 1, warnings: ["Thick slices."]),
            standardisation: [], radiomics: nil,
            vertebrae: [
                vertebra(.L1, shares: ["AL": 0.62, "AR": 0.2, "PL": 0.08, "PR": 0.97]),
                vertebra(.L2, shares: nil, verdict: "needs-review"),
            ],
            omissions: [Omission(item: "level detection", reason: "levels are taken from the request")],
            provenance: Provenance(
                software: "osteon", version: "0.1.0", settings: [:], models: ["evidence 1"],
                createdAt: Date(timeIntervalSince1970: 1_750_000_000), timingsMS: []))
        report.spine = SpineSection(
            vertebrae: [found("L1", 20, 31), found("L4", 23, 40), found("unknown-1", 101, nil)], anchors: [], notes: [])
        return report
    }

    private static let axes = FrameAxes(
        rightToLeft: [1, 0, 0], posteriorToAnterior: [0, -1, 0], caudalToCranial: [0, 0, 1])

    private static func found(_ name: String, _ value: Int, _ volumeML: Double?) -> SpineVertebra {
        SpineVertebra(
            name: name, level: VertebralLevel(named: name), levelConfidence: 1, labelValue: value,
            bodyCentreLPSMM: [0, 0, 0], bodyVolumeML: volumeML, vertebraVolumeML: nil, isWhole: nil, frame: nil,
            score: 1,
            verdict: volumeML == nil ? "needs-review" : "accepted", reasons: [])
    }

    /// - Parameter shares: of simulated leaks by quadrant; nil for a geometric map.
    private static func vertebra(
        _ level: VertebralLevel, shares: [String: Double]?, verdict: String = "accepted"
    ) -> VertebraReport {
        var vertebra = VertebraReport(
            level: level,
            segmentation: SegmentationSection(
                origin: "automatic", levelNamedBy: "sacrum", labelValue: Int(level.labelValue), isWhole: true,
                bodyVolumeML: 31.44, vertebraVolumeML: 60, bodyCentreLPSMM: [0, 0, 0], frame: axes, verdict: verdict,
                warnings: []))
        vertebra.morphometry = MorphometrySection(
            measurements: [Measurement(name: "trabecularMean", value: 98.4, unit: "HU", source: "x")],
            fracture: FractureSection(
                genantGrade: 0.5, deformity: "wedge", compression: 0.312, reference: "", source: ""),
            cortex: CortexSection(gaps: [], walls: [], analysedShare: 0.8, limits: ""))
        vertebra.risk = RiskSection(
            model: "m", method: "",
            baseline: BaselineSection(procedure: "", ascertainment: "", probability: 0.3, source: ""),
            any: ProbabilitySection(
                probability: 0.31, interval95: [0.21, 0.41], band: "moderate", baseline: 0.3, contributions: []),
            types: [], shrinkage: 1, draws: 1, seed: 1, limits: [])
        if shares != nil {
            vertebra.risk?.anyRehearsal = SimulatedLeakageSection(
                simulatedProbability: 0.42, interval95: [0.33, 0.52], leakingRuns: 84, runs: 200)
        }
        let scores = shares ?? ["AL": 0, "AR": 1, "PL": 1, "PR": 0.5]
        vertebra.leakageMap = LeakageMapSection(
            method: shares == nil ? "geometric" : "rehearsal", explanation: "",
            fallback: shares == nil ? "the outline needs review" : nil,
            quadrants: scores.keys.sorted().map { name in
                let score = scores[name] ?? 0
                return QuadrantSection(
                    quadrant: name, rank: 1 + scores.values.count { $0 > score }, score: score, gapCount: 0,
                    simulated: shares == nil ? nil : simulated(score))
            }, sectors: [],
            exits: [
                ExitSection(
                    exit: "posterior wall", rank: 1, score: 0.4, gapCount: 0, gapAreaMM2: 0, leakageTypes: ["IV"],
                    hazard: "canal", simulated: shares == nil ? nil : simulated(0.4), rehearsed: nil)
            ], beams: [], notes: [])
        vertebra.recommendation = RecommendationSection(
            volumeRangeML: [2.1, 3.4], basis: "published rule", ruleVolumeRangeML: [2, 4], hardLimitML: 5, rule: "",
            source: "", rehearsed: nil, warnings: [])
        vertebra.parts = [("body", 1), ("left pedicle", 2)].map { name, number in
            PartSection(name: name, labelValue: Int(level.labelValue) * 100 + number, volumeML: 1)
        }
        vertebra.omissions = [Omission(item: "disc above", reason: "no whole vertebra is outlined beyond it")]
        return vertebra
    }

    private static func simulated(_ share: Double) -> SimulatedLeakSection {
        SimulatedLeakSection(
            probabilityAtPlannedVolume: share, interval95: [0, 1],
            firstLeak: FirstLeakSection(
                in5PercentOfRunsML: nil, in50PercentOfRunsML: nil, in95PercentOfRunsML: nil))
    }
}
