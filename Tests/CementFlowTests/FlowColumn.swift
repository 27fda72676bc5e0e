// A column of cells: planar flow from one cell along an axis, one way or both.
import Foundation
import Imaging

@testable import CementFlow

enum FlowColumn {
    /// `ahead` cells along an axis, and `behind` against it, on both sides of a cell that offers no resistance and holds nothing;
    /// open at each end, exit 0 ahead and exit 1 behind.
    ///
    /// - Returns: the domain, and its cells from the source ahead and from the source behind, the source first.
    static func domain(
        _ axis: Int, ahead: Int, behind: Int = 0, cellMM h: Double = 1, k: Double, porosity: Double
    ) -> (domain: FlowDomain, cells: [Int]) {
        var interior = [1, 1, 1]
        interior[axis] = ahead + behind + 1
        var first = PointMM.zero
        first[axis] = -Double(behind) * h
        let grid = FlowGrid(
            interior: Index3(x: interior[0], y: interior[1], z: interior[2]), cellMM: h, firstCentreMM: first)
        var domain = FlowDomain(grid: grid)
        let low = grid.offset(1, 1, 1)
        let cells = (0...ahead + behind).map { low + $0 * grid.strides[axis] }
        for cell in cells {
            domain.porosity[cell] = porosity
            domain.permeabilityMM2[cell] = SIMD3(repeating: k)
        }
        domain.porosity[cells[behind]] = 1e-9
        domain.permeabilityMM2[cells[behind]] = SIMD3(repeating: 1e9)
        domain.exits = ["ahead", "behind"]
        domain.openings = [FlowDomain.Opening(exit: 0), FlowDomain.Opening(exit: 1)]
        domain.outlets = [FlowDomain.Outlet(cell: cells[ahead + behind], axis: axis, resistance: 0, opening: 0)]
        if behind > 0 {
            domain.outlets.append(FlowDomain.Outlet(cell: cells[0], axis: axis, resistance: 0, opening: 1))
        }
        return (domain, Array(cells[behind...]))
    }

    static func plan(_ drive: InjectionPlan.Drive, volume: Double, step: Double) -> InjectionPlan {
        InjectionPlan(
            needles: [Needle(tipMM: .zero, radiusMM: 0.01)],
            cement: Cement(name: "test", consistency: 100, source: "test"), marrowViscosity: 1, drive: drive,
            volumeMM3: volume, accuracy: InjectionPlan.Accuracy(stepMM3: step, tolerance: 1e-12))
    }
}
