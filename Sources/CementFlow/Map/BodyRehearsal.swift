// The rehearsal of one body: from scan, shell and order to map, paths, approaches, recommendation and risk volume.
import Domain
import Foundation
import Imaging
import Morphometry

/// What rehearsing the injection into one body found. Simulated; never compared with patients.
package struct BodyRehearsal: Sendable {
    package var order: RehearsalOrder
    package var plannedML: Double
    /// What was rehearsed: the order's approach, or the one that leaks least.
    package var approach: RehearsalOrder.Approach
    package var needles: [NeedlePlan]
    /// One injection with every input at its middle value, carried on far beyond the plan.
    package var headline: ExtendedRun
    package var monteCarlo: RehearsalResult
    package var map: LeakageMap
    /// Left, right and bilateral, with the same chance.
    package var approaches: [ApproachOutcome]
    package var recommendation: RehearsedRecommendation
    package var risk: RiskVolume

    /// Rehearses.
    ///
    /// - Parameters:
    ///   - vertebra: on a sub-grid of `volume`'s grid; whole.
    ///   - volume: the scan, HU.
    ///   - cortex: its gaps, and weaker suspects, become openings that are there with their confidence.
    ///   - cleft, foramen: nil where none was found or looked for.
    ///   - threads: runs at the same time.
    ///   - progress: part done, 0…1; called from any thread.
    /// - Throws: `CementFlowError` where the order is not possible; `FaultRecord` when cancelled.
    package init(
        of vertebra: Vertebra, in volume: Volume, cortex: CortexMap, cleft: Cleft? = nil,
        foramen: BasivertebralForamen? = nil, order: RehearsalOrder = RehearsalOrder(), threads: Int = 1,
        cancellation: Cancellation = Cancellation(),
        progress: @Sendable @escaping (Double) -> Void = { _ in }
    ) throws {
        let setting = try RehearsalSetting(
            vertebra, in: volume, cortex: cortex, cleft: cleft, foramen: foramen, order: order)
        let comparison = try ApproachComparison(
            setting, threads: threads, cancellation: cancellation, progress: { progress(0.3 * $0) })
        let choice = ApproachChoice(comparison.outcomes, order: order)
        let rehearsal = setting.rehearsal(choice.outcome.needles, runs: order.runs)
        monteCarlo = try rehearsal.run(
            in: setting.cells, threads: threads, cancellation: cancellation, progress: { progress(0.3 + 0.55 * $0) })
        let changes = try comparison.changes(
            from: choice.outcome, threads: threads, cancellation: cancellation,
            progress: { progress(0.85 + 0.12 * $0) })
        headline = try setting.extendedRun(choice.outcome.needles, cancellation: cancellation)
        self.order = order
        plannedML = setting.plannedML
        approach = choice.outcome.approach
        needles = choice.outcome.needles
        approaches = comparison.outcomes
        map = RehearsedLeakageMap(
            monteCarlo, extended: headline, cells: setting.cells, cortex: cortex, endML: setting.endML
        ).map(level: vertebra.level)
        recommendation = RehearsedRecommendation(
            rule: setting.rule, choice: choice, tallies: LeakageTallies(monteCarlo, endML: setting.endML), order: order,
            plannedML: setting.plannedML, changes: changes)
        risk = RiskVolume(
            monteCarlo, vertebra: vertebra, in: volume, tissuePorosity: setting.parameters.tissuePorosity)
        progress(1)
    }
}
