// Resampling of labels onto another grid.

extension LabelMap {
    /// The label of the nearest voxel at each voxel centre of another grid; 0 outside.
    ///
    /// A centre exactly halfway between two voxels takes the one with the higher index, as ITK does.
    package func resampled(to target: Geometry) -> LabelMap {
        var result = LabelMap(geometry: target)
        sampleNearest(labels, of: geometry, on: target, into: &result.labels)
        return result
    }
}

extension VoxelMask {
    /// The nearest voxel at each voxel centre of another grid; outside is not inside. Ties as for label maps.
    package func resampled(to target: Geometry) -> VoxelMask {
        var result = VoxelMask(geometry: target)
        sampleNearest(voxels, of: geometry, on: target, into: &result.voxels)
        return result
    }
}

/// Writes the nearest value of `values` for each target voxel inside the source grid and leaves the others as they are.
private func sampleNearest<Value>(
    _ values: [Value], of source: Geometry, on target: Geometry, into result: inout [Value]
) {
    let path = GridPath(source: source, target: target)
    let size = source.size
    let last = SIMD3(Double(size.x - 1), Double(size.y - 1), Double(size.z - 1))
    result.withUnsafeMutableBufferPointer { out in
        values.withUnsafeBufferPointer { v in
            for z in 0..<target.size.z {
                for y in 0..<target.size.y {
                    let (start, span) = path.row(y: y, z: z)
                    let row = (z * target.size.y + y) * target.size.x
                    for x in 0..<target.size.x {
                        let index = start + (Double(x) / Double(target.size.x)) * span
                        guard isWithinHalfVoxel(index, last) else { continue }
                        let i = (index + 0.5).rounded(.down)
                        out[row + x] = v[(Int(i.z) * size.y + Int(i.y)) * size.x + Int(i.x)]
                    }
                }
            }
        }
    }
}
