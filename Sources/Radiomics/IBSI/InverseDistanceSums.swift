// Sums over all pairs of voxels with weights of one over their distance, in n·log n.
import Foundation
import Imaging

/// For each voxel of a box, Σ over all other voxels of value / distance (millimetres), for two images at once.
///
/// The sum is a convolution with 1/r, done by Fourier transforms on a grid of twice the size, where nothing wraps around: exact to
/// rounding. One image is the real part and one the imaginary part; the weights are real and even, so that they do not mix.
struct InverseDistanceSums {
    /// One value per voxel, x fastest.
    private(set) var first, second: [Double]

    init(_ first: [Double], _ second: [Double], size: Index3, spacingMM: SIMD3<Double>) {
        let grid = Index3(x: Self.length(size.x), y: Self.length(size.y), z: Self.length(size.z))
        let weights = Self.transformedWeights(grid, spacingMM)
        var field = ComplexGrid(grid)
        for row in 0..<size.y * size.z {
            let to = (row / size.y * grid.y + row % size.y) * grid.x
            for x in 0..<size.x {
                field.re[to + x] = first[row * size.x + x]
                field.im[to + x] = second[row * size.x + x]
            }
        }
        field.transform(filled: size)
        for i in weights.indices {
            field.re[i] *= weights[i]
            field.im[i] *= weights[i]
        }
        field.transformBack(filled: size)
        self.first = first
        self.second = second
        let scale = 1 / Double(grid.count)
        for row in 0..<size.y * size.z {
            let from = (row / size.y * grid.y + row % size.y) * grid.x
            for x in 0..<size.x {
                self.first[row * size.x + x] = field.re[from + x] * scale
                self.second[row * size.x + x] = field.im[from + x] * scale
            }
        }
    }

    /// The next length from 2n − 1 on that has only factors 2 and 3.
    private static func length(_ n: Int) -> Int {
        (2 * n - 1...4 * n).first { candidate in
            var rest = candidate
            for factor in [2, 3] { while rest % factor == 0 { rest /= factor } }
            return rest == 1
        } ?? 4 * n
    }

    /// The transform of 1/r, r the distance to voxel (0, 0, 0) the shorter way round; 0 at r = 0.
    private static func transformedWeights(_ grid: Index3, _ spacingMM: SIMD3<Double>) -> [Double] {
        var field = ComplexGrid(grid)
        let square = { (i: Int, n: Int, spacing: Double) in
            let d = Double(min(i, n - i)) * spacing
            return d * d
        }
        let xs = (0..<grid.x).map { square($0, grid.x, spacingMM.x) }
        for z in 0..<grid.z {
            for y in 0..<grid.y {
                let rest = square(z, grid.z, spacingMM.z) + square(y, grid.y, spacingMM.y)
                let row = (z * grid.y + y) * grid.x
                for x in 0..<grid.x { field.re[row + x] = 1 / (xs[x] + rest).squareRoot() }
            }
        }
        field.re[0] = 0
        field.transform(filled: grid)
        return field.re
    }
}

/// Complex numbers on a grid, and their Fourier transform in place. The transform leaves frequencies in a scrambled order, the
/// same for every grid of this size, and `transformBack` takes them in that order.
private struct ComplexGrid {
    let size: Index3
    var re, im: [Double]

    init(_ size: Index3) {
        self.size = size
        re = [Double](repeating: 0, count: size.count)
        im = re
    }

    /// - Parameter filled: voxels beyond this size are 0.
    mutating func transform(filled: Index3) {
        transformRows(filled: filled, inverse: false)
        transformColumns(filled: filled, inverse: false)
        transformStacks(inverse: false)
    }

    /// Without the division by the number of voxels. Only the voxels up to `filled` are right afterwards.
    mutating func transformBack(filled: Index3) {
        transformStacks(inverse: true)
        transformColumns(filled: filled, inverse: true)
        transformRows(filled: filled, inverse: true)
    }

    private mutating func transformRows(filled: Index3, inverse: Bool) {
        let plan = FourierPlan(length: size.x)
        for z in 0..<filled.z {
            for y in 0..<filled.y {
                plan.run(&re, &im, start: (z * size.y + y) * size.x, stride: 1, width: 1, inverse: inverse)
            }
        }
    }

    private mutating func transformColumns(filled: Index3, inverse: Bool) {
        let plan = FourierPlan(length: size.y)
        for z in 0..<filled.z {
            plan.run(&re, &im, start: z * size.y * size.x, stride: size.x, width: size.x, inverse: inverse)
        }
    }

    private mutating func transformStacks(inverse: Bool) {
        let plan = FourierPlan(length: size.z)
        for y in 0..<size.y {
            plan.run(&re, &im, start: y * size.x, stride: size.x * size.y, width: size.x, inverse: inverse)
        }
    }
}

