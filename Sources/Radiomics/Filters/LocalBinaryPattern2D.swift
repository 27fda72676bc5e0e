// Local binary patterns within slices: how a voxel compares with samples on a circle around it.
import Foundation
import Imaging

/// The pattern of each voxel of a region, as scikit-image computes it and PyRadiomics' `LBP2D` takes it.
///
/// Source: Ojala 2002, IEEE Trans Pattern Anal Mach Intell 24:971; scikit-image 0.26 `local_binary_pattern`.
struct LocalBinaryPattern2D {
    let name = "lbp-2D"
    /// Voxels, > 0; 1 … 31 samples.
    let radius: Double
    let samples: Int
    let method: FilterSettings.PatternMethod
    /// Across the slices: 0 for x, 1 for y, 2 for z.
    let axis: Int

    var reachVoxels: Index3 {
        let reach = Int(radius.rounded(.up))
        return Index3(x: axis == 0 ? 0 : reach, y: axis == 1 ? 0 : reach, z: axis == 2 ? 0 : reach)
    }

    /// - Parameters:
    ///   - voxels: offsets of those that are wanted; all others are 0.
    ///   - type: how the image stores values, which the result is cut to.
    func filtered(_ image: GreyImage, voxels: [Int], storedAs type: StoredType) -> GreyImage {
        let size = [image.size.x, image.size.y, image.size.z]
        let strides = [1, size[0], size[0] * size[1]]
        // Rows and columns as they lie in PyRadiomics' arrays, whose first axis changes places with the one across.
        let (row, column) = axis == 0 ? (1, 2) : axis == 1 ? (2, 0) : (1, 0)
        let circle = offsets
        var result = [Double](repeating: 0, count: image.values.count)
        var around = [Double](repeating: 0, count: samples)
        for offset in voxels {
            let (r, c) = (offset / strides[row] % size[row], offset / strides[column] % size[column])
            let slice = offset - r * strides[row] - c * strides[column]
            /// 0 beyond the image.
            func value(_ r: Double, _ c: Double) -> Double {
                let (i, j) = (Int(r), Int(c))
                guard i >= 0, i < size[row], j >= 0, j < size[column] else { return 0 }
                return image.values[slice + i * strides[row] + j * strides[column]]
            }
            for i in 0..<samples {
                let (y, x) = (Double(r) + circle[i].row, Double(c) + circle[i].column)
                let (low, left) = (y.rounded(.down), x.rounded(.down))
                let (high, right) = (y.rounded(.up), x.rounded(.up))
                let (dy, dx) = (y - low, x - left)
                let top = (1 - dx) * value(low, left) + dx * value(low, right)
                let bottom = (1 - dx) * value(high, left) + dx * value(high, right)
                around[i] = (1 - dy) * top + dy * bottom
            }
            result[offset] = stored(pattern(around, centre: image.values[offset]), as: type)
        }
        return GreyImage(size: image.size, spacingMM: image.spacingMM, values: result)
    }

    /// Places of the samples relative to the centre, to five decimals as scikit-image rounds them.
    private var offsets: [(row: Double, column: Double)] {
        (0..<samples).map { i in
            let angle = 2 * Double.pi * Double(i) / Double(samples)
            func rounded(_ x: Double) -> Double { (x * 1e5).rounded(.toNearestOrEven) / 1e5 }
            return (rounded(-radius * sin(angle)), rounded(radius * cos(angle)))
        }
    }

    private func pattern(_ around: [Double], centre: Double) -> Double {
        let isLarger = around.map { $0 - centre >= 0 }
        let bits = isLarger.enumerated().reduce(UInt64(0)) { $0 | ($1.element ? 1 << UInt64($1.offset) : 0) }
        switch method {
        case .bits: return Double(bits)
        case .rotated:
            let last = UInt64(samples - 1)
            let turned = (1..<max(samples, 2)).reduce(into: [bits]) { turned, _ in
                let before = turned[turned.count - 1]
                turned.append(before >> 1 | (before & 1) << last)
            }
            return Double(turned.min() ?? bits)
        case .uniform:
            // The last sample is not compared with the first.
            let changes = zip(isLarger, isLarger.dropFirst()).count { $0 != $1 }
            return Double(changes <= 2 ? isLarger.count { $0 } : samples + 1)
        case .variance:
            let n = Double(samples)
            let (sum, squares) = around.reduce((0.0, 0.0)) { ($0.0 + $1, $0.1 + $1 * $1) }
            // scikit-image gives no number where all samples are equal; its copy in whole numbers is 0.
            return max((squares - sum * sum / n) / n, 0)
        }
    }
}

/// A pattern in an array of the image's type.
private func stored(_ pattern: Double, as type: StoredType) -> Double {
    if type.wholeNumberRange != nil { return pattern.rounded(.towardZero) }
    return type == .float32 ? Double(Float(pattern)) : pattern
}
