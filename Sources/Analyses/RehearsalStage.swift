// The rehearsal of one vertebra's injection, or why it cannot be rehearsed.
import CementFlow
import Domain
import Imaging
import Morphometry

/// A body after its rehearsal.
struct RehearsedBody: Sendable {
    let rehearsal: Rehearsal
    let result: RehearsalResult
    let cellMM: Double
}

/// Rehearses the injection into one vertebra after the other.
struct RehearsalStage {
    let settings: DigitalBiopsySettings
    let input: AnalysisInput

    static let item = "cement rehearsal"

    /// 1.5 mm cells rank exits as 1 mm cells do (docs/models/cement-flow.md).
    private static let cellMM = 1.5
    /// A syringe's usual flow, 0.05 mL/s (Habib 2010, IJSS 4:26).
    private static let flowMM3PerS = 50.0

    /// - Returns: what was simulated, or why nothing was.
    /// - Throws: `CementFlowError` for a plan that is not possible; `FaultRecord` when cancelled.
    func run(
        _ vertebra: Vertebra, bodyVolumeML: Double, cortex: Result<CortexMap, Unmeasured>, review: SegmentationReview,
        progress: @escaping @Sendable (Double) -> Void
    ) throws -> Result<RehearsedBody, RehearsalOmission> {
        guard settings.rehearsal.runs > 0 else { return .failure(.notAskedFor) }
        guard !review.needsReview else { return .failure(.needsReview(review.reasons)) }
        let map: CortexMap
        switch cortex {
        case .success(let found): map = found
        case .failure(let unmeasured): return .failure(.shellUnreadable(unmeasured.omission.reason))
        }
        let volumeML =
            settings.rehearsal.plannedVolumeML
            ?? VolumeRecommendation(bodyVolumeML: bodyVolumeML, gaps: map.gaps).rangeML.upperBound
        let parameters = BodyFlowParameters()
        let openings = (map.gaps + map.suspects).compactMap { gap in
            ShellOpening(gap, thicknessMM: parameters.cortexThicknessMM).map {
                UncertainOpening($0, probability: gap.confidence)
            }
        }
        let needles = tips(of: vertebra).map { Needle(tipMM: $0) }
        var rehearsal = Rehearsal(
            plan: InjectionPlan(
                needles: needles.map { Needle(tipMM: $0.tipMM, share: 1 / Double(needles.count)) },
                cement: settings.rehearsal.cement, drive: .flow(mm3PerS: Self.flowMM3PerS), volumeMM3: volumeML * 1000),
            parameters: parameters, openings: openings)
        rehearsal.runs = settings.rehearsal.runs
        rehearsal.seed = settings.randomSeed
        let cells = BodyCells(vertebra, in: input.volume, cellMM: Self.cellMM)
        let result = try rehearsal.run(
            in: cells, threads: input.threads, cancellation: input.cancellation, progress: progress)
        return .success(RehearsedBody(rehearsal: rehearsal, result: result, cellMM: Self.cellMM))
    }

    /// Those of the request; otherwise 4 mm before the middle of the body, off the midline by 4 mm or, with two
    /// needles, by 8 mm (our choice).
    private func tips(of vertebra: Vertebra) -> [PointMM] {
        if let planned = settings.rehearsal.tips.tips(of: vertebra.level) { return planned }
        let places: [SIMD3<Double>] =
            switch settings.rehearsal.approach {
            case .left: [[4, 4, 0]]
            case .right: [[-4, 4, 0]]
            case .bilateral, .auto: [[8, 4, 0], [-8, 4, 0]]
            }
        return places.map { vertebra.frame.point($0) }
    }
}

/// Why a vertebra was not rehearsed.
enum RehearsalOmission: Error, Hashable {
    case notAskedFor
    case needsReview([String])
    case shellUnreadable(String)

    var omission: Omission {
        let reason =
            switch self {
            case .notAskedFor: "not asked for (rehearsalRuns: 0)"
            case .needsReview(let reasons):
                "the segmentation needs review: \(reasons.joined(separator: " ")) Check the outline, or upload a label map."
            case .shellUnreadable(let reason): "the shell that holds the cement cannot be read: \(reason)"
            }
        return Omission(item: RehearsalStage.item, reason: reason)
    }
}
