// Many injections into one body, each with other numbers: how likely each leak is.
import Domain
import Foundation
import Imaging

/// A Monte Carlo of injections.
package struct Rehearsal: Sendable {
    /// What is injected; its tolerance and step are taken as they are.
    package var plan: InjectionPlan
    package var parameters: BodyFlowParameters
    package var openings: [UncertainOpening]
    package var spread = RehearsalSpread()
    /// Recorded in the result: the same seed gives the same result on every machine and for any number of threads.
    package var seed: UInt64 = 1
    package var runs = 200
    /// Runs go on to this many times the planned volume, so that exits can be ranked that do not leak before (our choice, after the
    /// measured need: docs/models/cement-flow.md). Probabilities are read up to the planned volume and beyond it.
    package var reach = 1.5

    package init(
        plan: InjectionPlan, parameters: BodyFlowParameters = BodyFlowParameters(), openings: [UncertainOpening]
    ) {
        self.plan = plan
        self.parameters = parameters
        self.openings = openings
    }

    /// Runs all injections.
    ///
    /// - Parameters:
    ///   - cells: the body; 1.5 mm cells rank exits as 1 mm cells do (docs/models/cement-flow.md).
    ///   - threads: runs at the same time; each takes some 10 MB.
    ///   - progress: part done, 0…1; called from any thread.
    /// - Throws: `CementFlowError` where the plan itself is not possible; `FaultRecord` when cancelled.
    package func run(
        in cells: BodyCells, threads: Int = 1, cancellation: Cancellation = Cancellation(),
        progress: @Sendable (Double) -> Void = { _ in }
    ) throws -> RehearsalResult {
        let runs = try runAll(in: cells, threads: threads, cancellation: cancellation, progress: progress)
        return RehearsalResult(self, runs.map(\.outcome), filled: runs.map(\.isFilled), grid: cells.grid)
    }

    /// Every run by itself, in order.
    func outcomes(in cells: BodyCells, threads: Int) throws -> [RehearsalOutcome] {
        try runAll(in: cells, threads: threads, cancellation: Cancellation(), progress: { _ in }).map(\.outcome)
    }

    private func runAll(
        in cells: BodyCells, threads: Int, cancellation: Cancellation, progress: @Sendable (Double) -> Void
    ) throws -> [Run] {
        try check(in: cells)
        return try inOrder(runs, threads: threads) { run in
            try cancellation.check()
            let outcome = try one(run, cells, cancellation)
            progress(Double(run + 1) / Double(runs))
            return outcome
        }
    }

    /// What holds for all runs is told before the first.
    private func check(in cells: BodyCells) throws {
        for (n, needle) in plan.needles.enumerated() where !cells.holds(needle.tipMM) {
            throw CementFlowError.needleOutsideBody(needle: n, tipMM: needle.tipMM)
        }
        try plan.check(poresMM3: parameters.porosity * cells.volumeMM3)
    }

    private struct Run: Sendable {
        var outcome: RehearsalOutcome
        /// Cells at least half full at the planned volume.
        var isFilled: [Bool]
    }

    /// One run with its own numbers.
    private func one(_ run: Int, _ planned: BodyCells, _ cancellation: Cancellation) throws -> Run {
        let draw = RehearsalDraw(
            seed: seed, run: run, needles: plan.needles.count, openings: openings, spread: spread)
        let cells = spread.segmentationSDMM > 0 ? planned.shifted(draw.surface.outwardsMM) : planned
        var parameters = parameters
        parameters.permeabilityMM2 *= draw.permeabilityFactor
        let model = BodyFlowModel(cells, parameters: parameters, openings: draw.openings)
        var plan = plan
        plan.cement.consistency *= draw.viscosityFactor
        plan.volumeMM3 = min(plan.volumeMM3 * reach, 0.9 * model.domain.poreVolumeMM3)
        plan.marksMM3 = [self.plan.volumeMM3]
        for (n, shifts) in draw.tipShiftsMM.enumerated() {
            let planned = plan.needles[n].tipMM
            let candidates = shifts.map {
                planned + cells.frame.x * $0.x + cells.frame.y * $0.y + cells.frame.z * $0.z
            }
            let others = plan.needles[..<n]
            let tip = candidates.first { tip in
                cells.holds(tip) && others.allSatisfy { length($0.tipMM - tip) > $0.radiusMM }
            }
            plan.needles[n].tipMM = tip ?? cells.nearest(to: planned)
        }
        let result = try model.domain.inject(plan, cancellation: cancellation)
        let outcome = RehearsalOutcome(
            result, places: model.places, plan: plan, plannedMM3: self.plan.volumeMM3, draw: draw,
            openings: openings.count, run: run)
        return Run(outcome: outcome, isFilled: (result.marks.first?.fill ?? result.fill).map { $0 >= 0.5 })
    }
}

extension BodyCells {
    /// True for a point in a cell of the body.
    func holds(_ point: PointMM) -> Bool {
        grid.geometry.voxel(holding: point).map { isBone[grid.offset($0.x, $0.y, $0.z)] } ?? false
    }

    /// The point itself where the body holds it, else the centre of the nearest cell.
    fileprivate func nearest(to point: PointMM) -> PointMM {
        guard !holds(point) else { return point }
        let centres = isBone.indices.filter { isBone[$0] }.map { grid.centre(of: $0) }
        return centres.min { length($0 - point) < length($1 - point) } ?? point
    }
}
