// Gaussian smoothing of a scan.
import Foundation

extension Volume {
    /// The volume convolved with a sampled Gaussian along each axis in turn.
    ///
    /// The kernel is cut at 4 standard deviations and sums to 1; beyond the border the nearest voxel repeats: the values
    /// of `scipy.ndimage.gaussian_filter(mode="nearest")`. An axis with sigma 0 is left as it is.
    /// - Parameter sigmaMM: standard deviation along each **image** axis, millimetres, ≥ 0.
    package func smoothed(sigmaMM: SIMD3<Double>) -> Volume { smoothed(sigmaVoxels: sigmaMM / geometry.spacingMM) }

    /// The volume convolved with a sampled Gaussian of the same width in millimetres along every axis.
    package func smoothed(sigmaMM: Double) -> Volume { smoothed(sigmaMM: SIMD3(repeating: sigmaMM)) }

    /// As `smoothed(sigmaMM:)`, with the standard deviation in voxels along each image axis.
    package func smoothed(sigmaVoxels: SIMD3<Double>) -> Volume {
        let size = geometry.size
        var result = self
        if sigmaVoxels.x > 0 { result.voxels = convolveRows(result.voxels, size, gaussianKernel(sigmaVoxels.x)) }
        if sigmaVoxels.y > 0 {
            result.voxels = convolveAcrossRows(
                result.voxels, rowLength: size.x, lines: size.y, blocks: size.z, gaussianKernel(sigmaVoxels.y))
        }
        if sigmaVoxels.z > 0 {
            result.voxels = convolveAcrossRows(
                result.voxels, rowLength: size.x * size.y, lines: size.z, blocks: 1, gaussianKernel(sigmaVoxels.z))
        }
        return result
    }
}

/// Weights at distance 0, 1, … of a symmetric kernel.
private func gaussianKernel(_ sigma: Double) -> [Float] {
    let radius = Int(4 * sigma + 0.5)  // SciPy's rule for truncate = 4
    let weights = (0...radius).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
    let sum = weights[0] + 2 * weights.dropFirst().reduce(0, +)
    return weights.map { Float($0 / sum) }
}

/// Convolution along x: each row is copied into a padded line first.
private func convolveRows(_ values: [Float], _ size: Index3, _ kernel: [Float]) -> [Float] {
    let n = size.x
    let radius = kernel.count - 1
    var line = [Float](repeating: 0, count: n + 2 * radius)
    return [Float](unsafeUninitializedCapacity: values.count) { out, count in
        count = values.count
        values.withUnsafeBufferPointer { source in
            line.withUnsafeMutableBufferPointer { line in
                kernel.withUnsafeBufferPointer { kernel in
                    for start in stride(from: 0, to: values.count, by: n) {
                        for i in 0..<radius {
                            line[i] = source[start]
                            line[radius + n + i] = source[start + n - 1]
                        }
                        for i in 0..<n {
                            line[radius + i] = source[start + i]
                            out[start + i] = kernel[0] * source[start + i]
                        }
                        for k in 1..<max(kernel.count, 1) {
                            let weight = kernel[k]
                            for i in 0..<n { out[start + i] += weight * (line[radius + i - k] + line[radius + i + k]) }
                        }
                    }
                }
            }
        }
    }
}

/// Convolution across rows of `rowLength` adjacent values: y when a row is an image row, z when it is a whole slice.
private func convolveAcrossRows(
    _ values: [Float], rowLength: Int, lines: Int, blocks: Int, _ kernel: [Float]
) -> [Float] {
    [Float](unsafeUninitializedCapacity: values.count) { out, count in
        count = values.count
        values.withUnsafeBufferPointer { source in
            kernel.withUnsafeBufferPointer { kernel in
                for block in 0..<blocks {
                    for line in 0..<lines {
                        let target = (block * lines + line) * rowLength
                        for i in 0..<rowLength { out[target + i] = kernel[0] * source[target + i] }
                        for k in 1..<max(kernel.count, 1) {
                            let weight = kernel[k]
                            let before = (block * lines + max(line - k, 0)) * rowLength
                            let after = (block * lines + min(line + k, lines - 1)) * rowLength
                            for i in 0..<rowLength {
                                out[target + i] += weight * (source[before + i] + source[after + i])
                            }
                        }
                    }
                }
            }
        }
    }
}
