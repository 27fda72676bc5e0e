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
        RehearsalResult(
            self, try outcomes(in: cells, threads: threads, cancellation: cancellation, progress: progress))
    }

    /// Every run by itself, in order.
    func outcomes(
        in cells: BodyCells, threads: Int, cancellation: Cancellation = Cancellation(),
        progress: @Sendable (Double) -> Void = { _ in }
    ) throws -> [RehearsalOutcome] {
        try inOrder(runs, threads: threads) { run in
            try cancellation.check()
            let outcome = try one(run, cells, cancellation)
            progress(Double(run + 1) / Double(runs))
            return outcome
        }
    }

    /// One run with its own numbers.
    private func one(_ run: Int, _ cells: BodyCells, _ cancellation: Cancellation) throws -> RehearsalOutcome {
        let draw = RehearsalDraw(
            seed: seed, run: run, needles: plan.needles.count, openings: openings, spread: spread)
        var parameters = parameters
        parameters.permeabilityMM2 *= draw.permeabilityFactor
        let model = BodyFlowModel(cells, parameters: parameters, openings: draw.openings)
        var plan = plan
        plan.cement.consistency *= draw.viscosityFactor
        plan.volumeMM3 = min(plan.volumeMM3 * reach, 0.9 * model.domain.poreVolumeMM3)
        for (n, shifts) in draw.tipShiftsMM.enumerated() {
            let planned = plan.needles[n].tipMM
            let candidates = shifts.map {
                planned + cells.frame.x * $0.x + cells.frame.y * $0.y + cells.frame.z * $0.z
            }
            plan.needles[n].tipMM = candidates.first { cells.holds($0) } ?? planned
        }
        let result = try model.domain.inject(plan, cancellation: cancellation)
        return RehearsalOutcome(result, places: model.places, plannedMM3: self.plan.volumeMM3)
    }
}

/// What one run came to.
struct RehearsalOutcome: Sendable {
    /// Volume of the first leak through each exit, mL, in the order of `FlowExit.allCases`.
    let exitsML: [Double?]
    /// Through each quadrant's walls, mL, in the order of `BodyQuadrant.allCases`.
    let quadrantsML: [Double?]
    let anyML: Double?
    /// Cement through each exit at the planned volume, mL.
    let leakedML: [Double]

    init(_ result: InjectionResult, places: [BodyFlowModel.Place], plannedMM3: Double) {
        let threshold = InjectionResult.Arrival.thresholdMM3
        func first(_ leak: (InjectionResult.Step) -> Double) -> Double? {
            result.crossing(threshold, of: leak).map { $0.volumeMM3 / 1000 }
        }
        exitsML = FlowExit.allCases.map { exit in first { $0.leakedMM3[exit.index] } }
        quadrantsML = BodyQuadrant.allCases.map { quadrant in
            let openings = places.indices.filter { places[$0].quadrant == quadrant }
            return first { step in openings.reduce(0) { $0 + step.throughMM3[$1] } }
        }
        anyML = first { $0.leakedMM3.reduce(0, +) }
        leakedML = FlowExit.allCases.map { exit in
            result.leak(atMM3: plannedMM3) { $0.leakedMM3[exit.index] } / 1000
        }
    }
}

extension BodyCells {
    /// True for a point in a cell of the body.
    func holds(_ point: PointMM) -> Bool {
        grid.geometry.voxel(holding: point).map { isBone[grid.offset($0.x, $0.y, $0.z)] } ?? false
    }
}
