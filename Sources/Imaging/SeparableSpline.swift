// A cubic B-spline sampled along one axis after the other.

/// The spline at the voxel centres of a grid whose axes are those of the coefficients; nil for a turned grid. Within rounding
/// of the 64-term sum; NaN where rounding might matter: at whole numbers and where neighbours are equal.
func separableSamples(
    of coefficients: [Double], _ box: IndexBox, along path: GridPath, on target: Geometry
) -> [Double]? {
    guard path.isSeparable else { return nil }
    let size = target.size
    let first = path.row(y: 0, z: 0)
    let x = AxisWeights(
        (0..<size.x).map { first.start.x + (Double($0) / Double(size.x)) * first.span.x }, box.lower.x, box.size.x)
    let y = AxisWeights((0..<size.y).map { path.row(y: $0, z: 0).start.y }, box.lower.y, box.size.y)
    let z = AxisWeights((0..<size.z).map { path.row(y: 0, z: $0).start.z }, box.lower.z, box.size.z)
    let alongX = sumAlongRows(coefficients, lines: box.size.y * box.size.z, box.size.x, x)
    let alongY = sumAcrossRows(alongX, planes: box.size.z, lines: box.size.y, width: size.x, y)
    var values = sumAcrossRows(alongY, planes: 1, lines: box.size.z, width: size.x * size.y, z)
    markDelicate(&values, size, coefficients, box.size, x, y, z)
    return values
}

/// For each sample along an axis, four voxels and their weights.
private struct AxisWeights {
    let voxels: [SIMD4<Int>]
    let weights: [SIMD4<Double>]

    /// - Parameters:
    ///   - indices: of the samples, in the whole grid.
    ///   - lower: the index of the first of the `n` voxels that have coefficients.
    init(_ indices: [Double], _ lower: Int, _ n: Int) {
        // A sample outside is not asked for; it takes the border, so that no index leaves the box.
        let inside = indices.map { min(max($0, Double(lower) - 0.5), Double(lower + n) - 0.5) }
        voxels = inside.map { mirroredSupport(splineCell($0) - lower, n) }
        weights = inside.map { splineWeights($0 - Double(splineCell($0))) }
    }
}

/// The voxel at or before a continuous index. ITK rounds the index to single precision first
/// (`itkBSplineInterpolateImageFunction`), so that one which misses a voxel by rounding noise lies on it: this decides the last
/// bit of values on a voxel, and with it what truncation makes of them.
@inline(__always) func splineCell(_ index: Double) -> Int { Int(Float(index).rounded(.down)) }

/// The weights of the four voxels around a point that lies the part `w` of the way from the second to the third.
@inline(__always) func splineWeights(_ w: Double) -> SIMD4<Double> {
    let w3 = 1.0 / 6.0 * w * w * w
    let w0 = 1.0 / 6.0 + 0.5 * w * (w - 1) - w3
    let w2 = w + w0 - 2 * w3
    return SIMD4(w0, 1 - w0 - w2 - w3, w2, w3)
}

/// The four voxels under a cubic B-spline, reflected at the first and last voxel.
@inline(__always) func mirroredSupport(_ cell: Int, _ n: Int) -> SIMD4<Int> {
    var support = SIMD4(cell - 1, cell, cell + 1, cell + 2)
    guard n > 1 else { return .zero }
    for i in 0..<4 {
        if support[i] < 0 { support[i] = -support[i] }
        if support[i] > n - 1 { support[i] = max(2 * (n - 1) - support[i], 0) }
    }
    return support
}

private func sumAlongRows(_ values: [Double], lines: Int, _ width: Int, _ axis: AxisWeights) -> [Double] {
    let n = axis.voxels.count
    return [Double](unsafeUninitializedCapacity: lines * n) { out, count in
        count = lines * n
        values.withUnsafeBufferPointer { values in
            axis.voxels.withUnsafeBufferPointer { voxels in
                axis.weights.withUnsafeBufferPointer { weights in
                    for line in 0..<lines {
                        let row = line * width
                        for i in 0..<n {
                            let (v, w) = (voxels[i], weights[i])
                            out[line * n + i] =
                                values[row + v.x] * w.x + values[row + v.y] * w.y + values[row + v.z] * w.z
                                + values[row + v.w] * w.w
                        }
                    }
                }
            }
        }
    }
}

private func sumAcrossRows(
    _ values: [Double], planes: Int, lines: Int, width: Int, _ axis: AxisWeights
) -> [Double] {
    let n = axis.voxels.count
    return [Double](unsafeUninitializedCapacity: planes * n * width) { out, count in
        count = planes * n * width
        values.withUnsafeBufferPointer { values in
            for plane in 0..<planes {
                for i in 0..<n {
                    let (v, w) = (axis.voxels[i] &* width &+ plane * lines * width, axis.weights[i])
                    let row = (plane * n + i) * width
                    for x in 0..<width {
                        out[row + x] =
                            values[v.x + x] * w.x + values[v.y + x] * w.y + values[v.z + x] * w.z
                            + values[v.w + x] * w.w
                    }
                }
            }
        }
    }
}

/// Rounding noise of the sums is below 1e-12 of the values; this leaves room (our choice).
private let delicacy = 1e-9

/// NaN for values so close to a whole number, or to the coefficient beside them (as where all are equal), that rounding
/// noise could tip truncation or a bin's edge.
private func markDelicate(
    _ values: inout [Double], _ size: Index3, _ coefficients: [Double], _ box: Index3, _ x: AxisWeights,
    _ y: AxisWeights, _ z: AxisWeights
) {
    let columns = x.voxels.map(\.y)
    values.withUnsafeMutableBufferPointer { values in
        coefficients.withUnsafeBufferPointer { coefficients in
            columns.withUnsafeBufferPointer { columns in
                for k in 0..<size.z {
                    for j in 0..<size.y {
                        let beside = (z.voxels[k].y * box.y + y.voxels[j].y) * box.x
                        let row = (k * size.y + j) * size.x
                        for i in 0..<size.x {
                            let value = values[row + i]
                            let tolerance = delicacy * max(1, abs(value))
                            let isDelicate =
                                abs(value - value.rounded()) < tolerance
                                || abs(value - coefficients[beside + columns[i]]) < tolerance
                            if isDelicate { values[row + i] = .nan }
                        }
                    }
                }
            }
        }
    }
}
