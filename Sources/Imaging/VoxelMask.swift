// A set of voxels: the one form in which components, distance and morphology take and give regions.

/// Which voxels of a grid belong to a region.
package struct VoxelMask: Sendable, Equatable {
    package var geometry: Geometry
    /// `geometry.size.count` values, x fastest, then y, then z; one byte each.
    package var voxels: [Bool]

    /// - Precondition: `voxels.count == geometry.size.count`.
    package init(geometry: Geometry, voxels: [Bool]) {
        precondition(voxels.count == geometry.size.count)
        self.geometry = geometry
        self.voxels = voxels
    }

    /// The empty region.
    package init(geometry: Geometry) {
        self.init(geometry: geometry, voxels: [Bool](repeating: false, count: geometry.size.count))
    }

    @inlinable package subscript(x: Int, y: Int, z: Int) -> Bool {
        get { voxels[geometry.offset(x: x, y: y, z: z)] }
        set { voxels[geometry.offset(x: x, y: y, z: z)] = newValue }
    }

    /// Voxels inside.
    package var count: Int { voxels.withUnsafeBufferPointer { v in v.reduce(0) { $0 + ($1 ? 1 : 0) } } }

    package var isEmpty: Bool { !voxels.contains(true) }

    package var volumeML: Double { Double(count) * geometry.voxelVolumeMM3 / 1000 }

    /// The mean position of the voxels inside, LPS; nil when there are none.
    package var centroidMM: PointMM? {
        let size = geometry.size
        var sum = SIMD3<Int>.zero
        var n = 0
        voxels.withUnsafeBufferPointer { v in
            var i = 0
            for z in 0..<size.z {
                for y in 0..<size.y {
                    for x in 0..<size.x {
                        if v[i] {
                            sum &+= SIMD3(x, y, z)
                            n += 1
                        }
                        i += 1
                    }
                }
            }
        }
        guard n > 0 else { return nil }
        return geometry.point(at: SIMD3(Double(sum.x), Double(sum.y), Double(sum.z)) / Double(n))
    }

    /// The smallest box that holds the region; nil when it is empty.
    package func boundingBox() -> IndexBox? {
        let size = geometry.size
        var low = SIMD3(Int.max, Int.max, Int.max)
        var high = SIMD3(-1, -1, -1)
        voxels.withUnsafeBufferPointer { v in
            for z in 0..<size.z {
                for y in 0..<size.y {
                    let row = UnsafeBufferPointer(
                        rebasing: v[(z * size.y + y) * size.x..<(z * size.y + y + 1) * size.x])
                    guard let first = row.firstIndex(of: true), let last = row.lastIndex(of: true) else { continue }
                    low = pointwiseMin(low, [first, y, z])
                    high = pointwiseMax(high, [last, y, z])
                }
            }
        }
        guard high.x >= 0 else { return nil }
        let extent = high &- low &+ 1
        return IndexBox(
            lower: Index3(x: low.x, y: low.y, z: low.z), size: Index3(x: extent.x, y: extent.y, z: extent.z))
    }

    /// Voxels in this region or the other. Both lie on the same grid.
    package func union(_ other: VoxelMask) -> VoxelMask { combined(with: other) { $0 || $1 } }

    /// Voxels in both regions. Both lie on the same grid.
    package func intersection(_ other: VoxelMask) -> VoxelMask { combined(with: other) { $0 && $1 } }

    /// Voxels in this region that are not in the other. Both lie on the same grid.
    package func subtracting(_ other: VoxelMask) -> VoxelMask { combined(with: other) { $0 && !$1 } }

    /// Voxels that are not in this region.
    package func inverted() -> VoxelMask { VoxelMask(geometry: geometry, voxels: voxels.map { !$0 }) }

    /// The part of the mask in a box; the box must lie inside the grid.
    package func cropped(to box: IndexBox) -> VoxelMask {
        VoxelMask(
            geometry: geometry.cropped(from: box.lower, size: box.size),
            voxels: crop(voxels, of: geometry.size, from: box.lower, size: box.size))
    }

    /// This mask with the voxels of `box` replaced by those of `part`, whose grid has the box's size.
    package func replacing(_ box: IndexBox, with part: VoxelMask) -> VoxelMask {
        var result = self
        for z in 0..<box.size.z {
            for y in 0..<box.size.y {
                let to = geometry.offset(x: box.lower.x, y: box.lower.y + y, z: box.lower.z + z)
                let from = (z * box.size.y + y) * box.size.x
                result.voxels.replaceSubrange(
                    to..<to + box.size.x, with: part.voxels[from..<from + box.size.x])
            }
        }
        return result
    }

    private func combined(with other: VoxelMask, _ rule: (Bool, Bool) -> Bool) -> VoxelMask {
        precondition(voxels.count == other.voxels.count)
        var result = self
        result.voxels.withUnsafeMutableBufferPointer { a in
            other.voxels.withUnsafeBufferPointer { b in
                for i in a.indices { a[i] = rule(a[i], b[i]) }
            }
        }
        return result
    }
}

extension LabelMap {
    /// The voxels that carry this label.
    package func mask(of label: UInt16) -> VoxelMask {
        VoxelMask(geometry: geometry, voxels: labels.map { $0 == label })
    }

    /// The voxels that carry any label but 0.
    package func maskOfAllLabels() -> VoxelMask { VoxelMask(geometry: geometry, voxels: labels.map { $0 != 0 }) }
}

extension Volume {
    /// The voxels whose value lies in the range, both ends included.
    package func mask(where range: ClosedRange<Float>) -> VoxelMask {
        VoxelMask(geometry: geometry, voxels: voxels.map { $0 >= range.lowerBound && $0 <= range.upperBound })
    }
}
