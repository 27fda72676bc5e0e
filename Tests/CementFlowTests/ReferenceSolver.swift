// Conjugate gradients on all cells, plain and with the diagonal: what the solver's iterations are compared with.
import Foundation
import Imaging

@testable import CementFlow

enum ReferenceSolver {
    /// Iterations from zero to the plan's tolerance, at the start of an injection.
    static func iterations(_ domain: FlowDomain, _ plan: InjectionPlan) -> (plain: Int, jacobi: Int)? {
        let drained = domain.drained()
        guard let needle = NeedleOnGrid(plan.needles[0], in: drained) else { return nil }
        let sweep = FrontSweep(drained)
        sweep.prefill(needle.mouth(in: drained))
        let viscosity = CellViscosity(drained, plan: plan, needles: [needle])
        viscosity.update(sweep, atS: 0)
        let faces = FaceConductances(drained)
        faces.update(
            viscosity: viscosity.filling,
            state: sweep.passages(cement: viscosity.typicalViscosity, marrow: plan.marrowViscosity))
        let system = System(faces, drained)
        var right = [Double](repeating: 0, count: drained.grid.count)
        for (cell, weight) in needle.cells { right[cell] = weight }
        return (
            system.iterations(right, scaled: false, tolerance: plan.accuracy.tolerance),
            system.iterations(right, scaled: true, tolerance: plan.accuracy.tolerance)
        )
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
        func iterations(_ right: [Double], scaled: Bool, tolerance: Double) -> Int {
            let count = right.count
            let residual = Field(right, orEmpty: 0)
            let direction = Field(right, orEmpty: 0)
            let image = Field(repeating: 0.0, count: count)
            let inverse = Field(diagonal.map { scaled ? 1 / $0 : 1 }, orEmpty: 1)
            let main = Field(diagonal, orEmpty: 0)
            let (r, p, q, m, d) = (residual.start, direction.start, image.start, inverse.start, main.start)
            let (tx, ty, tz) = (faces.x.start, faces.y.start, faces.z.start)
            let (sy, sz) = (strides.y, strides.z)
            var square = 0.0
            var imbalance = 0.0
            for i in cells {
                p[i] = r[i] * m[i]
                square += r[i] * p[i]
                imbalance += r[i] * r[i]
            }
            let goal = tolerance * tolerance
            var iterations = 0
            while imbalance > goal, iterations < 20_000 {
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
