// Solves for the pressure: conjugate gradients on every second cell.
import Domain
import Imaging

/// Conjugate gradients on the reduced system of a red-black grid.
///
/// Neighbours of a red cell are black. With the matrix scaled to a unit diagonal, A = [I −B; −Bᵀ I], the black pressures drop out
/// exactly: (I − B Bᵀ) p_r = b_r + B b_b. This takes half the iterations of Jacobi-preconditioned conjugate gradients on all cells
/// at half the vector work (Hageman and Young 1981, Applied Iterative Methods, ch. 8). Red and black cells of a row are stored
/// apart, so that every loop runs over neighbours in memory.
final class PressureSolver {
    private let size: Index3
    private let half: Int
    private let count: Int
    /// Scaled conductances of each red cell to its black neighbours.
    private let west, east, south, north, down, up: Field<Double>
    /// Inverse square roots of the diagonal, 0 where there is no cell.
    private let scaleRed, scaleBlack: Field<Double>
    /// Diagonal of the red cells.
    private let diagonal: Field<Double>
    private let rhs, rhsBlack, solution, residual, direction, image, black: Field<Double>
    private var rows: [Row] = []

    /// Stretch of one row in which there are cells, in whole vectors of four.
    private struct Row {
        var from: Int
        var to: Int
        /// 0 where the row's first cell is red, 1 where it is black.
        var shift: Int
    }

    /// - Parameter isCell: true where there is a cell; its rim is empty.
    init(_ grid: FlowGrid, isCell: [Bool]) {
        size = grid.size
        half = size.x / 2
        let count = half * size.y * size.z
        self.count = count
        let field = { Field<Double>(repeating: 0, count: count) }
        (west, east, south, north, down, up) = (field(), field(), field(), field(), field(), field())
        (scaleRed, scaleBlack) = (field(), field())
        diagonal = field()
        (rhs, rhsBlack, solution, residual) = (field(), field(), field(), field())
        (direction, image, black) = (field(), field(), field())
        for z in 1..<size.z - 1 {
            for y in 1..<size.y - 1 {
                let start = (z * size.y + y) * size.x
                guard let first = isCell[start..<start + size.x].firstIndex(of: true),
                    let last = isCell[start..<start + size.x].lastIndex(of: true)
                else { continue }
                let compact = (z * size.y + y) * half
                rows.append(
                    Row(
                        from: compact + (first - start) / 8 * 4, to: compact + ((last - start) / 8 + 1) * 4,
                        shift: (y + z) & 1))
            }
        }
    }

    /// Solves for the pressure that `sources` make.
    ///
    /// - Parameters:
    ///   - faces: the coefficients.
    ///   - sources: inflow of single cells, mm³/s.
    ///   - pressure: in: the first guess, out: the solution, Pa.
    ///   - tolerance: what may be missing in the balance of the cells (root of the sum of squares) over the whole inflow. The
    ///     residual of the scaled system would not do: it counts marrow for little beside thick cement.
    /// - Returns: iterations made, and the residual reached.
    func solve(
        _ faces: FaceConductances, sources: [(cell: Int, rate: Double)], pressure: Field<Double>, tolerance: Double,
        limit: Int
    ) -> (iterations: Int, residual: Double) {
        assemble(faces)
        load(sources, pressure)
        let outcome = iterate(
            inflow: sources.reduce(0) { $0 + abs($1.rate) }, tolerance: tolerance, limit: limit)
        unload(pressure)
        return outcome
    }

    private func assemble(_ faces: FaceConductances) {
        let (tx, ty, tz, out) = (faces.x.start, faces.y.start, faces.z.start, faces.out.start)
        let slice = size.x * size.y
        let layer = half * size.y
        let (sr, sb) = (scaleRed.start, scaleBlack.start)
        for row in rows {
            let line = row.from / half * size.x
            let base = row.from / half * half
            for c in row.from..<row.to {
                let r = line + 2 * (c - base) + row.shift
                let b = line + 2 * (c - base) + 1 - row.shift
                let dr = tx[r] + tx[r - 1] + ty[r] + ty[r - size.x] + tz[r] + tz[r - slice] + out[r]
                let db = tx[b] + tx[b - 1] + ty[b] + ty[b - size.x] + tz[b] + tz[b - slice] + out[b]
                diagonal.start[c] = dr
                sr[c] = dr > 0 ? 1 / dr.squareRoot() : 0
                sb[c] = db > 0 ? 1 / db.squareRoot() : 0
            }
        }
        let (w, e, s, n, d, u) = (west.start, east.start, south.start, north.start, down.start, up.start)
        for row in rows {
            let line = row.from / half * size.x
            let base = row.from / half * half
            let a = row.shift - 1
            for c in row.from..<row.to {
                let r = line + 2 * (c - base) + row.shift
                let scale = sr[c]
                w[c] = tx[r - 1] * scale * sb[c + a]
                e[c] = tx[r] * scale * sb[c + a + 1]
                s[c] = ty[r - size.x] * scale * sb[c - half]
                n[c] = ty[r] * scale * sb[c + half]
                d[c] = tz[r - slice] * scale * sb[c - layer]
                u[c] = tz[r] * scale * sb[c + layer]
            }
        }
    }

