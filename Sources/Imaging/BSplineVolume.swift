// A scan as a cubic B-spline: smooth between its voxels and exact at them.

/// The coefficients of the cubic B-spline that passes through every voxel of a volume, mirrored at its borders.
///
/// Source: Unser, Aldroubi, Eden 1993, IEEE Trans Signal Process 41:821 and 834. The arithmetic is done in double and in
/// ITK's order (`itkBSplineDecompositionImageFilter`), so that sampled values equal SimpleITK's `sitkBSpline`.
package struct BSplineVolume: Sendable {
    /// The volume's grid.
    package let geometry: Geometry
    /// The part of the grid that has coefficients.
    private let box: IndexBox
    /// One coefficient per voxel of the box, x fastest.
    private var coefficients: [Double]

    /// - Parameter part: the voxels to prepare; nil prepares all. A sample's influence falls by 0.268 per voxel, so that a
    ///   part 32 voxels larger on each side than what is sampled gives the values of the whole to double precision.
    package init(_ volume: Volume, within part: IndexBox? = nil) {
        let box = part ?? IndexBox(lower: Index3(x: 0, y: 0, z: 0), size: volume.geometry.size)
        self.box = box
        geometry = volume.geometry
        coefficients = crop(volume.voxels, of: geometry.size, from: box.lower, size: box.size).map { Double($0) }
        let size = box.size
        coefficients.withUnsafeMutableBufferPointer { c in
            filterLines(c, count: size.x, stride: 1, starts: size.y * size.z) { $0 * size.x }
            filterLines(c, count: size.y, stride: size.x, starts: size.x * size.z) {
                $0 / size.x * size.x * size.y + $0 % size.x
            }
            filterLines(c, count: size.z, stride: size.x * size.y, starts: size.x * size.y) { $0 }
        }
    }

    /// The spline at the voxel centres of another grid: `target.size.count` values, x fastest.
    ///
    /// - Parameter outside: the value of voxels whose centre lies more than half a voxel outside; nil takes the nearest
    ///   point of the border.
    package func sampled(on target: Geometry, outside: Double?) -> [Double] {
        let path = GridPath(source: geometry, target: target)
        let size = box.size
        let lower = SIMD3(Double(box.lower.x), Double(box.lower.y), Double(box.lower.z))
        let last = SIMD3(Double(geometry.size.x - 1), Double(geometry.size.y - 1), Double(geometry.size.z - 1))
        return [Double](unsafeUninitializedCapacity: target.size.count) { out, count in
            count = target.size.count
            coefficients.withUnsafeBufferPointer { c in
                var i = 0
                for z in 0..<target.size.z {
                    for y in 0..<target.size.y {
                        let (start, span) = path.row(y: y, z: z)
                        for x in 0..<target.size.x {
                            var index = start + (Double(x) / Double(target.size.x)) * span
                            if let outside, !isWithinHalfVoxel(index, last) {
                                out[i] = outside
                            } else {
                                if outside == nil { index = pointwiseMin(pointwiseMax(index, .zero), last) }
                                out[i] = evaluate(c, size, at: index - lower)
                            }
                            i += 1
                        }
                    }
                }
            }
        }
    }
}

/// √3 − 2: the pole of the cubic B-spline (Unser 1993).
private let pole = 3.0.squareRoot() - 2
/// Beyond this many samples the powers of the pole are below 1e-10, ITK's tolerance: ceil(ln 1e-10 / ln |pole|).
private let horizon = 18

private func filterLines(
    _ values: UnsafeMutableBufferPointer<Double>, count: Int, stride: Int, starts: Int, startOf: (Int) -> Int
) {
    guard count > 1 else { return }
    var line = [Double](repeating: 0, count: count)
    line.withUnsafeMutableBufferPointer { line in
        for number in 0..<starts {
            let start = startOf(number)
            for i in 0..<count { line[i] = values[start + i * stride] }
            filterLine(line)
            for i in 0..<count { values[start + i * stride] = line[i] }
        }
    }
}

/// Samples → coefficients along one line: a causal and an anticausal first-order recursion.
private func filterLine(_ c: UnsafeMutableBufferPointer<Double>) {
    let n = c.count
    let gain = (1 - pole) * (1 - 1 / pole)
    for i in 0..<n { c[i] *= gain }
    c[0] = causalStart(c)
    for i in 1..<n { c[i] += pole * c[i - 1] }
    c[n - 1] = pole / (pole * pole - 1) * (pole * c[n - 2] + c[n - 1])
    for i in stride(from: n - 2, through: 0, by: -1) { c[i] = pole * (c[i + 1] - c[i]) }
}

private func causalStart(_ c: UnsafeMutableBufferPointer<Double>) -> Double {
    let n = c.count
    if horizon < n {
        var sum = c[0]
        var power = pole
        for i in 1..<horizon {
            sum += power * c[i]
            power *= pole
        }
        return sum
    }
    // A short line: the whole mirrored sum.
    var power = pole
    var mirroredPower = 1.0
    for _ in 0..<n - 1 { mirroredPower *= pole }
    var sum = c[0] + mirroredPower * c[n - 1]
    mirroredPower *= mirroredPower / pole
    for i in 1..<max(n - 1, 1) {
        sum += (power + mirroredPower) * c[i]
        power *= pole
        mirroredPower /= pole
    }
    return sum / (1 - power * power)
}

/// The spline at one continuous index: 64 weighted coefficients, x fastest.
private func evaluate(_ c: UnsafeBufferPointer<Double>, _ size: Index3, at index: SIMD3<Double>) -> Double {
    let floor = index.rounded(.down)
    let w = index - floor
    let w3 = 1.0 / 6.0 * w * w * w
    let w0 = 1.0 / 6.0 + 0.5 * w * (w - 1) - w3
    let w2 = w + w0 - 2 * w3
    let w1 = 1 - w0 - w2 - w3
    let x = mirroredSupport(Int(floor.x), size.x)
    let y = mirroredSupport(Int(floor.y), size.y)
    let z = mirroredSupport(Int(floor.z), size.z)
    let wx = SIMD4(w0.x, w1.x, w2.x, w3.x)
    let wy = SIMD4(w0.y, w1.y, w2.y, w3.y)
    let wz = SIMD4(w0.z, w1.z, w2.z, w3.z)
    var sum = 0.0
    for k in 0..<4 {
        for j in 0..<4 {
            let row = (z[k] * size.y + y[j]) * size.x
            for i in 0..<4 { sum += c[row + x[i]] * (wx[i] * wy[j] * wz[k]) }
        }
    }
    return sum
}

/// The four voxels under a cubic B-spline, reflected at the first and last voxel.
@inline(__always) private func mirroredSupport(_ cell: Int, _ n: Int) -> SIMD4<Int> {
    var support = SIMD4(cell - 1, cell, cell + 1, cell + 2)
    guard n > 1 else { return .zero }
    for i in 0..<4 {
        if support[i] < 0 { support[i] = -support[i] }
        if support[i] > n - 1 { support[i] = max(2 * (n - 1) - support[i], 0) }
    }
    return support
}
