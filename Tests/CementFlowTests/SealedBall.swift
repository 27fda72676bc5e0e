// A ball of bone in a sealed shell with openings where a test wants them.
import Foundation
import Imaging

@testable import CementFlow

enum SealedBall {
    /// Bone of permeability 0.01 mm² and porosity 0.9; each opening is its own exit.
    static func domain(
        radius: Double = 12, cellMM h: Double = 1, openings: [(direction: SIMD3<Double>, passage: Passage)],
        tissue: (permeabilityMM2: Double, porosity: Double)? = nil
    ) -> FlowDomain {
        let half = Int((radius / h).rounded(.up)) + 1
        let grid = FlowGrid(
            interior: Index3(x: 2 * half + 1, y: 2 * half + 1, z: 2 * half + 1), cellMM: h,
            firstCentreMM: SIMD3(repeating: -Double(half) * h))
        var domain = FlowDomain(grid: grid)
        for i in 0..<grid.count where length(grid.centre(of: i)) < radius {
            domain.porosity[i] = 0.9
            domain.permeabilityMM2[i] = [0.01, 0.01, 0.01]
        }
        for (n, (direction, passage)) in openings.enumerated() {
            domain.exits.append("opening \(n)")
            // The face that the direction's axis meets first from outside.
            let axis = (0..<3).max { abs(direction[$0]) < abs(direction[$1]) } ?? 0
            let side = direction[axis] > 0 ? 1 : -1
            var cell = grid.offset(half + 1, half + 1, half + 1)
            while domain.porosity[cell + side * grid.strides[axis]] > 0 { cell += side * grid.strides[axis] }
            domain.open(
                passage, on: [(FlowDomain.Face(cell: cell, axis: axis, side: side), passage.areaMM2)], exit: n,
                tissue: tissue)
        }
        return domain
    }

    static func plan(tip: PointMM, volume: Double) -> InjectionPlan {
        InjectionPlan(
            needles: [Needle(tipMM: tip)], cement: Cement(name: "test", consistency: 100, source: "test"),
            marrowViscosity: 1, drive: .flow(mm3PerS: 50), volumeMM3: volume)
    }
}
