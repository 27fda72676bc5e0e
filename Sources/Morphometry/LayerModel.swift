// The blurred profile of a thin layer between two tissues, and its least-squares fit.
//
// After Treece 2010 (Med Image Anal 14:276, 10.1016/j.media.2010.01.003): a shell below the resolution of the scan keeps its
// mass (HU times mm) under blur, so mass is fitted, not peak height.
import Foundation

/// Fits y(x) = out·Φ((x−c−t/2)/s) + layer·[Φ((x−c+t/2)/s) − Φ((x−c−t/2)/s)] + in·[1 − Φ((x−c+t/2)/s)] to profiles, x outward,
/// for a fixed layer thickness t and the given places c: linear in the three heights, so there are no local minima.
struct LayerModel {
    /// Places of the profile's samples along the outward normal, millimetres.
    static let samplesMM: [Double] = Array(stride(from: -4.0, through: 4.0, by: 0.25))
    /// The fixed thickness of the layer, millimetres; below every blur met, so only its mass matters.
    static let thicknessMM = 0.3

    /// Candidate places of the layer's middle, millimetres along the outward normal.
    let placesMM: [Double]
    /// For each place, three rows (outside, layer, inside) that turn a profile into the fitted heights.
    private let operators: [[Float]]
    /// For each place, the three basis functions at the samples.
    private let bases: [[Float]]

    init(sigmaMM: Double, placesMM: [Double]) {
        self.placesMM = placesMM
        var operators: [[Float]] = []
        var bases: [[Float]] = []
        for place in placesMM {
            let basis = Self.basis(place: place, sigma: sigmaMM)
            bases.append(basis.flatMap { $0.map(Float.init) })
            operators.append(Self.pseudoInverse(basis))
        }
        self.operators = operators
        self.bases = bases
    }

    /// What one fit yields.
    struct Fit {
        /// Fitted heights, HU.
        var outside: Float
        var layer: Float
        var inside: Float
        /// Weighted sum of squared residuals.
        var residual: Float

        /// HU times millimetres by which the layer stands out from the mean of its two sides.
        var massHUMM: Float { Float(LayerModel.thicknessMM) * (layer - (outside + inside) / 2) }
    }

    /// The fit with the layer at place number `place`.
    func fit(_ profile: UnsafeBufferPointer<Float>, place: Int) -> Fit {
        let n = Self.samplesMM.count
        var outside: Float = 0
        var layer: Float = 0
        var inside: Float = 0
        var residual: Float = 0
        operators[place].withUnsafeBufferPointer { rows in
            for k in 0..<n {
                outside += rows[k] * profile[k]
                layer += rows[n + k] * profile[k]
                inside += rows[2 * n + k] * profile[k]
            }
        }
        bases[place].withUnsafeBufferPointer { basis in
            for k in 0..<n {
                let miss = profile[k] - outside * basis[k] - layer * basis[n + k] - inside * basis[2 * n + k]
                residual += miss * miss
            }
        }
        return Fit(outside: outside, layer: layer, inside: inside, residual: residual)
    }

    private static func basis(place: Double, sigma: Double) -> [[Double]] {
        let outer = samplesMM.map { normalCDF(($0 - place - thicknessMM / 2) / sigma) }
        let inner = samplesMM.map { normalCDF(($0 - place + thicknessMM / 2) / sigma) }
        return [outer, zip(inner, outer).map { $0 - $1 }, inner.map { 1 - $0 }]
    }

    /// (BᵀB)⁻¹Bᵀ of the three basis functions, row after row.
    private static func pseudoInverse(_ basis: [[Double]]) -> [Float] {
        func product(_ i: Int, _ j: Int) -> Double { zip(basis[i], basis[j]).reduce(0) { $0 + $1.0 * $1.1 } }
        let a = product(0, 0), b = product(0, 1), c = product(0, 2)
        let d = product(1, 1), e = product(1, 2), f = product(2, 2)
        let minors = [d * f - e * e, c * e - b * f, b * e - c * d, a * f - c * c, b * c - a * e, a * d - b * b]
        let determinant = a * minors[0] + b * minors[1] + c * minors[2]
        let inverse = [
            [minors[0], minors[1], minors[2]], [minors[1], minors[3], minors[4]], [minors[2], minors[4], minors[5]],
        ]
        return inverse.flatMap { row in
            samplesMM.indices.map { k in
                Float((row[0] * basis[0][k] + row[1] * basis[1][k] + row[2] * basis[2][k]) / determinant)
            }
        }
    }

    private static func normalCDF(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
}
