// Where needles go: through the pedicle into the anterior third near the midline.
import Domain
import Foundation
import Imaging

/// One planned needle.
package struct NeedlePlan: Sendable, Hashable {
    /// The patient's side of the pedicle that it enters by.
    package var side: Side
    package var tipMM: PointMM
    /// Middle of the pedicle's root, LPS millimetres; nil where the posterior elements do not show it.
    package var pedicleMM: PointMM?

    package enum Side: String, Sendable, Codable { case left, right }

    package init(side: Side, tipMM: PointMM, pedicleMM: PointMM?) {
        self.side = side
        self.tipMM = tipMM
        self.pedicleMM = pedicleMM
    }
}

/// The needles of each approach to one body.
///
/// Transpedicular, the tip in the anterior third near the midline (docs/leakage-map.md). In the frame, from the middle of the body's box:
/// one needle 5 % of the width towards its own side, two needles 18 % each, at 72 % of the depth from the posterior wall, at
/// mid-height (shares: our choice). A tip that falls outside the body, or within 4 mm of its shell, moves to the nearest place that
/// does not.
struct NeedlePlanner {
    private let vertebra: Vertebra
    private let cells: BodyCells
    private let low: SIMD3<Double>
    private let high: SIMD3<Double>

    static let soleShare = 0.05
    static let pairShare = 0.18
    static let depthShare = 0.72
    static let clearanceMM = 4.0

    init(_ vertebra: Vertebra, cells: BodyCells) {
        self.vertebra = vertebra
        self.cells = cells
        let places = cells.faces.map(\.localMM)
        low = places.reduce(SIMD3(repeating: .infinity)) { pointwiseMin($0, $1) }
        high = places.reduce(SIMD3(repeating: -.infinity)) { pointwiseMax($0, $1) }
    }

    func needles(_ approach: RehearsalOrder.Approach) -> [NeedlePlan] {
        switch approach {
        case .left: [needle(.left, share: Self.soleShare)]
        case .right: [needle(.right, share: Self.soleShare)]
        case .bilateral: [needle(.left, share: Self.pairShare), needle(.right, share: Self.pairShare)]
        }
    }

    /// Needles at given tips; the side is the one that the tip lies on.
    func needles(at tipsMM: [PointMM]) -> [NeedlePlan] {
        let sides = tipsMM.map { cells.frame.local($0).x >= (low.x + high.x) / 2 ? NeedlePlan.Side.left : .right }
        // Two needles on one side of the midline still come through two pedicles.
        let isPair = tipsMM.count == 2 && sides[0] == sides[1]
        return tipsMM.indices.map { n in
            var side = sides[n]
            if isPair {
                let other = cells.frame.local(tipsMM[1 - n]).x
                let own = cells.frame.local(tipsMM[n]).x
                side = own > other || (own == other && n == 0) ? .left : .right
            }
            return NeedlePlan(side: side, tipMM: tipsMM[n], pedicleMM: pedicle(side))
        }
    }

    private func needle(_ side: NeedlePlan.Side, share: Double) -> NeedlePlan {
        let size = high - low
        let towards = side == .left ? 1.0 : -1.0
        let wanted = SIMD3(
            (low.x + high.x) / 2 + towards * share * size.x, low.y + Self.depthShare * size.y, (low.z + high.z) / 2)
        return NeedlePlan(side: side, tipMM: cells.frame.point(clear(wanted)), pedicleMM: pedicle(side))
    }

    /// The nearest place to a wanted one that keeps clear of the shell; the deepest where the body is too thin for that.
    private func clear(_ wanted: SIMD3<Double>) -> SIMD3<Double> {
        var best = wanted
        var least = Double.infinity
        for i in cells.isBone.indices where cells.isBone[i] {
            let place = cells.frame.local(cells.grid.centre(of: i))
            let away = length(place - wanted)
            guard away < least + Self.clearanceMM else { continue }
            let shell = cells.faces.reduce(Double.infinity) { min($0, length($1.localMM - place)) }
            // A millimetre too near the shell weighs as much as 10 mm from the wanted place (our choice).
            let cost = away + 10 * max(Self.clearanceMM - shell, 0)
            if cost < least { (best, least) = (place, cost) }
            if least <= cells.grid.cellMM { break }
        }
        return best
    }

    /// The middle of the bone that leaves the body backwards on one side: posterior elements within 6 mm behind the body's posterior
    /// border, more than a tenth of its width off the midline and no further out than its side: beyond lie ribs and transverse
    /// processes (our choice).
    private func pedicle(_ side: NeedlePlan.Side) -> PointMM? {
        let size = vertebra.parts.geometry.size
        let middle = (low.x + high.x) / 2
        let width = high.x - low.x
        let aside = 0.1 * width...0.5 * width
        var sum = SIMD3<Double>.zero
        var count = 0.0
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x where vertebra.parts[x, y, z] == Vertebra.Part.posteriorElements.rawValue {
                    let place = vertebra.frame.local(vertebra.parts.geometry.point(at: Index3(x: x, y: y, z: z)))
                    let out = side == .left ? place.x - middle : middle - place.x
                    guard aside.contains(out), place.y > low.y - 6, place.y < low.y + 3, place.z > low.z,
                        place.z < high.z
                    else { continue }
                    sum += place
                    count += 1
                }
            }
        }
        // Fewer voxels than 20 mm³ are no pedicle (our choice).
        guard count * vertebra.parts.geometry.voxelVolumeMM3 > 20 else { return nil }
        return vertebra.frame.point(sum / count)
    }
}
