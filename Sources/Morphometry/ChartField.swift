// Smoothing of values on a chart, with a mask, round the seam of a chart that wraps.
import Foundation

/// The shape of a chart, and filters on arrays of that shape (row by row).
struct ChartField {
    let columns: Int
    let rows: Int
    let wraps: Bool

    /// Gaussian mean of the values where `mask` holds, in points; the value itself where no masked point is near.
    func gaussian(_ values: [Float], where mask: [Bool], sigma: Float) -> [Float] {
        var numerator = [Float](repeating: 0, count: values.count)
        var denominator = numerator
        for i in values.indices where mask[i] {
            numerator[i] = values[i]
            denominator[i] = 1
        }
        let kernel = Self.kernel(sigma: sigma)
        numerator = convolved(numerator, kernel)
        denominator = convolved(denominator, kernel)
        var result = values
        for i in values.indices where denominator[i] > 1e-6 { result[i] = numerator[i] / denominator[i] }
        return result
    }

    /// The median of every `step`-th masked value in a square of `2 radius + 1` points; the value itself where there is none.
    func median(_ values: [Float], where mask: [Bool], radius: Int, step: Int) -> [Float] {
        var result = values
        var window: [Float] = []
        for row in 0..<rows {
            for column in 0..<columns {
                window.removeAll(keepingCapacity: true)
                for r in stride(from: row - radius, through: row + radius, by: step) where r >= 0 && r < rows {
                    for offset in stride(from: -radius, through: radius, by: step) {
                        guard let c = wrapped(column + offset) else { continue }
                        let j = r * columns + c
                        if mask[j] { window.append(values[j]) }
                    }
                }
                guard !window.isEmpty else { continue }
                window.sort()
                result[row * columns + column] = window[window.count / 2]
            }
        }
        return result
    }

    /// True within `radius` points (a disc) of a true point.
    func dilated(_ mask: [Bool], radius: Double) -> [Bool] {
        let reach = Int(radius)
        var offsets: [(Int, Int)] = []
        for r in -reach...reach {
            for c in -reach...reach where Double(r * r + c * c) <= radius * radius { offsets.append((r, c)) }
        }
        var result = mask
        for row in 0..<rows {
            for column in 0..<columns where mask[row * columns + column] {
                for (dr, dc) in offsets {
                    guard row + dr >= 0, row + dr < rows, let c = wrapped(column + dc) else { continue }
                    result[(row + dr) * columns + c] = true
                }
            }
        }
        return result
    }

    /// Groups of 8-connected true points, round the seam.
    func components(_ isHit: [Bool]) -> [[Int]] {
        var isSeen = [Bool](repeating: false, count: isHit.count)
        var groups: [[Int]] = []
        for start in isHit.indices where isHit[start] && !isSeen[start] {
            var group = [start]
            isSeen[start] = true
            var next = 0
            while next < group.count {
                let row = group[next] / columns
                let column = group[next] % columns
                next += 1
                for r in max(row - 1, 0)...min(row + 1, rows - 1) {
                    for step in -1...1 {
                        guard let c = wrapped(column + step) else { continue }
                        let i = r * columns + c
                        guard isHit[i], !isSeen[i] else { continue }
                        isSeen[i] = true
                        group.append(i)
                    }
                }
            }
            groups.append(group)
        }
        return groups
    }

    /// The column itself, its image round the seam, or nil beyond the edge.
    func wrapped(_ column: Int) -> Int? {
        if wraps { return ((column % columns) + columns) % columns }
        return column >= 0 && column < columns ? column : nil
    }

    private static func kernel(sigma: Float) -> [Float] {
        let radius = max(Int((3 * sigma).rounded(.up)), 1)
        let weights = (-radius...radius).map { exp(-Float($0 * $0) / (2 * sigma * sigma)) }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    /// Separable convolution; beyond an edge there is nothing.
    private func convolved(_ values: [Float], _ kernel: [Float]) -> [Float] {
        let radius = kernel.count / 2
        var along = [Float](repeating: 0, count: values.count)
        for row in 0..<rows {
            for column in 0..<columns {
                var sum: Float = 0
                for k in -radius...radius {
                    guard let c = wrapped(column + k) else { continue }
                    sum += kernel[k + radius] * values[row * columns + c]
                }
                along[row * columns + column] = sum
            }
        }
        var result = along
        for row in 0..<rows {
            let low = max(-radius, -row)
            let high = min(radius, rows - 1 - row)
            for column in 0..<columns {
                var sum: Float = 0
                for k in low...high { sum += kernel[k + radius] * along[(row + k) * columns + column] }
                result[row * columns + column] = sum
            }
        }
        return result
    }
}
