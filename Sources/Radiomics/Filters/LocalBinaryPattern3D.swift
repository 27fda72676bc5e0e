// The image types `lbp-3D-m1`, `lbp-3D-m2`… and `lbp-3D-k`: which neighbours on a sphere are brighter than its centre.
import Foundation
import Imaging

/// Rotation-invariant local binary patterns: the image is sampled on a sphere around each voxel of the region, the pattern of
/// samples that are at least as bright as the centre is expanded in spherical harmonics, and the strength of each degree is kept.
/// A last image holds the kurtosis of the samples.
///
/// J. Banerjee et al., "3D LBP-based rotationally invariant region description", ACCV 2012 Workshops, as PyRadiomics 3.0.1 does it,
/// which takes the two angles of a direction in each other's place and adds vertex coordinates x, y, z to voxel indices z, y, x.
struct LocalBinaryPattern3D {
    /// How many degrees of harmonics, from 0 (PyRadiomics' `lbp3DLevels`), ≥ 1.
    var levels = 2
    /// Radius of the sphere, voxels (`lbp3DIcosphereRadius`), > 0.
    var radius = 1.0
    /// How often the faces of the icosahedron are split (`lbp3DIcosphereSubdivision`).
    var subdivisions = 1

    /// Voxels along each axis that a voxel's value depends on: the sphere and the reach of the spline (as for resampling).
    var reachVoxels: Index3 {
        let reach = Int(radius.rounded(.up)) + BSplineVolume.exactReachVoxels
        return Index3(x: reach, y: reach, z: reach)
    }

    /// The images by PyRadiomics' names. Outside the region they are 0.
    ///
    /// - Parameters:
    ///   - voxels: offsets of the region's voxels in the image.
    ///   - type: how the image stores its values, to which samples are rounded.
    func filtered(_ image: GreyImage, voxels: [Int], storedAs type: StoredType) -> [(name: String, image: GreyImage)] {
        let vertices = Icosphere(radius: radius, subdivisions: subdivisions).vertices
        let sampler = SphereSampler(image, vertices: vertices)
        let harmonics = (0..<levels).map { SphericalHarmonics(degree: $0, vertices.map { $0 / radius }) }
        let blank = [Double](repeating: 0, count: image.values.count)
        var strengths = [[Double]](repeating: blank, count: levels)
        var kurtosis = blank
        var samples = [Double](repeating: 0, count: vertices.count)
        for voxel in voxels {
            sampler.sample(around: voxel, into: &samples)
            Self.round(&samples, to: type)
            kurtosis[voxel] =
                type == .float32
                ? Double(Self.excessKurtosis(samples.map { Float($0) })) : Self.excessKurtosis(samples)
            for v in samples.indices { samples[v] = samples[v] >= image.values[voxel] ? 1 : 0 }
            for level in 0..<levels { strengths[level][voxel] = harmonics[level].strength(of: samples) }
        }
        func named(_ name: String, _ values: [Double]) -> (name: String, image: GreyImage) {
            (name, GreyImage(size: image.size, spacingMM: image.spacingMM, values: values))
        }
        return strengths.enumerated().map { named("lbp-3D-m\($0 + 1)", $1) } + [named("lbp-3D-k", kurtosis)]
    }

    /// `map_coordinates` returns the image's own type.
    private static func round(_ samples: inout [Double], to type: StoredType) {
        if let range = type.wholeNumberRange {
            let lowest = range.lowerBound == 0 ? 0 : -Double.infinity
            for v in samples.indices { samples[v] = max(samples[v].rounded(.toNearestOrAwayFromZero), lowest) }
        } else if type == .float32 {
            for v in samples.indices { samples[v] = Double(Float(samples[v])) }
        }
    }

    /// m₄/m₂² − 3 in the precision of the samples; −3 where all are equal (SciPy below 1.9; later versions say NaN).
    private static func excessKurtosis<Value: BinaryFloatingPoint>(_ samples: [Value]) -> Value {
        let count = Value(samples.count)
        let mean = sum(samples[...]) / count
        let squares = samples.map { ($0 - mean) * ($0 - mean) }
        let second = sum(squares[...]) / count
        let fourth = sum(squares.map { $0 * $0 }[...]) / count
        let negligible = Value.ulpOfOne * mean
        return second <= negligible * negligible ? -3 : fourth / (second * second) - 3
    }

    /// In NumPy's order, which counts in single precision: eight sums side by side, of halves where there are more than 128.
    private static func sum<Value: BinaryFloatingPoint>(_ values: ArraySlice<Value>) -> Value {
        let (first, n) = (values.startIndex, values.count)
        if n > 128 {
            let half = first + n / 2 / 8 * 8
            return sum(values[..<half]) + sum(values[half...])
        }
        guard n >= 8 else { return values.reduce(0, +) }
        var lanes = Array(values[first..<first + 8])
        for i in 8..<n / 8 * 8 { lanes[i % 8] += values[first + i] }
        let whole =
            ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
        return values[(first + n / 8 * 8)...].reduce(whole, +)
    }
}

/// The spherical harmonics of one degree at some directions.
private struct SphericalHarmonics {
    /// Per order m ≥ 0: real and imaginary part at each direction.
    private var parts: [(real: [Double], imaginary: [Double])] = []

    init(degree: Int, _ directions: [SIMD3<Double>]) {
        for order in 0...degree {
            var factor = Double(2 * degree + 1) / (4 * Double.pi)
            for k in (degree - order + 1)..<(degree + order + 1) { factor /= Double(k) }
            let scale = factor.squareRoot()
            // PyRadiomics hands the polar angle over as the azimuth and the azimuth as the polar angle.
            let azimuths = directions.map { acos($0.z) }
            let polars = directions.map { atan2($0.y, $0.x) }
            let radial = polars.map { scale * Self.legendre(degree, order, $0) }
            parts.append(
                (
                    zip(radial, azimuths).map { $0 * cos(Double(order) * $1) },
                    zip(radial, azimuths).map { $0 * sin(Double(order) * $1) }
                ))
        }
    }

    /// The L2 norm of the part of a pattern that these harmonics make up. Orders m and −m add up to twice the real part.
    func strength(of pattern: [Double]) -> Double {
        var sum = [Double](repeating: 0, count: pattern.count)
        for (order, part) in parts.enumerated() {
            var (a, b) = (0.0, 0.0)
            for v in pattern.indices where pattern[v] > 0 {
                a += part.real[v]
                b += part.imaginary[v]
            }
            let weight = order == 0 ? 1.0 : 2
            for v in sum.indices { sum[v] += weight * (a * part.real[v] - b * part.imaginary[v]) }
        }
        var squares = 0.0
        for value in sum { squares += value * value }
        return squares.squareRoot()
    }

    /// The associated Legendre function of cos(angle), with the sign (−1)^m; recursion over the degree.
    private static func legendre(_ degree: Int, _ order: Int, _ angle: Double) -> Double {
        let x = cos(angle)
        var value = 1.0
        for k in 0..<order { value *= -Double(2 * k + 1) * abs(sin(angle)) }
        var before = 0.0
        for l in (order + 1)..<max(order + 1, degree + 1) {
            (before, value) = (
                value, (Double(2 * l - 1) * x * value - Double(l + order - 1) * before) / Double(l - order)
            )
        }
        return value
    }
}