    private func load(_ sources: [(cell: Int, rate: Double)], _ pressure: Field<Double>) {
        for c in 0..<count {
            rhs.start[c] = 0
            rhsBlack.start[c] = 0
            solution.start[c] = 0
        }
        for (cell, rate) in sources {
            let x = cell % size.x
            let line = cell / size.x
            let c = line * half + x / 2
            if (x + line % size.y + line / size.y) & 1 == 0 {
                rhs.start[c] += rate * scaleRed.start[c]
            } else {
                rhsBlack.start[c] += rate * scaleBlack.start[c]
            }
        }
        for row in rows {
            let line = row.from / half * size.x
            let base = row.from / half * half
            for c in row.from..<row.to where scaleRed.start[c] > 0 {
                solution.start[c] = pressure.start[line + 2 * (c - base) + row.shift] / scaleRed.start[c]
            }
        }
        // rhs += B b_b
        _ = toRed(rhsBlack, plus: rhs, sign: 1, into: rhs)
    }

    private func iterate(inflow: Double, tolerance: Double, limit: Int) -> (iterations: Int, residual: Double) {
        let (x, r, p, q, b, d) = (
            solution.start, residual.start, direction.start, image.start, rhs.start, diagonal.start
        )
        var square = 0.0
        var imbalance = 0.0
        toBlack(solution)
        _ = toRed(black, plus: solution, sign: -1, into: image)
        for row in rows {
            for c in row.from..<row.to {
                r[c] = b[c] - q[c]
                p[c] = r[c]
                square += r[c] * r[c]
                imbalance += r[c] * r[c] * d[c]
            }
        }
        let goal = tolerance * tolerance * inflow * inflow
        var iterations = 0
        while imbalance > goal, iterations < limit {
            toBlack(direction)
            let curvature = toRed(black, plus: direction, sign: -1, into: image)
            guard curvature > 0 else { break }
            let alpha = SIMD4(repeating: square / curvature)
            var sum = SIMD4<Double>.zero
            var weighted = SIMD4<Double>.zero
            for row in rows {
                var c = row.from
                while c < row.to {
                    let rest = load4(r, c) - alpha * load4(q, c)
                    store4(load4(x, c) + alpha * load4(p, c), x, c)
                    store4(rest, r, c)
                    let squared = rest * rest
                    sum += squared
                    weighted += squared * load4(d, c)
                    c += 4
                }
            }
            let next = sum.sum()
            let beta = SIMD4(repeating: next / square)
            for row in rows {
                var c = row.from
                while c < row.to {
                    store4(load4(r, c) + beta * load4(p, c), p, c)
                    c += 4
                }
            }
            square = next
            imbalance = weighted.sum()
            iterations += 1
        }
        return (iterations, inflow > 0 ? imbalance.squareRoot() / inflow : 0)
    }

    private func unload(_ pressure: Field<Double>) {
        toBlack(solution)
        let p = pressure.start
        for row in rows {
            let line = row.from / half * size.x
            let base = row.from / half * half
            for c in row.from..<row.to {
                let left = line + 2 * (c - base)
                p[left + row.shift] = solution.start[c] * scaleRed.start[c]
                p[left + 1 - row.shift] = (black.start[c] + rhsBlack.start[c]) * scaleBlack.start[c]
            }
        }
    }

    /// black = Bᵀ red.
    private func toBlack(_ red: Field<Double>) {
        let (w, e, s, n, d, u) = (west.start, east.start, south.start, north.start, down.start, up.start)
        let v = red.start
        let t = black.start
        let half = half
        let layer = half * size.y
        for row in rows {
            let a = -row.shift
            var c = row.from
            while c < row.to {
                var sum = load4(e, c + a) * load4(v, c + a)
                sum += load4(w, c + a + 1) * load4(v, c + a + 1)
                sum += load4(n, c - half) * load4(v, c - half)
                sum += load4(s, c + half) * load4(v, c + half)
                sum += load4(u, c - layer) * load4(v, c - layer)
                sum += load4(d, c + layer) * load4(v, c + layer)
                store4(sum, t, c)
                c += 4
            }
        }
    }

    /// result = plus + sign B black; returns plus · result.
    private func toRed(_ source: Field<Double>, plus: Field<Double>, sign: Double, into result: Field<Double>) -> Double
    {
        let (w, e, s, n, d, u) = (west.start, east.start, south.start, north.start, down.start, up.start)
        let t = source.start
        let v = plus.start
        let q = result.start
        let half = half
        let layer = half * size.y
        let factor = SIMD4(repeating: sign)
        var product = SIMD4<Double>.zero
        for row in rows {
            let a = row.shift - 1
            var c = row.from
            while c < row.to {
                var sum = load4(w, c) * load4(t, c + a)
                sum += load4(e, c) * load4(t, c + a + 1)
                sum += load4(s, c) * load4(t, c - half)
                sum += load4(n, c) * load4(t, c + half)
                sum += load4(d, c) * load4(t, c - layer)
                sum += load4(u, c) * load4(t, c + layer)
                let own = load4(v, c)
                let value = own + factor * sum
                product += own * value
                store4(value, q, c)
                c += 4
            }
        }
        return product.sum()
    }
}

@inline(__always) private func load4(_ p: UnsafeMutablePointer<Double>, _ i: Int) -> SIMD4<Double> {
    UnsafeRawPointer(p + i).loadUnaligned(as: SIMD4<Double>.self)
}

@inline(__always) private func store4(_ value: SIMD4<Double>, _ p: UnsafeMutablePointer<Double>, _ i: Int) {
    UnsafeMutableRawPointer(p + i).storeBytes(of: value, as: SIMD4<Double>.self)
}
