// Conjugate gradients on all cells, plain and with the diagonal: what the solver's iterations are compared with.
import Foundation
import Imaging

@testable import CementFlow

enum ReferenceSolver {
    /// Where the comparison gives up.
    static let limit = 5000

    private static let flowMM3PerS = 50.0

    /// Iterations to the plan's tolerance.
    struct Iterations {
        var plain: Int
        var jacobi: Int
        var reduced: Int
        var cholesky: Int
    }

    /// Follows an injection at a set flow and solves its pressures with every solver: from zero at the start, from the pressure before at
    /// each step.
    static func compare(_ domain: FlowDomain, _ injected: InjectionPlan, every stride: Int) -> (
        cold: Iterations, warm: [Iterations]
    )? {
        var plan = injected
        plan.drive = .flow(mm3PerS: flowMM3PerS)
        let drained = domain.drained()
        let needles = plan.needles.compactMap { NeedleOnGrid($0, in: drained) }
        guard needles.count == plan.needles.count else { return nil }
        let sweep = FrontSweep(drained)
        for needle in needles { sweep.prefill(needle.mouth(in: drained)) }
        let viscosity = CellViscosity(drained, plan: plan, needles: needles)
        let pressure = NeedlePressure(drained, plan: plan, needles: needles)
        var cold: Iterations?
        var warm: [Iterations] = []
        for step in 0...Int(plan.volumeMM3 / plan.accuracy.stepMM3) {
            viscosity.update(sweep, atS: Double(step) * plan.accuracy.stepMM3 / flowMM3PerS)
            let before = Field(pressure.unit.array, orEmpty: 0)
            let passages = sweep.passages(cement: viscosity.typicalViscosity, marrow: plan.marrowViscosity)
            guard (try? pressure.solve(viscosity, sweep: sweep, state: passages)) != nil else { return nil }
            if step % stride == 0 {
                let counted = count(
                    pressure.faces, drained, pressure.sources, from: before, tolerance: plan.accuracy.tolerance)
                if step == 0 { cold = counted } else { warm.append(counted) }
            }
            viscosity.shear(sweep, pressure: pressure)
            _ = sweep.inject(
                plan.accuracy.stepMM3, sources: pressure.sources, pressure: pressure.unit, faces: pressure.faces,
                cutShare: .infinity)
        }
        return cold.map { ($0, warm) }
    }

    private static func count(
        _ faces: FaceConductances, _ domain: FlowDomain, _ sources: [(cell: Int, rate: Double)],
        from before: Field<Double>, tolerance: Double
    ) -> Iterations {
        let system = System(faces, domain)
        var right = [Double](repeating: 0, count: domain.grid.count)
        for (cell, rate) in sources { right[cell] += rate }
        let isCell = domain.porosity.map { $0 > 0 }
        return Iterations(
            plain: system.iterations(right, from: before, scaled: false, tolerance: tolerance),
            jacobi: system.iterations(right, from: before, scaled: true, tolerance: tolerance),
            reduced: PressureSolver(domain.grid, isCell: isCell).solve(
                faces, sources: sources, pressure: Field(before.array, orEmpty: 0), tolerance: tolerance, limit: limit
            ).iterations,
            cholesky: CholeskySolver(domain.grid, isCell: isCell).solve(
                faces, sources: sources, pressure: Field(before.array, orEmpty: 0), tolerance: tolerance, limit: limit
            ).iterations)
    }

    private struct System {
        let cells: [Int]
        let diagonal: [Double]
        let faces: FaceConductances
        let strides: SIMD3<Int>

        init(_ faces: FaceConductances, _ domain: FlowDomain) {
            self.faces = faces
            strides = domain.grid.strides
            cells = domain.porosity.indices.filter { domain.porosity[$0] > 0 }
            var diagonal = [Double](repeating: 1, count: domain.grid.count)
            for i in cells {
                let x = faces.x.start[i] + faces.x.start[i - 1]
                let y = faces.y.start[i] + faces.y.start[i - domain.grid.strides.y]
                let z = faces.z.start[i] + faces.z.start[i - domain.grid.strides.z]
                diagonal[i] = x + y + z + faces.out.start[i]
            }
            self.diagonal = diagonal
        }

        /// Until the missing balance of the cells (root of the sum of squares) is this part of a unit inflow, as in the solver.
        func iterations(_ right: [Double], from start: Field<Double>, scaled: Bool, tolerance: Double) -> Int {
            let count = right.count
            let residual = Field(right, orEmpty: 0)
            let direction = Field(right, orEmpty: 0)
            let first = start.start
            let image = Field(repeating: 0.0, count: count)
            let inverse = Field(diagonal.map { scaled ? 1 / $0 : 1 }, orEmpty: 1)
            let main = Field(diagonal, orEmpty: 0)
            let (r, p, q, m, d) = (residual.start, direction.start, image.start, inverse.start, main.start)
            let (tx, ty, tz) = (faces.x.start, faces.y.start, faces.z.start)
            let (sy, sz) = (strides.y, strides.z)
            var square = 0.0
            var imbalance = 0.0
            for i in cells {
                r[i] -= d[i] * first[i] - tx[i] * first[i + 1] - tx[i - 1] * first[i - 1]
                r[i] += ty[i] * first[i + sy] + ty[i - sy] * first[i - sy]
                r[i] += tz[i] * first[i + sz] + tz[i - sz] * first[i - sz]
                p[i] = r[i] * m[i]
                square += r[i] * p[i]
                imbalance += r[i] * r[i]
            }
            let goal = tolerance * tolerance * right.reduce(0, +) * right.reduce(0, +)
            var iterations = 0
            while imbalance > goal, iterations < ReferenceSolver.limit {
                var curvature = 0.0
                for i in cells {
                    var sum = d[i] * p[i] - tx[i] * p[i + 1] - tx[i - 1] * p[i - 1]
                    sum -= ty[i] * p[i + sy] + ty[i - sy] * p[i - sy]
                    sum -= tz[i] * p[i + sz] + tz[i - sz] * p[i - sz]
                    q[i] = sum
                    curvature += sum * p[i]
                }
                let alpha = square / curvature
                var next = 0.0
                imbalance = 0
                for i in cells {
                    r[i] -= alpha * q[i]
                    next += r[i] * r[i] * m[i]
                    imbalance += r[i] * r[i]
                }
                let beta = next / square
                for i in cells { p[i] = r[i] * m[i] + beta * p[i] }
                square = next
                iterations += 1
            }
            return iterations
        }
    }
}
