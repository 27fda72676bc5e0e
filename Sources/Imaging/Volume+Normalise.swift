// Grey-value normalisation: z-scores and clipping.

/// The mean and spread of a set of grey values.
package struct GreyStatistics: Sendable, Hashable {
    package let count: Int
    package let mean: Double
    /// Sample standard deviation (divided by n − 1); 0 for fewer than two values.
    package let standardDeviation: Double
    package let minimum: Float
    package let maximum: Float
}

extension Volume {
    /// Statistics of the voxels inside a mask on the same grid, or of all voxels; nil when there are none.
    package func statistics(in mask: VoxelMask? = nil) -> GreyStatistics? {
        var count = 0
        var sum = 0.0
        var low = Float.infinity
        var high = -Float.infinity
        forEachVoxel(in: mask) { value in
            count += 1
            sum += Double(value)
            low = min(low, value)
            high = max(high, value)
        }
        guard count > 0 else { return nil }
        let mean = sum / Double(count)
        var squares = 0.0
        forEachVoxel(in: mask) { squares += (Double($0) - mean) * (Double($0) - mean) }
        let deviation = count > 1 ? (squares / Double(count - 1)).squareRoot() : 0
        return GreyStatistics(count: count, mean: mean, standardDeviation: deviation, minimum: low, maximum: high)
    }

    /// Each voxel as (value − mean) / standard deviation, with the figures given. `standardDeviation` > 0.
    package func zScored(mean: Double, standardDeviation: Double) -> Volume {
        let scale = 1 / standardDeviation
        return Volume(geometry: geometry, voxels: voxels.map { Float((Double($0) - mean) * scale) })
    }

    /// Values below the range raised to its lower bound, values above lowered to its upper bound.
    package func clipped(to range: ClosedRange<Float>) -> Volume {
        Volume(geometry: geometry, voxels: voxels.map { min(max($0, range.lowerBound), range.upperBound) })
    }

    private func forEachVoxel(in mask: VoxelMask?, _ body: (Float) -> Void) {
        voxels.withUnsafeBufferPointer { v in
            guard let mask else { return v.forEach(body) }
            precondition(mask.voxels.count == v.count)
            mask.voxels.withUnsafeBufferPointer { inside in
                for i in v.indices where inside[i] { body(v[i]) }
            }
        }
    }
}
