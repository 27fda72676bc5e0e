// Where a label lies in its map and in the scan.
import Imaging

extension LabelMap {
    /// The smallest box that holds a label; nil when it does not occur.
    func boundingBox(of label: UInt16) -> IndexBox? {
        let size = geometry.size
        var low = SIMD3(Int.max, Int.max, Int.max)
        var high = SIMD3(-1, -1, -1)
        labels.withUnsafeBufferPointer { labels in
            var i = 0
            for z in 0..<size.z {
                for y in 0..<size.y {
                    for x in 0..<size.x {
                        if labels[i] == label {
                            low = pointwiseMin(low, [x, y, z])
                            high = pointwiseMax(high, [x, y, z])
                        }
                        i += 1
                    }
                }
            }
        }
        guard high.x >= 0 else { return nil }
        return IndexBox(
            lower: Index3(x: low.x, y: low.y, z: low.z),
            size: Index3(x: high.x - low.x + 1, y: high.y - low.y + 1, z: high.z - low.z + 1))
    }

    /// Whether a labelled voxel of this crop, which starts at `lower`, lies in the outermost layer of the scan.
    func touchesBorder(of scan: Geometry, from lower: Index3) -> Bool {
        guard let tight = maskOfAllLabels().boundingBox() else { return true }
        let first = [lower.x + tight.lower.x, lower.y + tight.lower.y, lower.z + tight.lower.z]
        let size = [tight.size.x, tight.size.y, tight.size.z]
        let full = [scan.size.x, scan.size.y, scan.size.z]
        return (0..<3).contains { first[$0] == 0 || first[$0] + size[$0] == full[$0] }
    }
}

extension Geometry {
    /// Whether another grid has the same voxels: same size, and all corners within a tenth of a voxel.
    func matches(_ other: Geometry) -> Bool {
        guard size == other.size else { return false }
        let tolerance = 0.1 * spacingMM.min()
        return (0..<8).allSatisfy { corner in
            let index = Index3(
                x: corner & 1 == 0 ? 0 : size.x - 1, y: corner & 2 == 0 ? 0 : size.y - 1,
                z: corner & 4 == 0 ? 0 : size.z - 1)
            return length(point(at: index) - other.point(at: index)) <= tolerance
        }
    }
}
