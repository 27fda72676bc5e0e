// A body with the tissue around it as cells of the model.
import Imaging

extension FlowDomain {
    /// The domain inside a margin of tissue; the pressure is 0 at the margin's edge.
    ///
    /// Outlets become barriers between body and tissue, so that leaked cement is followed outside and still counted at the opening
    /// that it came through; faces without an outlet stay sealed. Tissue models of openings are dropped: the cells take their
    /// place.
    ///
    /// - Parameters:
    ///   - marginMM: width on each side; at least one cell is added.
    ///   - permeabilityMM2, porosity: of the tissue.
    package func surrounded(byMM marginMM: Double, permeabilityMM2 tissue: Double, porosity: Double) -> FlowDomain {
        let layers = max(Int((marginMM / grid.cellMM).rounded(.up)), 1)
        let old = grid.size
        let shift = SIMD3(repeating: Double(layers) * grid.cellMM)
        let geometry = grid.geometry
        let first = geometry.point(at: Index3(x: 1, y: 1, z: 1))
        let wide = FlowGrid(
            interior: Index3(x: old.x - 2 + 2 * layers, y: old.y - 2 + 2 * layers, z: old.z - 2 + 2 * layers),
            cellMM: grid.cellMM,
            firstCentreMM: first - geometry.xAxis * shift.x - geometry.yAxis * shift.y - geometry.zAxis * shift.z,
            xAxis: geometry.xAxis, yAxis: geometry.yAxis, zAxis: geometry.zAxis)
        var result = FlowDomain(grid: wide)
        result.exits = exits
        result.openings = openings.map { Opening(exit: $0.exit) }
        for z in 1..<wide.size.z - 1 {
            for y in 1..<wide.size.y - 1 {
                for x in 1..<wide.size.x - 1 {
                    result.porosity[wide.offset(x, y, z)] = porosity
                    result.permeabilityMM2[wide.offset(x, y, z)] = SIMD3(repeating: tissue)
                }
            }
        }
        func moved(_ cell: Int) -> Int {
            let at = grid.index(of: cell)
            return wide.offset(at.x + layers, at.y + layers, at.z + layers)
        }
        for i in self.porosity.indices where self.porosity[i] > 0 {
            result.porosity[moved(i)] = self.porosity[i]
            result.permeabilityMM2[moved(i)] = permeabilityMM2[i]
        }
        result.barriers = barriers.map {
            Barrier(cell: moved($0.cell), axis: $0.axis, resistance: $0.resistance, opening: $0.opening)
        }
        result.barriers += shell(tissue: tissue).map { face, barrier in
            let cell = moved(face.cell) - (face.side < 0 ? wide.strides[face.axis] : 0)
            return Barrier(cell: cell, axis: face.axis, resistance: barrier.resistance, opening: barrier.opening)
        }
        result.outlets = edge(of: result)
        return result
    }

    /// One barrier for each face of the shell: its outlets side by side, with the access correction of both sides in series.
    private func shell(tissue: Double) -> [(Face, (resistance: Double, opening: Int?))] {
        var conductance: [Face: Double] = [:]
        var widest: [Face: (conductance: Double, opening: Int?)] = [:]
        var order: [Face] = []
        for i in porosity.indices where porosity[i] > 0 {
            for axis in 0..<3 {
                for side in [-1, 1] where porosity[i + side * grid.strides[axis]] == 0 {
                    order.append(Face(cell: i, axis: axis, side: side))
                }
            }
        }
        for outlet in outlets {
            let face = Face(cell: outlet.cell, axis: outlet.axis, side: outlet.side)
            let k = permeabilityMM2[outlet.cell]
            let outside = outlet.access * (k.x + k.y + k.z) / 3 / tissue
            let half = 1 / (2 * grid.cellMM * tissue)
            let g = 1 / max(outlet.resistance + outside, 0.01 * half)
            conductance[face, default: 0] += g
            if g > widest[face]?.conductance ?? 0 { widest[face] = (g, outlet.opening) }
        }
        return order.map { ($0, (conductance[$0].map { 1 / $0 } ?? .infinity, widest[$0]?.opening)) }
    }

    /// Outlets without resistance on all outer faces.
    private func edge(of domain: FlowDomain) -> [Outlet] {
        var outlets: [Outlet] = []
        for i in domain.porosity.indices where domain.porosity[i] > 0 {
            for axis in 0..<3 {
                for side in [-1, 1] where domain.porosity[i + side * domain.grid.strides[axis]] == 0 {
                    outlets.append(Outlet(cell: i, axis: axis, side: side, resistance: 0, opening: nil))
                }
            }
        }
        return outlets
    }
}
