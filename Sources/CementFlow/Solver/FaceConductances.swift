// Flow per pressure difference through every face, from what fills the cells.
import Imaging

/// The coefficients of the pressure equation: sum over faces of T (p_j − p_i) − D p_i + q_i = 0.
///
/// A face's resistance is the series of two half cells, each with the viscosity of what fills it, and of a barrier where there is
/// one. Viscosities of cement and marrow blend in series inside a cell, µ = f µc + (1 − f) µm, which makes planar flow exact at
/// every fill.
final class FaceConductances {
    /// Faces between a cell and its next neighbour along x, y, z: mm³/(s·Pa).
    let x: Field<Double>
    let y: Field<Double>
    let z: Field<Double>
    /// Sum of the outlets of each cell, mm³/(s·Pa).
    let out: Field<Double>
    /// Conductance of each outlet of the domain, mm³/(s·Pa).
    private(set) var outlets: [Double]

    private let domain: FlowDomain
    /// Resistance of half a cell per viscosity, 1/(2 k h): infinite where there is no cell.
    private let halfX: Field<Double>
    private let halfY: Field<Double>
    private let halfZ: Field<Double>

    init(_ domain: FlowDomain) {
        self.domain = domain
        let count = domain.grid.count
        x = Field(repeating: 0, count: count)
        y = Field(repeating: 0, count: count)
        z = Field(repeating: 0, count: count)
        out = Field(repeating: 0, count: count)
        outlets = [Double](repeating: 0, count: domain.outlets.count)
        halfX = Field(repeating: .infinity, count: count)
        halfY = Field(repeating: .infinity, count: count)
        halfZ = Field(repeating: .infinity, count: count)
        let scale = 2 * domain.grid.cellMM
        for i in 0..<count where domain.porosity[i] > 0 {
            let k = domain.permeabilityMM2[i]
            halfX.start[i] = 1 / (scale * k.x)
            halfY.start[i] = 1 / (scale * k.y)
            halfZ.start[i] = 1 / (scale * k.z)
        }
    }

    /// Takes in what fills the cells now.
    ///
    /// - Parameters:
    ///   - viscosity: of each cell's filling, Pa·s.
    ///   - cement: of the cement in each cell, Pa·s, 0 where there was none; nil for a cement of one viscosity. What goes through a passage
    ///     is as thick as it is in the cell before it, not as thin as it is at the needle.
    ///   - state: what fills barriers, outlets and the tissue outside.
    func update(viscosity: Field<Double>, cement: Field<Double>? = nil, state: PassageState) {
        func thickness(_ cell: Int) -> Double {
            guard let own = cement?.start[cell], own > 0 else { return state.cementViscosity }
            return own
        }
        joinCells(viscosity.start)
        let strides = domain.grid.strides
        for (n, barrier) in domain.barriers.enumerated() {
            let faces = [x, y, z][barrier.axis].start
            let half = [halfX, halfY, halfZ][barrier.axis].start
            let i = barrier.cell
            let j = i + strides[barrier.axis]
            let cells = half[i] * viscosity.start[i] + half[j] * viscosity.start[j]
            let upstream = state.barrierIsWet[n] ? max(thickness(i), thickness(j)) : state.marrowViscosity
            faces[i] = 1 / max(cells + upstream * barrier.resistance, Self.leastShare * cells)
        }
        for i in 0..<out.count { out.start[i] = 0 }
        for (n, outlet) in domain.outlets.enumerated() {
            let half = [halfX, halfY, halfZ][outlet.axis].start[outlet.cell] * viscosity.start[outlet.cell]
            let leaving = thickness(outlet.cell)
            let inside = state.outletIsWet[n] ? leaving : state.marrowViscosity
            var outside = 0.0
            if let opening = outlet.opening, let tissue = domain.openings[opening].tissue {
                outside =
                    tissue.resistance(
                        leakedMM3: state.leakedMM3[opening], cementViscosity: leaving,
                        fluidViscosity: state.marrowViscosity) / outlet.share
            }
            let total = max(half + inside * outlet.resistance + outside, Self.leastShare * half)
            outlets[n] = 1 / total
            out.start[outlet.cell] += outlets[n]
        }
    }

    /// A wide opening takes back part of the half cell's resistance, but never more than this is left (our choice: keeps the matrix
    /// finite).
    private static let leastShare = 0.01

    private func joinCells(_ mu: UnsafeMutablePointer<Double>) {
        let size = domain.grid.size
        let slice = size.x * size.y
        let (tx, ty, tz) = (x.start, y.start, z.start)
        let (rx, ry, rz) = (halfX.start, halfY.start, halfZ.start)
        for k in 0..<size.z - 1 {
            for j in 0..<size.y - 1 {
                let row = (k * size.y + j) * size.x
                for i in row..<row + size.x - 1 {
                    tx[i] = 1 / (rx[i] * mu[i] + rx[i + 1] * mu[i + 1])
                    ty[i] = 1 / (ry[i] * mu[i] + ry[i + size.x] * mu[i + size.x])
                    tz[i] = 1 / (rz[i] * mu[i] + rz[i + slice] * mu[i + slice])
                }
            }
        }
    }
}

/// What fills the passages through the shell, and how much went through.
struct PassageState {
    /// Where the cell before a passage does not say.
    var cementViscosity: Double
    var marrowViscosity: Double
    /// One per barrier of the domain: true once the cell upstream of it is full of cement.
    var barrierIsWet: [Bool]
    /// One per outlet of the domain.
    var outletIsWet: [Bool]
    /// Cement through each opening so far, mm³.
    var leakedMM3: [Double]
}