/// A Fourier transform of a length 2ᵃ·3ᵇ.
///
/// Source: Cooley and Tukey 1965, Math Comput 19:297, decimated in frequency on the way there and in time on the way back, so
/// that neither needs its input sorted.
private struct FourierPlan {
    let length: Int
    /// The factors of the length, in the order of the way there.
    private let factors: [Int]
    /// e^(−2πi·k/length).
    private let cosines, sines: [Double]

    init(length: Int) {
        self.length = length
        var (factors, rest) = ([Int](), length)
        for factor in [3, 2] {
            while rest % factor == 0 {
                factors.append(factor)
                rest /= factor
            }
        }
        self.factors = factors
        let angles = (0..<length).map { -2 * Double.pi * Double($0) / Double(length) }
        cosines = angles.map { cos($0) }
        sines = angles.map { sin($0) }
    }

    /// Transforms `width` neighbouring lines at once; the elements of a line lie `stride` apart.
    func run(_ re: inout [Double], _ im: inout [Double], start: Int, stride: Int, width: Int, inverse: Bool) {
        var block = inverse ? 1 : length
        re.withUnsafeMutableBufferPointer { re in
            im.withUnsafeMutableBufferPointer { im in
                for factor in inverse ? factors.reversed() : factors {
                    let part = inverse ? block : block / factor
                    let turn = length / (part * factor)
                    for first in Swift.stride(from: 0, to: length, by: part * factor) {
                        for j in 0..<part {
                            let a = start + (first + j) * stride
                            let (c, s) = (cosines[j * turn], inverse ? -sines[j * turn] : sines[j * turn])
                            if factor == 2 {
                                butterfly2(re, im, a, a + part * stride, width, c, s, inverse)
                            } else {
                                let (c2, s2) = (c * c - s * s, 2 * c * s)
                                let (b, d) = (a + part * stride, a + 2 * part * stride)
                                butterfly3(re, im, a, b, d, width, c, s, c2, s2, inverse)
                            }
                        }
                    }
                    block = inverse ? block * factor : part
                }
            }
        }
    }
}

/// Sum and difference of `width` numbers at a and b; the second output, or on the way back the second input, is turned by c + i·s.
@inline(__always) private func butterfly2(
    _ re: UnsafeMutableBufferPointer<Double>, _ im: UnsafeMutableBufferPointer<Double>, _ a: Int, _ b: Int,
    _ width: Int, _ c: Double, _ s: Double, _ inverse: Bool
) {
    if inverse {
        for i in 0..<width {
            let (x, y) = (re[b + i] * c - im[b + i] * s, re[b + i] * s + im[b + i] * c)
            (re[b + i], im[b + i]) = (re[a + i] - x, im[a + i] - y)
            (re[a + i], im[a + i]) = (re[a + i] + x, im[a + i] + y)
        }
    } else {
        for i in 0..<width {
            let (x, y) = (re[a + i] - re[b + i], im[a + i] - im[b + i])
            (re[a + i], im[a + i]) = (re[a + i] + re[b + i], im[a + i] + im[b + i])
            (re[b + i], im[b + i]) = (x * c - y * s, x * s + y * c)
        }
    }
}

/// The same for three numbers: the second is turned by c + i·s, the third by twice that angle.
@inline(__always) private func butterfly3(
    _ re: UnsafeMutableBufferPointer<Double>, _ im: UnsafeMutableBufferPointer<Double>, _ a: Int, _ b: Int, _ d: Int,
    _ width: Int, _ c: Double, _ s: Double, _ c2: Double, _ s2: Double, _ inverse: Bool
) {
    let half = 0.75.squareRoot() * (inverse ? 1 : -1)  // ± sin 120°
    for i in 0..<width {
        var (x1, y1) = (re[b + i], im[b + i])
        var (x2, y2) = (re[d + i], im[d + i])
        if inverse {
            (x1, y1) = (x1 * c - y1 * s, x1 * s + y1 * c)
            (x2, y2) = (x2 * c2 - y2 * s2, x2 * s2 + y2 * c2)
        }
        let (sumX, sumY) = (x1 + x2, y1 + y2)
        let (midX, midY) = (re[a + i] - sumX / 2, im[a + i] - sumY / 2)
        let (turnX, turnY) = (-half * (y1 - y2), half * (x1 - x2))
        (re[a + i], im[a + i]) = (re[a + i] + sumX, im[a + i] + sumY)
        (x1, y1) = (midX + turnX, midY + turnY)
        (x2, y2) = (midX - turnX, midY - turnY)
        if !inverse {
            (x1, y1) = (x1 * c - y1 * s, x1 * s + y1 * c)
            (x2, y2) = (x2 * c2 - y2 * s2, x2 * s2 + y2 * c2)
        }
        (re[b + i], im[b + i]) = (x1, y1)
        (re[d + i], im[d + i]) = (x2, y2)
    }
}
