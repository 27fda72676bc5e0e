// The thickness of a blurred layer of known density.
import Foundation

/// Fits out·Φ((x−c−t/2)/s) + layer·[Φ((x−c+t/2)/s) − Φ((x−c−t/2)/s)] + in·[1 − Φ((x−c+t/2)/s)] to a profile along the outward normal
/// with the layer's HU given: thickness t and place c by search, the two sides by least squares (Treece 2010,
/// 10.1016/j.media.2010.01.003). With the density free, thickness and density of a layer below the blur cannot be told apart.
struct ThicknessModel {
    /// A fit's thickness and place (millimetres along the outward normal) and its sum of squared residuals.
    struct Fit {
        var thicknessMM: Double
        var placeMM: Double
        var residual: Float
    }

    /// 0.02–0.58 mm in steps of 0.04, then to 3.1 mm in steps of 0.1 (docs/cortex.md).
    private static let thicknessesMM =
        Array(stride(from: 0.02, to: 0.6, by: 0.04)) + Array(stride(from: 0.6, through: 3.15, by: 0.1))
    /// The chart already lies on the shell's middle, roughly (`BodySurface.movedToShell`).
    private static let placesMM = Array(stride(from: -1.6, through: 1.6, by: 0.1))

    private let layerHU: Float
    /// For each thickness and place: the outer and the inner side at the samples, one after the other.
    private let bases: [Float]
    /// For each thickness and place: products of outer and inner with themselves, each other and the layer, and the layer with itself.
    private let products: [[Float]]

    init(sigmaMM: Double, layerHU: Double) {
        self.layerHU = Float(layerHU)
        let samples = LayerModel.samplesMM
        var bases: [Float] = []
        var products: [[Float]] = []
        bases.reserveCapacity(Self.thicknessesMM.count * Self.placesMM.count * 2 * samples.count)
        for thickness in Self.thicknessesMM {
            for place in Self.placesMM {
                let outer = samples.map { 0.5 * erfc(-($0 - place - thickness / 2) / sigmaMM / 2.0.squareRoot()) }
                let inner = samples.map { 0.5 * erfc(($0 - place + thickness / 2) / sigmaMM / 2.0.squareRoot()) }
                bases += outer.map(Float.init) + inner.map(Float.init)
                var sums = [Double](repeating: 0, count: 6)
                for (a, b) in zip(outer, inner) {
                    let layer = 1 - a - b
                    sums[0] += a * a
                    sums[1] += a * b
                    sums[2] += b * b
                    sums[3] += a * layer
                    sums[4] += b * layer
                    sums[5] += layer * layer
                }
                products.append(sums.map(Float.init))
            }
        }
        self.bases = bases
        self.products = products
    }

    /// The best fit; nil where no layer stands out of its sides.
    func fit(_ profile: UnsafeBufferPointer<Float>) -> Fit? {
        let n = LayerModel.samplesMM.count
        var total: Float = 0
        var square: Float = 0
        for k in 0..<n {
            total += profile[k]
            square += profile[k] * profile[k]
        }
        let places = Self.placesMM.count
        // For each thickness the least residual over the places, and its place.
        var least = [Float](repeating: .infinity, count: Self.thicknessesMM.count)
        var leastPlace = [Int](repeating: 0, count: least.count)
        var denserSide = [Float](repeating: 0, count: least.count)
        bases.withUnsafeBufferPointer { bases in
            for t in 0..<least.count {
                for c in 0..<places {
                    let at = t * places + c
                    var a: Float = 0
                    var b: Float = 0
                    for k in 0..<n {
                        a += bases[2 * at * n + k] * profile[k]
                        b += bases[(2 * at + 1) * n + k] * profile[k]
                    }
                    let found = layer(at: at, a: a, b: b, total: total, square: square)
                    if found.residual < least[t] {
                        least[t] = found.residual
                        leastPlace[t] = c
                        denserSide[t] = found.denserSide
                    }
                }
            }
        }
        guard let best = least.indices.min(by: { least[$0] < least[$1] }), least[best] < .infinity,
            denserSide[best] < Self.densestSideShare * layerHU
        else { return nil }
        return Fit(
            thicknessMM: Self.vertex(of: least, at: best), placeMM: Self.placesMM[leastPlace[best]],
            residual: least[best])
    }

    /// Where a side is denser than this part of the layer it is bone too (a rim, where wall and endplate meet; a pedicle; the arch): there
    /// is no layer to measure (our choice).
    private static let densestSideShare: Float = 0.4

    /// The sum of squares left by the best two sides, from the profile's products with outer and inner side; and the denser side's HU.
    private func layer(
        at: Int, a: Float, b: Float, total: Float, square: Float
    ) -> (residual: Float, denserSide: Float) {
        let p = products[at]
        // The profile less the layer.
        let ya = a - layerHU * p[3]
        let yb = b - layerHU * p[4]
        let yy = square - 2 * layerHU * (total - a - b) + layerHU * layerHU * p[5]
        let determinant = p[0] * p[2] - p[1] * p[1]
        let outside = (p[2] * ya - p[1] * yb) / determinant
        let inside = (p[0] * yb - p[1] * ya) / determinant
        guard (outside + inside) / 2 < layerHU else { return (.infinity, layerHU) }
        return (max(yy - outside * ya - inside * yb, 0), max(outside, inside))
    }

    /// The least of a parabola through the best thickness and its neighbours.
    private static func vertex(of least: [Float], at best: Int) -> Double {
        guard best > 0, best + 1 < least.count, least[best - 1] < .infinity, least[best + 1] < .infinity else {
            return thicknessesMM[best]
        }
        let (x0, x1, x2) = (thicknessesMM[best - 1], thicknessesMM[best], thicknessesMM[best + 1])
        let rise0 = Double(least[best - 1] - least[best]) / (x0 - x1)
        let rise2 = Double(least[best + 1] - least[best]) / (x2 - x1)
        let bend = (rise2 - rise0) / (x2 - x0)
        guard bend > 0 else { return x1 }
        return min(max(x1 - (rise0 - bend * (x0 - x1)) / (2 * bend), x0), x2)
    }
}
