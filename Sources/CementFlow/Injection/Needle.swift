// Where cement enters, and what the pressure at the needle is.
import Foundation
import Imaging

/// One needle.
package struct Needle: Sendable, Hashable {
    /// Where its tip lies, LPS millimetres.
    package var tipMM: PointMM
    /// Radius of the ball of cement that is at its mouth from the start, mm.
    package var radiusMM: Double
    /// The part of the flow that it gives where the flow is set, 0…1; the shares of all needles sum to 1.
    package var share: Double

    package init(tipMM: PointMM, radiusMM: Double = Self.usualRadiusMM, share: Double = 1) {
        self.tipMM = tipMM
        self.radiusMM = radiusMM
        self.share = share
    }

    /// Half the inner diameter of a 10-gauge cannula, 2.4–2.7 mm (our choice).
    package static let usualRadiusMM = 1.25
}

/// A needle on a grid: the cells that it feeds, and the step from their pressure to the needle's own.
struct NeedleOnGrid {
    let needle: Needle
    /// Up to eight cells around the tip with trilinear weights that sum to 1.
    let cells: [(cell: Int, weight: Double)]
    /// Pressure at the needle less the cells' weighted mean pressure, per flow and per viscosity, 1/mm³: negative where the needle
    /// is wider than what the cells stand for.
    let wellCorrection: Double
    /// Geometric mean of the permeability at the tip, mm².
    let permeabilityMM2: Double
    /// Radius of the ball that the cells stand for, mm.
    let cellsRadiusMM: Double
    /// Cells two to three cells away and their distance from the tip, in coordinates stretched by √(k̄/kₐ), mm.
    let shell: [(cell: Int, radiusMM: Double)]

    /// - Returns: nil when none of the cells around the tip exists.
    init?(_ needle: Needle, in domain: FlowDomain) {
        self.needle = needle
        let grid = domain.grid
        let index = grid.geometry.index(of: needle.tipMM)
        guard index.x.isFinite, index.y.isFinite, index.z.isFinite else { return nil }
        let base = index.rounded(.down)
        let part = index - base
        guard base.min() >= 0, base.x < Double(grid.size.x - 1), base.y < Double(grid.size.y - 1),
            base.z < Double(grid.size.z - 1)
        else { return nil }
        var corners: [(cell: Int, weight: Double, corner: SIMD3<Int>)] = []
        for n in 0..<8 {
            let corner = SIMD3(n & 1, n >> 1 & 1, n >> 2)
            var weight = 1.0
            for axis in 0..<3 { weight *= corner[axis] == 0 ? 1 - part[axis] : part[axis] }
            let cell = grid.offset(
                Int(base.x) + corner.x, Int(base.y) + corner.y, Int(base.z) + corner.z)
            if weight > 1e-12, domain.porosity[cell] > 0 { corners.append((cell, weight, corner)) }
        }
        let total = corners.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return nil }
        cells = corners.map { ($0.cell, $0.weight / total) }
        var k = SIMD3<Double>.zero
        for corner in corners { k += domain.permeabilityMM2[corner.cell] * (corner.weight / total) }
        let mean = (k.x * k.y * k.z).cubeRoot
        var green = LatticeGreen(permeability: k)
        var strength = 0.0
        for a in corners {
            for b in corners {
                strength += a.weight * b.weight / (total * total) * green.value(a.corner &- b.corner)
            }
        }
        // Far away a point source makes 1 / (4 π k̄ ρ) with ρ measured in coordinates stretched by √(k̄/kₐ); on the grid the source
        // cells stand for a ball of ρ = h / (4 π k̄ S). The needle is taken as a ball in the same coordinates.
        wellCorrection = 1 / (4 * .pi * mean * needle.radiusMM) - strength / grid.cellMM
        permeabilityMM2 = mean
        cellsRadiusMM = grid.cellMM / (4 * .pi * mean * strength)
        let stretch = (k / mean).squareRoot()
        shell = domain.cells(within: 3 * grid.cellMM * stretch.max(), of: needle.tipMM).compactMap { cell in
            let index = grid.index(of: cell)
            let away = SIMD3(Double(index.x), Double(index.y), Double(index.z)) - grid.geometry.index(of: needle.tipMM)
            let radius = length(away / stretch) * grid.cellMM
            return radius >= 2 * grid.cellMM && radius <= 3 * grid.cellMM ? (cell, radius) : nil
        }
    }
}

extension NeedleOnGrid {
    /// The ball of cement at the needle's mouth: cells and the cement in each, mm³.
    ///
    /// A ball of the needle's radius in coordinates stretched by √(k̄/kₐ), as the well correction has it. Parts of cells are counted on
    /// 512 points each and scaled to the ball's exact volume.
    func mouth(in domain: FlowDomain) -> [(cell: Int, volumeMM3: Double)] {
        let grid = domain.grid
        let centre = grid.geometry.index(of: needle.tipMM)
        let k = cells.reduce(into: SIMD3<Double>.zero) { $0 += domain.permeabilityMM2[$1.cell] * $1.weight }
        let semiAxes = (k / permeabilityMM2).squareRoot() * (needle.radiusMM / grid.cellMM)
        let low = pointwiseMax((centre - semiAxes).rounded(.toNearestOrAwayFromZero), .zero)
        let high = (centre + semiAxes).rounded(.toNearestOrAwayFromZero)
        var parts: [(cell: Int, part: Double)] = []
        for z in Int(low.z)...min(Int(high.z), grid.size.z - 1) {
            for y in Int(low.y)...min(Int(high.y), grid.size.y - 1) {
                for x in Int(low.x)...min(Int(high.x), grid.size.x - 1) {
                    let inside = (0..<512).reduce(0) { count, n in
                        let point = SIMD3(Double(n & 7), Double(n >> 3 & 7), Double(n >> 6)) / 8 - 0.4375
                        let d = (SIMD3(Double(x), Double(y), Double(z)) + point - centre) / semiAxes
                        return count + (dot(d, d) <= 1 ? 1 : 0)
                    }
                    if inside > 0 { parts.append((grid.offset(x, y, z), Double(inside) / 512)) }
                }
            }
        }
        let cell = grid.cellMM * grid.cellMM * grid.cellMM
        let exact = 4 / 3 * Double.pi * needle.radiusMM * needle.radiusMM * needle.radiusMM
        let scale = exact / (cell * parts.reduce(0) { $0 + $1.part })
        return parts.map { ($0.cell, min($0.part * scale, 1) * cell * domain.porosity[$0.cell]) }
    }
}

extension FlowDomain {
    /// Cells whose centres lie within a cube of half-width `reachMM` around a point.
    fileprivate func cells(within reachMM: Double, of point: PointMM) -> [Int] {
        let centre = grid.geometry.index(of: point)
        let reach = SIMD3(repeating: reachMM / grid.cellMM)
        let size = SIMD3(Double(grid.size.x - 1), Double(grid.size.y - 1), Double(grid.size.z - 1))
        let low = pointwiseMax((centre - reach).rounded(.up), .zero)
        let high = pointwiseMin((centre + reach).rounded(.down), size)
        var found: [Int] = []
        for z in Int(low.z)...Int(high.z) {
            for y in Int(low.y)...Int(high.y) {
                for x in Int(low.x)...Int(high.x) where porosity[grid.offset(x, y, z)] > 0 {
                    found.append(grid.offset(x, y, z))
                }
            }
        }
        return found
    }
}

extension Double {
    fileprivate var cubeRoot: Double { Foundation.cbrt(self) }
}
