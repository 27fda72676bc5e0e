// Grey values between voxels, on a sphere around a voxel.
import Foundation
import Imaging

/// Cubic spline samples at fixed offsets from a voxel, in the order of arithmetic of SciPy's `map_coordinates`; 0 outside the image.
struct SphereSampler {
    private let size: Index3
    private let coefficients: [Double]
    /// Per axis (z, y, x), place along it and vertex.
    private var taps: [[AxisTaps]] = []
    private let vertexCount: Int

    /// Where a sample lies along one axis: the offsets of four coefficients in the array, and their weights.
    private struct AxisTaps {
        let isInside: Bool
        let offsets: SIMD4<Int>
        let weights: SIMD4<Double>
    }

    init(_ image: GreyImage, vertices: [SIMD3<Double>]) {
        size = image.size
        vertexCount = vertices.count
        let sides = [size.z, size.y, size.x]
        let steps = [size.x * size.y, size.x, 1]
        var coefficients = image.values
        for axis in 0..<3 where sides[axis] > 1 { Self.prefilter(&coefficients, count: sides[axis], step: steps[axis]) }
        self.coefficients = coefficients
        for axis in 0..<3 {
            taps.append(
                (0..<sides[axis]).flatMap { place in
                    vertices.map { Self.axisTaps(Double(place) + $0[axis], count: sides[axis], step: steps[axis]) }
                })
        }
    }

    func sample(around voxel: Int, into samples: inout [Double]) {
        let x = voxel % size.x
        let y = voxel / size.x % size.y
        let z = voxel / (size.x * size.y)
        for v in 0..<vertexCount {
            let (tz, ty, tx) = (
                taps[0][z * vertexCount + v], taps[1][y * vertexCount + v], taps[2][x * vertexCount + v]
            )
            guard tz.isInside, ty.isInside, tx.isInside else {
                samples[v] = 0
                continue
            }
            var sum = 0.0
            for a in 0..<4 {
                for b in 0..<4 {
                    let row = tz.offsets[a] + ty.offsets[b]
                    for c in 0..<4 {
                        sum += coefficients[row + tx.offsets[c]] * tz.weights[a] * ty.weights[b] * tx.weights[c]
                    }
                }
            }
            samples[v] = sum
        }
    }

    private static func axisTaps(_ place: Double, count: Int, step: Int) -> AxisTaps {
        let start = place.rounded(.down)
        let w = place - start
        let rest = 1 - w
        var weights = SIMD4<Double>.zero
        weights[1] = (w * w * (w - 2) * 3 + 4) / 6
        weights[2] = (rest * rest * (rest - 2) * 3 + 4) / 6
        weights[0] = rest * rest * rest / 6
        weights[3] = 1 - weights[0] - weights[1] - weights[2]
        var offsets = SIMD4<Int>.zero
        let period = max(2 * (count - 1), 1)
        for k in 0..<4 {
            // Mirrored about the last voxel's centre.
            let folded = ((Int(start) - 1 + k) % period + period) % period
            offsets[k] = min(folded, period - folded) * step
        }
        return AxisTaps(isInside: place >= 0 && place <= Double(count - 1), offsets: offsets, weights: weights)
    }

    /// Turns voxels into coefficients of the cubic spline along one axis: M. Unser, "Splines", IEEE Signal Process. Mag. 16(6), 1999.
    private static func prefilter(_ values: inout [Double], count: Int, step: Int) {
        let pole = -0.267949192431122706  // √3 − 2 to the last bit, which a difference of doubles loses
        let gain = (1 - pole) * (1 - 1 / pole)
        let far = pow(pole, Double(count - 1))
        var line = [Double](repeating: 0, count: count)
        for first in values.indices where first / step % count == 0 {
            for i in 0..<count { line[i] = values[first + i * step] * gain }
            line[0] += far * line[count - 1]
            var power = pole
            for i in 1..<max(count - 1, 1) {
                line[0] += power * (line[i] + far * line[count - 1 - i])
                power *= pole
            }
            line[0] /= 1 - far * far
            for i in 1..<count { line[i] += pole * line[i - 1] }
            line[count - 1] = (pole * line[count - 2] + line[count - 1]) * pole / (pole * pole - 1)
            for i in (0..<count - 1).reversed() { line[i] = pole * (line[i + 1] - line[i]) }
            for i in 0..<count { values[first + i * step] = line[i] }
        }
    }
}
