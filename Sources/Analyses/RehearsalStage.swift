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
    let choice: TargetRequest.Choice

    static let item = "cement rehearsal"
    /// Part of a body's time that the rehearsal itself takes; the guidance table takes the rest (measured roughly).
    private static let rehearsalShare = 0.8
    /// Needle tips of a guidance table for each run of the rehearsal: the usual 256 for the usual 200 (our choice), at least 32.
    private static let tipsPerRun = 1.28
    private static let fewestTips = 32

    /// - Parameter compression: the body's height loss; nil where its heights are not known.
    /// - Returns: what was simulated, or why nothing was.
    /// - Throws: `CementFlowError` for a plan that is not possible; `FaultRecord` when cancelled.
    func run(
        _ anatomy: VertebraAnatomy, _ compression: Result<Compression, Unmeasured>?,
        progress: @escaping @Sendable (Double) -> Void
    ) throws -> Result<RehearsedBody, RehearsalOmission> {
        guard settings.rehearsal.runs > 0 else { return .failure(.notAskedFor) }
        guard !anatomy.review.needsReview || anatomy.review.isOverruled else {
            return .failure(.needsReview(anatomy.review.reasons))
        }
        let shell: CortexMap
        switch anatomy.cortex {
        case .success(let map): shell = map
        case .failure(let unmeasured): return .failure(.shellUnreadable(unmeasured.omission.reason))
        }
        guard choice == .all || isSuspect(anatomy, compression) else { return .failure(.noSuspect) }
        do {
            try settings.checkPlan(in: [anatomy.vertebra])
        } catch {
            return .failure(.planImpossible(error.detail))
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

    /// Whether the vertebra may be fractured: what cannot be told counts.
    private func isSuspect(_ anatomy: VertebraAnatomy, _ compression: Result<Compression, Unmeasured>?) -> Bool {
        guard case .success(let compression) = compression else { return true }
        return compression.genantGrade > 0 || ((try? anatomy.cleft.get()) ?? nil) != nil
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
    case noSuspect
    case planImpossible(String)
    case shellUnreadable(String)

    var omission: Omission { Omission(item: RehearsalStage.item, reason: reason) }

    var reason: String {
        switch self {
        case .notAskedFor: "not asked for (rehearsalRuns: 0)"
        case .needsReview(let reasons):
            "the segmentation needs review: \(reasons.joined(separator: " ")) Check the outline, or upload a label map."
        case .noSuspect:
            "neither a height loss of 15 % nor a cleft was found, and nobody asked for it: name it in '\(TargetRequest.levelsSetting)', "
                + "or give '\(TargetRequest.choiceSetting)': 'all'"
        case .planImpossible(let reason): "the plan does not fit it: \(reason)"
        case .shellUnreadable(let reason): "the shell that holds the cement cannot be read: \(reason)"
        }
    }
}
