// One injection, step by step: solve the pressure, move the front, keep the clock.
import Domain
import Foundation
import Imaging

extension FlowDomain {
    /// Injects cement and follows it.
    ///
    /// Injected volume, not time, is the independent variable; the drive decides the clock. Single-threaded and deterministic.
    ///
    /// - Throws: `CementFlowError`; `FaultRecord` when cancelled.
    package func inject(
        _ plan: InjectionPlan, cancellation: Cancellation = Cancellation()
    ) throws -> InjectionResult {
        try InjectionRun(self, plan).run(cancellation)
    }
}

/// The state of one injection.
final class InjectionRun {
    private let domain: FlowDomain
    private let plan: InjectionPlan
    private let pressure: NeedlePressure
    private let sweep: FrontSweep
    private let rheology: CellViscosity
    private let prefillMM3: Double
    private var volumeMM3 = 0.0
    private var timeS = 0.0
    private var heldMM3 = 0.0
    private var steps: [InjectionResult.Step] = []
    private var marks: [(volumeMM3: Double, fill: [Float])] = []

    init(_ bone: FlowDomain, _ plan: InjectionPlan) throws {
        let domain = try bone.prepared(for: plan)
        let drained = domain.drained()
        self.domain = drained
        self.plan = plan
        let needles = try plan.needles.enumerated().map { n, needle in
            guard NeedleOnGrid(needle, in: domain) != nil else {
                throw CementFlowError.needleOutsideBody(needle: n, tipMM: needle.tipMM)
            }
            guard let placed = NeedleOnGrid(needle, in: drained) else { throw CementFlowError.sealed(needle: n) }
            return placed
        }
        try plan.check(poresMM3: drained.poreVolumeMM3)
        sweep = FrontSweep(drained)
        for needle in needles { sweep.prefill(needle.mouth(in: drained)) }
        prefillMM3 = sweep.cementInPlaceMM3
        rheology = CellViscosity(drained, plan: plan, needles: needles)
        pressure = NeedlePressure(drained, plan: plan, needles: needles)
    }

    /// Cement e¹⁰ = 22 000 times as thick as at the start has set (our choice).
    private static let settingTimes = 10.0

    func run(_ cancellation: Cancellation) throws -> InjectionResult {
        rheology.update(sweep, atS: 0)
        try solve(settling: rheology.isNewtonian ? 1 : 12)
        record()
        while volumeMM3 < plan.volumeMM3 * (1 - 1e-12) {
            try cancellation.check()
            // A pressure drives setting cement ever more slowly: without an end the volume would never be in.
            guard timeS < Self.settingTimes * plan.cement.thickeningS else {
                throw CementFlowError.cementSet(injectedML: volumeMM3 / 1000, seconds: timeS)
            }
            let before = 1 / pressure.flowMM3PerS
            let step = nextStepMM3(before)
            let dry = passages
            let outcome = sweep.inject(
                step + heldMM3, sources: pressure.sources, pressure: pressure.unit, faces: pressure.faces,
                cutShare: plan.accuracy.cutShare)
            let injected = outcome.cutAtMM3.map { $0 - heldMM3 } ?? step
            heldMM3 = outcome.heldMM3
            volumeMM3 += injected
            rheology.update(sweep, atS: timeS + injected * before)
            if outcome.cutAtMM3 == nil {
                try solve(settling: 1)
                timeS += injected * (before + 1 / pressure.flowMM3PerS) / 2
            } else {
                // Where a passage lets cement through the pressure jumps: the clock runs on the pressure before the jump.
                try pressure.solve(rheology, sweep: sweep, state: dry)
                timeS += injected * (before + 1 / pressure.flowMM3PerS) / 2
                try solve(settling: 1)
            }
            record()
        }
        return result()
    }

    /// Volume of the next step: small at first, and never so large that the cement thickens by more than a tenth within it.
    private func nextStepMM3(_ secondsPerMM3: Double) -> Double {
        let accuracy = plan.accuracy
        let inPlace = prefillMM3 + volumeMM3
        let thickening = 0.1 * plan.cement.thickeningS / secondsPerMM3
        let goal = plan.marksMM3.filter { $0 > volumeMM3 }.min() ?? .infinity
        return min(
            accuracy.stepMM3, max(accuracy.ramp * inPlace, 1e-3 * accuracy.stepMM3), thickening,
            min(plan.volumeMM3, goal) - volumeMM3)
    }

    private func solve(settling rounds: Int) throws {
        for _ in 0..<rounds {
            try pressure.solve(rheology, sweep: sweep, state: passages)
            rheology.shear(sweep, pressure: pressure)
        }
    }

    private var passages: PassageState {
        sweep.passages(cement: rheology.typicalViscosity, marrow: plan.marrowViscosity)
    }

    private func record() {
        var leaked = [Double](repeating: 0, count: domain.exits.count)
        for (n, opening) in domain.openings.enumerated() { leaked[opening.exit] += sweep.leakedMM3[n] }
        steps.append(
            InjectionResult.Step(
                volumeMM3: volumeMM3, timeS: timeS, pressurePa: pressure.needlesPa, flowMM3PerS: pressure.needleFlows,
                leakedMM3: leaked, throughMM3: sweep.leakedMM3, iterations: pressure.iterations))
        for mark in plan.marksMM3 where abs(volumeMM3 - mark) <= 1e-9 * mark { marks.append((mark, sweep.fill)) }
    }

    private func result() -> InjectionResult {
        let cement = sweep.cement.array
        var result = InjectionResult(
            steps: steps, cementMM3: cement, fill: sweep.fill, prefillMM3: prefillMM3, arrivals: [], heldMM3: heldMM3,
            imbalanceMM3: prefillMM3 + volumeMM3 - cement.reduce(0, +) - sweep.leftMM3 - heldMM3)
        result.marks = marks
        result.guardedSolutions = pressure.guardedSolutions
        result.arrivals = domain.exits.indices.compactMap { exit in
            guard
                let crossing = result.crossing(
                    InjectionResult.Arrival.thresholdMM3, of: { $0.leakedMM3[exit] })
            else {
                return nil
            }
            return InjectionResult.Arrival(
                exit: exit, exitName: domain.exits[exit], volumeMM3: crossing.volumeMM3, timeS: crossing.timeS,
                pathMM: sweep.path(toExit: exit).map { domain.grid.centre(of: $0) })
        }.sorted { $0.volumeMM3 < $1.volumeMM3 }
        return result
    }
}

extension FlowDomain {
    /// What the procedure makes of the bone before cement comes.
    fileprivate func prepared(for plan: InjectionPlan) throws -> FlowDomain {
        switch plan.procedure {
        case .vertebroplasty: self
        case .kyphoplasty(let volumes): try pressed(byBalloons: volumes, at: plan.needles.map(\.tipMM))
        }
    }

    /// Pores of all cells, mm³.
    package var poreVolumeMM3: Double { porosity.reduce(0, +) * grid.cellMM * grid.cellMM * grid.cellMM }
}
