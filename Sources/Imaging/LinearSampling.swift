// Trilinear interpolation in double.

/// The trilinear interpolation at each voxel centre of a grid, x fastest, in ITK's order of arithmetic
/// (`itkLinearInterpolateImageFunction`); beyond the last voxel its value holds.
///
/// - Parameters:
///   - values: the values of a box of the source grid, which holds every voxel around a voxel centre of the target.
///   - outside: the value more than half a voxel outside the source grid.
package func interpolatedLinearly(
    _ values: [Double], in box: IndexBox, of source: Geometry, on target: Geometry, outside: Double
) -> [Double] {
    let path = GridPath(source: source, target: target)
    let lower = SIMD3(Double(box.lower.x), Double(box.lower.y), Double(box.lower.z))
    let last = SIMD3(Double(source.size.x - 1), Double(source.size.y - 1), Double(source.size.z - 1))
    let (stepY, stepZ) = (box.size.x, box.size.x * box.size.y)
    var result = [Double](repeating: outside, count: target.size.count)
    result.withUnsafeMutableBufferPointer { out in
        values.withUnsafeBufferPointer { v in
            for z in 0..<target.size.z {
                for y in 0..<target.size.y {
                    let (start, span) = path.row(y: y, z: z)
                    for x in 0..<target.size.x {
                        let index = start + (Double(x) / Double(target.size.x)) * span
                        guard isWithinHalfVoxel(index, last) else { continue }
                        let inside = pointwiseMin(pointwiseMax(index, .zero), last)
                        let cell = inside.rounded(.down)
                        let f = inside - cell
                        let from = cell - lower
                        let a = (Int(from.z) * box.size.y + Int(from.y)) * box.size.x + Int(from.x)
                        let dx = cell.x < last.x ? 1 : 0
                        let dy = cell.y < last.y ? stepY : 0
                        let dz = cell.z < last.z ? stepZ : 0
                        let v00 = v[a] + (v[a + dx] - v[a]) * f.x
                        let v10 = v[a + dy] + (v[a + dy + dx] - v[a + dy]) * f.x
                        let v01 = v[a + dz] + (v[a + dz + dx] - v[a + dz]) * f.x
                        let v11 = v[a + dz + dy] + (v[a + dz + dy + dx] - v[a + dz + dy]) * f.x
                        let v0 = v00 + (v10 - v00) * f.y
                        let v1 = v01 + (v11 - v01) * f.y
                        out[(z * target.size.y + y) * target.size.x + x] = v0 + (v1 - v0) * f.z
                    }
                }
            }
        }
    }
    return result
}
