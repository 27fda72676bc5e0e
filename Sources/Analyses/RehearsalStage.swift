// The rehearsal of one vertebra's injection, or why it cannot be rehearsed.
import CementFlow
import Domain
import Guidance
import Imaging
import Morphometry
import OutcomeModels

/// A body after its rehearsal.
struct RehearsedBody: Sendable {
    let rehearsal: BodyRehearsal
    /// For questions during the injection.
    let guidance: GuidanceTable
}

/// Rehearses the injection into one vertebra after the other.
struct RehearsalStage {
    let settings: DigitalBiopsySettings
    let input: AnalysisInput

    static let item = "cement rehearsal"
    /// Part of a body's time that the rehearsal itself takes; the guidance table takes the rest (measured roughly).
    private static let rehearsalShare = 0.8
    /// Needle tips of a guidance table for each run of the rehearsal: the usual 256 for the usual 200 (our choice), at least 32.
    private static let tipsPerRun = 1.28
    private static let fewestTips = 32

    /// - Returns: what was simulated, or why nothing was.
    /// - Throws: `CementFlowError` for a plan that is not possible; `FaultRecord` when cancelled.
    func run(
        _ anatomy: VertebraAnatomy, progress: @escaping @Sendable (Double) -> Void
    ) throws -> Result<RehearsedBody, RehearsalOmission> {
        guard settings.rehearsal.runs > 0 else { return .failure(.notAskedFor) }
        guard !anatomy.review.needsReview else { return .failure(.needsReview(anatomy.review.reasons)) }
        let shell: CortexMap
        switch anatomy.cortex {
        case .success(let map): shell = map
        case .failure(let unmeasured): return .failure(.shellUnreadable(unmeasured.omission.reason))
        }
        let cleft = (try? anatomy.cleft.get()) ?? nil
        let foramen = (try? anatomy.foramen.get()) ?? nil
        let order = order(for: anatomy.vertebra.level)
        let rehearsal = try BodyRehearsal(
            of: anatomy.vertebra, in: input.volume, cortex: shell, cleft: cleft, foramen: foramen, order: order,
            threads: input.threads, cancellation: input.cancellation, progress: { progress(Self.rehearsalShare * $0) })
        let tips = min(max(Int(Self.tipsPerRun * Double(order.runs)), Self.fewestTips), GuidanceTable.usualTips)
        let guidance = try GuidanceTable(
            of: anatomy.vertebra, in: input.volume, cortex: shell, cleft: cleft, foramen: foramen, order: order,
            tips: tips, threads: input.threads, cancellation: input.cancellation,
            progress: { progress(Self.rehearsalShare + (1 - Self.rehearsalShare) * $0) })
        return .success(RehearsedBody(rehearsal: rehearsal, guidance: guidance))
    }

    private func order(for level: VertebralLevel) -> RehearsalOrder {
        let request = settings.rehearsal
        return RehearsalOrder(
            procedure: settings.procedure == .kyphoplasty ? .kyphoplasty : .vertebroplasty, cement: request.cement.name,
            volumeML: request.plannedVolumeML, approach: RehearsalOrder.Approach(rawValue: request.approach.rawValue),
            tipsLPSMM: request.tips.tips(of: level), runs: request.runs, seed: settings.randomSeed,
            thresholds: request.thresholds)
    }
}

/// Why a vertebra was not rehearsed.
enum RehearsalOmission: Error, Hashable {
    case notAskedFor
    case needsReview([String])
    case shellUnreadable(String)

    var omission: Omission { Omission(item: RehearsalStage.item, reason: reason) }

    var reason: String {
        switch self {
        case .notAskedFor: "not asked for (rehearsalRuns: 0)"
        case .needsReview(let reasons):
            "the segmentation needs review: \(reasons.joined(separator: " ")) Check the outline, or upload a label map."
        case .shellUnreadable(let reason): "the shell that holds the cement cannot be read: \(reason)"
        }
    }
}
