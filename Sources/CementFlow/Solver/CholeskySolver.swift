// The guard: a slower solver with a stronger preconditioner, for the rare pressure that the fast one does not settle.
import Imaging

/// Conjugate gradients on all cells, preconditioned by a modified incomplete Cholesky factor without fill-in.
///
/// The factor exists for every matrix of this kind (Meijerink and van der Vorst 1977, Math Comput 31:148); fill-in goes to the diagonal
/// by a part below 1 (Gustafsson 1978, BIT 18:142), and a pivot that falls too low is replaced by the diagonal (after Bridson 2008,
/// Fluid Simulation for Computer Graphics, ch. 4). It takes a third to a fifth of the fast solver's iterations, each several times as
/// dear.
final class CholeskySolver {
    private let grid: FlowGrid
    private let cells: [Int32]
    private let diagonal, pivot, residual, direction, image, preconditioned: Field<Double>

    init(_ grid: FlowGrid, isCell: [Bool]) {
        self.grid = grid
        cells = isCell.indices.filter { isCell[$0] }.map { Int32($0) }
        let field = { Field<Double>(repeating: 0, count: grid.count) }
        (diagonal, pivot, residual) = (field(), field(), field())
        (direction, image, preconditioned) = (field(), field(), field())
    }

    /// Solves as `PressureSolver.solve` does, to the same measure of what is missing.
    func solve(
        _ faces: FaceConductances, sources: [(cell: Int, rate: Double)], pressure: Field<Double>, tolerance: Double,
        limit: Int
    ) -> (iterations: Int, residual: Double) {
        factor(faces)
        let (r, d, q, z, p) = (
            residual.start, direction.start, image.start, preconditioned.start, pressure.start
        )
        multiply(faces, pressure)
        for cell in cells { r[Int(cell)] = -q[Int(cell)] }
        for (cell, rate) in sources { r[cell] += rate }
        let inflow = sources.reduce(0) { $0 + abs($1.rate) }
        let goal = tolerance * tolerance * inflow * inflow
        var imbalance = cells.reduce(0) { $0 + r[Int($1)] * r[Int($1)] }
        var product = precondition(faces)
        for cell in cells { d[Int(cell)] = z[Int(cell)] }
        var iterations = 0
        while imbalance > goal, iterations < limit {
            let curvature = multiply(faces, direction)
            guard curvature > 0 else { break }
            let alpha = product / curvature
            imbalance = 0
            for cell in cells {
                let i = Int(cell)
                p[i] += alpha * d[i]
                r[i] -= alpha * q[i]
                imbalance += r[i] * r[i]
            }
            let next = precondition(faces)
            let beta = next / product
            for cell in cells { d[Int(cell)] = z[Int(cell)] + beta * d[Int(cell)] }
            product = next
            iterations += 1
        }
        return (iterations, inflow > 0 ? imbalance.squareRoot() / inflow : 0)
    }

    /// Part of the fill-in that goes to the diagonal, and the part of the diagonal below which a pivot is not taken (both after Bridson).
    private static let modified = 0.97
    private static let leastPivot = 0.25

    private func factor(_ faces: FaceConductances) {
        let (tx, ty, tz, out) = (faces.x.start, faces.y.start, faces.z.start, faces.out.start)
        let (main, inverse) = (diagonal.start, pivot.start)
        let (sy, sz) = (grid.strides.y, grid.strides.z)
        for cell in cells {
            let i = Int(cell)
            main[i] = tx[i] + tx[i - 1] + ty[i] + ty[i - sy] + tz[i] + tz[i - sz] + out[i]
            let (a, b, c) = (i - 1, i - sy, i - sz)
            // 1/0 of a cell that does not exist is stored as 0, so that it adds nothing.
            let exact = tx[a] * tx[a] * inverse[a] + ty[b] * ty[b] * inverse[b] + tz[c] * tz[c] * inverse[c]
            let filled =
                tx[a] * (ty[a] + tz[a]) * inverse[a] + ty[b] * (tx[b] + tz[b]) * inverse[b]
                + tz[c] * (tx[c] + ty[c]) * inverse[c]
            var value = main[i] - exact - Self.modified * filled
            if value < Self.leastPivot * main[i] { value = main[i] }
            inverse[i] = value > 0 ? 1 / value : 0
        }
    }

    /// z = (L D⁻¹ Lᵀ)⁻¹ r; returns r · z.
    private func precondition(_ faces: FaceConductances) -> Double {
        let (tx, ty, tz) = (faces.x.start, faces.y.start, faces.z.start)
        let (inverse, r, z) = (pivot.start, residual.start, preconditioned.start)
        let (sy, sz) = (grid.strides.y, grid.strides.z)
        for cell in cells {
            let i = Int(cell)
            z[i] = inverse[i] * (r[i] + tx[i - 1] * z[i - 1] + ty[i - sy] * z[i - sy] + tz[i - sz] * z[i - sz])
        }
        var product = 0.0
        for cell in cells.reversed() {
            let i = Int(cell)
            z[i] += inverse[i] * (tx[i] * z[i + 1] + ty[i] * z[i + sy] + tz[i] * z[i + sz])
            product += r[i] * z[i]
        }
        return product
    }

    /// image = A v; returns v · image.
    @discardableResult private func multiply(_ faces: FaceConductances, _ field: Field<Double>) -> Double {
        let (tx, ty, tz) = (faces.x.start, faces.y.start, faces.z.start)
        let (main, v, q) = (diagonal.start, field.start, image.start)
        let (sy, sz) = (grid.strides.y, grid.strides.z)
        var product = 0.0
        for cell in cells {
            let i = Int(cell)
            var sum = main[i] * v[i] - tx[i] * v[i + 1] - tx[i - 1] * v[i - 1]
            sum -= ty[i] * v[i + sy] + ty[i - sy] * v[i - sy]
            sum -= tz[i] * v[i + sz] + tz[i - sz] * v[i - sz]
            q[i] = sum
            product += sum * v[i]
        }
        return product
    }
}
