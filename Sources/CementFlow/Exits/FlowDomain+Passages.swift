// Cuts an opening into the shell of a domain: the faces that it lies on share its conduit and its access resistance.
import Foundation
import Imaging

extension FlowDomain {
    /// A face between a cell and the outside.
    package struct Face: Sendable, Hashable {
        package var cell: Int
        /// 0, 1 or 2 for x, y or z.
        package var axis: Int
        /// 1 where the outside lies at higher index, −1 at lower.
        package var side: Int

        package init(cell: Int, axis: Int, side: Int) {
            self.cell = cell
            self.axis = axis
            self.side = side
        }
    }

    /// Opens a passage to the outside.
    ///
    /// The grid sees flow that narrows towards a gap only down to the size of a cell. What is missing (or too much) against the
    /// closed form of `Passage.accessRadiusMM` is put in series with the conduit, so that access and conduit together are
    /// right at every cell size.
    ///
    /// - Parameters:
    ///   - faces: the faces that the gap covers and the area of it on each, mm²; faces may repeat.
    ///   - exit: index into `exits`.
    ///   - tissue: permeability in mm² and porosity of what lies outside; nil where it offers no resistance.
    package mutating func open(
        _ passage: Passage, on faces: [(face: Face, areaMM2: Double)], exit: Int,
        tissue: (permeabilityMM2: Double, porosity: Double)? = nil
    ) {
        let shares = Self.shares(of: faces)
        guard !shares.isEmpty else { return }
        let conduit = passage.conduitResistance
        let access = accessExcess(of: passage, shares: shares, conduit: conduit)
        let opening = openings.count
        openings.append(
            Opening(
                exit: exit,
                tissue: tissue.map {
                    OuterTissue(
                        permeabilityMM2: $0.permeabilityMM2, porosity: $0.porosity,
                        mouthRadiusMM: passage.accessRadiusMM)
                }))
        for (n, (face, share)) in shares.enumerated() {
            outlets.append(
                Outlet(
                    cell: face.cell, axis: face.axis, side: face.side, resistance: conduit / share + access[n],
                    access: access[n], opening: opening, share: share))
        }
    }

    private static func shares(of faces: [(face: Face, areaMM2: Double)]) -> [(face: Face, share: Double)] {
        var areas: [Face: Double] = [:]
        for (face, area) in faces { areas[face, default: 0] += area }
        // Sorted before anything is summed: a dictionary's order differs from one to the next, and with it a sum's last bit.
        let sorted = areas.sorted {
            ($0.key.cell, $0.key.axis, $0.key.side) < ($1.key.cell, $1.key.axis, $1.key.side)
        }
        let total = sorted.reduce(0) { $0 + $1.value }
        // A sliver carries nothing but would need a huge resistance (our choice).
        let kept = sorted.filter { $0.value > 1e-3 * total }
        let sum = kept.reduce(0) { $0 + $1.value }
        return kept.map { ($0.key, $0.value / sum) }
    }

    /// What each face's resistance lacks, 1/mm³, for the grid's access resistance to be the passage's.
    ///
    /// On a half space of cells with a sealed wall, flows qⱼ through single faces lower the pressure before face i by
    /// Σⱼ (G(i − j) + G(i − j + e)) qⱼ / h, the second term being the image behind the wall, and by half a cell more at its own.
    private func accessExcess(
        of passage: Passage, shares: [(face: Face, share: Double)], conduit: Double
    ) -> [Double] {
        let h = grid.cellMM
        var k = SIMD3<Double>.zero
        for (face, share) in shares { k += permeabilityMM2[face.cell] * share }
        var green = LatticeGreen(permeability: k)
        let cells = shares.map { grid.index(of: $0.face.cell) }
        var matrix = [[Double]](repeating: [Double](repeating: 0, count: shares.count), count: shares.count)
        for i in shares.indices {
            for j in shares.indices {
                let offset = SIMD3(cells[i].x - cells[j].x, cells[i].y - cells[j].y, cells[i].z - cells[j].z)
                var image = offset
                image[shares[i].face.axis] += shares[i].face.side
                matrix[i][j] = (green.value(offset) + green.value(image)) / h
            }
        }
        let half = shares.map { 1 / (2 * h * k[$0.face.axis]) }
        let wanted = conduit + passage.accessResistance(permeabilityMM2: cbrt(k.x * k.y * k.z))
        func extra(_ excess: Double) -> [Double] {
            // Never less than a tenth of the half cell is left before a face (our choice: keeps the face's total above 0).
            shares.indices.map { max(excess / shares[$0].share, -0.9 * half[$0]) }
        }
        func total(_ excess: Double) -> Double {
            var all = matrix
            let own = extra(excess)
            for i in shares.indices { all[i][i] += half[i] + conduit / shares[i].share + own[i] }
            return 1 / solveLinear(all, [Double](repeating: 1, count: shares.count)).reduce(0, +)
        }
        // The total rises with the excess: bisection between more than enough and the least that is possible.
        var (low, high) = (-wanted - conduit, wanted)
        for _ in 0..<40 {
            let middle = (low + high) / 2
            if total(middle) < wanted { low = middle } else { high = middle }
        }
        return extra((low + high) / 2)
    }
}
