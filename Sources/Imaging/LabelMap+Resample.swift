// Resampling of labels onto another grid.

extension LabelMap {
    /// The label of the nearest voxel at each voxel centre of another grid; 0 outside.
    ///
    /// A centre exactly halfway between two voxels takes the one with the higher index, as ITK does.
    package func resampled(to target: Geometry) -> LabelMap {
        var result = LabelMap(geometry: target)
        sampleNearest(
            labels, in: .whole(geometry), of: geometry, on: target, within: .whole(target), into: &result.labels)
        return result
    }
}

extension VoxelMask {
    /// The nearest voxel at each voxel centre of another grid; outside is not inside. Ties as for label maps.
    package func resampled(to target: Geometry) -> VoxelMask {
        VoxelMask(
            geometry: target,
            voxels: nearest(voxels, in: .whole(geometry), of: geometry, on: target, within: .whole(target)))
    }
}

/// The nearest voxel at each voxel centre of a part of a grid, x fastest; ties as for label maps.
///
/// - Parameters:
///   - inside: the voxels of a box of the source grid; no other voxel of it is inside.
///   - part: the box of the target grid that is wanted.
package func nearest(
    _ inside: [Bool], in box: IndexBox, of source: Geometry, on target: Geometry, within part: IndexBox
) -> [Bool] {
    var result = [Bool](repeating: false, count: part.size.count)
    sampleNearest(inside, in: box, of: source, on: target, within: part, into: &result)
    return result
}

/// The nearest value at each voxel centre of a grid, x fastest; `outside` where there is none.
package func nearest(
    _ values: [Double], in box: IndexBox, of source: Geometry, on target: Geometry, outside: Double
) -> [Double] {
    var result = [Double](repeating: outside, count: target.size.count)
    sampleNearest(values, in: box, of: source, on: target, within: .whole(target), into: &result)
    return result
}

extension IndexBox {
    /// All voxels of a grid.
    package static func whole(_ grid: Geometry) -> IndexBox {
        IndexBox(lower: Index3(x: 0, y: 0, z: 0), size: grid.size)
    }
}

/// Writes the nearest of the `values` of a box of the source grid for each voxel of a part of the target grid, and leaves
/// voxels without one as they are.
private func sampleNearest<Value>(
    _ values: [Value], in box: IndexBox, of source: Geometry, on target: Geometry, within part: IndexBox,
    into result: inout [Value]
) {
    let path = GridPath(source: source, target: target)
    let lower = SIMD3(Double(box.lower.x), Double(box.lower.y), Double(box.lower.z))
    let end = lower + SIMD3(Double(box.size.x), Double(box.size.y), Double(box.size.z))
    result.withUnsafeMutableBufferPointer { out in
        values.withUnsafeBufferPointer { v in
            var i = 0
            for z in part.lower.z..<part.lower.z + part.size.z {
                for y in part.lower.y..<part.lower.y + part.size.y {
                    let (start, span) = path.row(y: y, z: z)
                    for x in part.lower.x..<part.lower.x + part.size.x {
                        let index = start + (Double(x) / Double(target.size.x)) * span
                        let voxel = (index + 0.5).rounded(.down)
                        if voxel.x >= lower.x, voxel.y >= lower.y, voxel.z >= lower.z, voxel.x < end.x,
                            voxel.y < end.y, voxel.z < end.z
                        {
                            let from = voxel - lower
                            out[i] = v[(Int(from.z) * box.size.y + Int(from.y)) * box.size.x + Int(from.x)]
                        }
                        i += 1
                    }
                }
            }
        }
    }
}
