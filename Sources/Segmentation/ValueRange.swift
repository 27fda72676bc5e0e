// What the values of a scan tell of their unit.
import Imaging

/// Extremes of a scan's values, and how many lie where only fat and air do.
package struct ValueRange: Sendable, Hashable {
    package let lowest: Double
    package let highest: Double
    /// Share of voxels below -30 HU: fat and air; muscle, water and bone with their noise seldom lie there.
    package let fatShare: Double

    private static let fatHU: Float = -30

    package init(_ volume: Volume) {
        var (low, high) = (Float.infinity, -Float.infinity)
        var below = 0
        let limit = Self.fatHU
        volume.voxels.withUnsafeBufferPointer { voxels in
            for value in voxels {
                low = min(low, value)
                high = max(high, value)
                if value < limit { below += 1 }
            }
        }
        lowest = Double(low)
        highest = Double(high)
        fatShare = Double(below) / Double(max(volume.voxels.count, 1))
    }
}
