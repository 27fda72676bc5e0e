// The pressure field and what it means at the needles: pressure, and how the flow divides.
import Domain
import Foundation
import Imaging

/// Solves for the pressure of a unit total flow, and turns it into the needles' pressures and flows by the drive.
final class NeedlePressure {
    let faces: FaceConductances
    /// Pressure of a total flow of 1 mm³/s, Pa.
    let unit: Field<Double>
    let needles: [NeedleOnGrid]
    private(set) var shares: [Double]
    /// Pressure at each needle over the total flow, Pa·s/mm³.
    private(set) var resistances: [Double]
    private(set) var flowMM3PerS: Double
    private(set) var iterations = 0
    /// Solutions so far for which the guard was needed.
    private(set) var guardedSolutions = 0

    private let domain: FlowDomain
    private let plan: InjectionPlan
    private let solver: PressureSolver
    /// Made when the fast solver fails for the first time.
    private var strongSolver: CholeskySolver?
    /// Pressure of each needle alone, where needles share one pressure.
    private let alone: [Field<Double>]

    init(_ domain: FlowDomain, plan: InjectionPlan, needles: [NeedleOnGrid]) {
        self.domain = domain
        self.plan = plan
        self.needles = needles
        faces = FaceConductances(domain)
        unit = Field(repeating: 0, count: domain.grid.count)
        solver = PressureSolver(domain.grid, isCell: domain.porosity.map { $0 > 0 })
        let total = plan.needles.reduce(0) { $0 + $1.share }
        shares = plan.needles.map { $0.share / total }
        resistances = [Double](repeating: 0, count: needles.count)
        if case .pressure = plan.drive, needles.count > 1 {
            alone = needles.map { _ in Field(repeating: 0, count: domain.grid.count) }
        } else {
            alone = []
        }
        switch plan.drive {
        case .flow(let flow), .limited(let flow, _, _): flowMM3PerS = flow
        case .pressure: flowMM3PerS = Self.firstGuessMM3PerS
        }
    }

    /// Only where the viscosity depends on a flow that is not known yet (our choice: a usual injection, 3 mL/min).
    private static let firstGuessMM3PerS = 50.0

    /// Cells that the flow enters, with their shares.
    var sources: [(cell: Int, rate: Double)] {
        zip(needles, shares).flatMap { needle, share in needle.cells.map { ($0.cell, $0.weight * share) } }
    }

    var needlesPa: [Double] { resistances.map { $0 * flowMM3PerS } }
    var needleFlows: [Double] { shares.map { $0 * flowMM3PerS } }

    /// - Throws: `CementFlowError.pressureUnsolved`.
    func solve(_ rheology: CellViscosity, sweep: FrontSweep, state: PassageState) throws {
        faces.update(viscosity: rheology.filling, cement: rheology.cement, state: state)
        iterations = 0
        if alone.isEmpty {
            try solve(sources, into: unit)
            for (n, needle) in needles.enumerated() {
                resistances[n] = rheology.mouthPressure(
                    of: needle, flow: shares[n] * flowMM3PerS, fieldFlow: shares[n], in: unit, sweep)
            }
        } else {
            try solveCommonPressure(rheology, sweep)
        }
        switch plan.drive {
        case .flow(let flow): flowMM3PerS = flow
        case .pressure(let pressure):
            flowMM3PerS = rheology.flow(at: pressure, resistance: resistances.max() ?? 0, now: flowMM3PerS)
        case .limited(let flow, let pressure, let cannula):
            let total = (resistances.max() ?? 0) + cannula * rheology.typicalViscosity
            flowMM3PerS = min(flow, rheology.flow(at: pressure, resistance: total, now: flowMM3PerS))
        }
    }

    private func solve(_ sources: [(cell: Int, rate: Double)], into field: Field<Double>) throws {
        let tolerance = plan.accuracy.tolerance
        var outcome = solver.solve(
            faces, sources: sources, pressure: field, tolerance: tolerance, limit: plan.accuracy.patience)
        iterations += outcome.iterations
        if outcome.residual <= tolerance { return }
        let strong = strongSolver ?? CholeskySolver(domain.grid, isCell: domain.porosity.map { $0 > 0 })
        strongSolver = strong
        if !outcome.residual.isFinite { for i in 0..<field.count { field.start[i] = 0 } }
        outcome = strong.solve(
            faces, sources: sources, pressure: field, tolerance: tolerance, limit: Self.iterationLimit)
        iterations += outcome.iterations
        guardedSolutions += 1
        guard outcome.residual <= 10 * tolerance else {
            throw CementFlowError.pressureUnsolved(iterations: outcome.iterations, residual: outcome.residual)
        }
    }

    /// One solution for each needle alone, then the flows that give all of them the same pressure; a needle that would draw cement
    /// in is shut.
    private func solveCommonPressure(_ rheology: CellViscosity, _ sweep: FrontSweep) throws {
        for (n, needle) in needles.enumerated() {
            try solve(needle.cells.map { ($0.cell, $0.weight) }, into: alone[n])
        }
        var open = Array(needles.indices)
        var flows: [Double] = []
        repeat {
            let matrix = open.map { i in
                open.map { j in
                    i == j
                        ? rheology.mouthPressure(
                            of: needles[i], flow: shares[i] * flowMM3PerS, fieldFlow: 1, in: alone[i], sweep)
                        : mean(of: needles[i], in: alone[j])
                }
            }
            flows = solveLinear(matrix, [Double](repeating: 1, count: open.count))
            guard let shut = flows.firstIndex(where: { $0 <= 0 }), open.count > 1 else { break }
            open.remove(at: shut)
        } while true
        let total = flows.reduce(0, +)
        shares = [Double](repeating: 0, count: needles.count)
        for (place, n) in open.enumerated() { shares[n] = flows[place] / total }
        resistances = [Double](repeating: 1 / total, count: needles.count)
        let p = unit.start
        for i in 0..<unit.count {
            var sum = 0.0
            for n in open { sum += shares[n] * alone[n].start[i] }
            p[i] = sum
        }
    }

    private func mean(of needle: NeedleOnGrid, in field: Field<Double>) -> Double {
        needle.cells.reduce(0) { $0 + $1.weight * field.start[$1.cell] }
    }

    /// Of the guard, which has not been seen to need a tenth of it (docs/models/cement-flow.md).
    private static let iterationLimit = 5000
}
