// A body surface's radius along any direction, looked up between the directions of its mesh.
import Foundation
import Imaging

/// A surface's radius by polar angle and azimuth.
struct RadiusTable {
    static let polarSteps = 60
    static let azimuthSteps = 120
    private let radii: [Double]

    /// Each entry is the mean of the nearest directions, weighted as their stencil says.
    init(_ surface: BodySurface) {
        radii = surface.directions.stencil.means(of: surface.radiiMM)
    }

    /// The radius along a unit vector, bilinear in the two angles.
    func radius(_ d: SIMD3<Double>) -> Double {
        let (polarSteps, azimuthSteps) = (Self.polarSteps, Self.azimuthSteps)
        let polar = acos(min(max(d.z, -1), 1)) / .pi * Double(polarSteps)
        var turn = atan2(d.y, d.x) / (2 * .pi)
        if turn < 0 { turn += 1 }
        let azimuth = turn * Double(azimuthSteps)
        let i = min(Int(polar), polarSteps - 1)
        let j = Int(azimuth) % azimuthSteps
        let k = (j + 1) % azimuthSteps
        let f = polar - Double(i)
        let g = azimuth - azimuth.rounded(.down)
        let near = radii[i * azimuthSteps + j] * (1 - g) + radii[i * azimuthSteps + k] * g
        let far = radii[(i + 1) * azimuthSteps + j] * (1 - g) + radii[(i + 1) * azimuthSteps + k] * g
        return near * (1 - f) + far * f
    }
}

/// Which directions of a mesh speak for each entry of a `RadiusTable`, and how loudly: a Gaussian of the mesh's own spacing.
struct RadiusStencil: Sendable {
    /// Directions and weights of entry n stand at `starts[n]..<starts[n + 1]`.
    private var starts = [0]
    private var directions: [Int32] = []
    private var weights: [Double] = []

    /// - Parameter vectors: unit vectors.
    init(_ vectors: [SIMD3<Double>]) {
        // Mean spacing of the mesh, radians squared; a fifth of it as the variance is our choice.
        let variance = 0.2 * 4 * .pi / Double(vectors.count)
        let mostSquaredAngle = 18 * variance
        let band = mostSquaredAngle.squareRoot()
        for i in 0...RadiusTable.polarSteps {
            let polar = Double(i) / Double(RadiusTable.polarSteps) * .pi
            let near = vectors.indices.filter { abs(vectors[$0].z - cos(polar)) <= band }
            for j in 0..<RadiusTable.azimuthSteps {
                let azimuth = Double(j) / Double(RadiusTable.azimuthSteps) * 2 * .pi
                let d: SIMD3<Double> = [sin(polar) * cos(azimuth), sin(polar) * sin(azimuth), cos(polar)]
                for k in near {
                    let squaredAngle = 2 * (1 - dot(vectors[k], d))
                    guard squaredAngle < mostSquaredAngle else { continue }
                    directions.append(Int32(k))
                    weights.append(exp(-squaredAngle / (2 * variance)))
                }
                starts.append(directions.count)
            }
        }
    }

    /// The weighted mean at each entry, polar angle by polar angle.
    func means(of radii: [Double]) -> [Double] {
        (0..<starts.count - 1).map { entry in
            var (sum, total) = (0.0, 0.0)
            for n in starts[entry]..<starts[entry + 1] {
                sum += weights[n] * radii[Int(directions[n])]
                total += weights[n]
            }
            return sum / total
        }
    }
}
