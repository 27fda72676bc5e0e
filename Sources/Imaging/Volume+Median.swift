// Median smoothing of a scan: removes noise and keeps edges.

extension Volume {
    /// The median of each voxel's 3×3×3 neighbourhood; beyond the border the nearest voxel repeats.
    ///
    /// The values of `scipy.ndimage.median_filter(size=3, mode="nearest")`. Eight neighbouring voxels are sorted at a time.
    package func medianFiltered() -> Volume {
        let size = geometry.size
        let pitch = size.x + 2 + 8  // a border voxel on both sides, and room for the last block of eight
        var rows = [Float](repeating: 0, count: 9 * pitch)
        var candidates = [SIMD8<Float>](repeating: .zero, count: 27)
        var result = self
        result.voxels.withUnsafeMutableBufferPointer { out in
            voxels.withUnsafeBufferPointer { source in
                rows.withUnsafeMutableBufferPointer { rows in
                    candidates.withUnsafeMutableBufferPointer { candidates in
                        for z in 0..<size.z {
                            for y in 0..<size.y {
                                gatherRows(source, size, y, z, pitch, rows)
                                let target = (z * size.y + y) * size.x
                                for x in stride(from: 0, to: size.x, by: 8) {
                                    let median = median27(rows, pitch, x, candidates)
                                    for lane in 0..<min(8, size.x - x) { out[target + x + lane] = median[lane] }
                                }
                            }
                        }
                    }
                }
            }
        }
        return result
    }
}

/// Copies the nine rows around row (y, z) into `rows`, each with its first and last value repeated once.
private func gatherRows(
    _ source: UnsafeBufferPointer<Float>, _ size: Index3, _ y: Int, _ z: Int, _ pitch: Int,
    _ rows: UnsafeMutableBufferPointer<Float>
) {
    var row = 0
    for dz in -1...1 {
        for dy in -1...1 {
            let ny = min(max(y + dy, 0), size.y - 1)
            let nz = min(max(z + dz, 0), size.z - 1)
            let from = (nz * size.y + ny) * size.x
            let to = row * pitch + 1
            for i in 0..<size.x { rows[to + i] = source[from + i] }
            rows[to - 1] = source[from]
            for i in size.x..<pitch - 1 { rows[to + i] = source[from + size.x - 1] }
            row += 1
        }
    }
}

/// The median of 27 values in eight lanes: of any 15 the smallest and largest cannot be the median, so both are dropped
/// and one new value joins the rest, until one is left.
private func median27(
    _ rows: UnsafeMutableBufferPointer<Float>, _ pitch: Int, _ x: Int, _ c: UnsafeMutableBufferPointer<SIMD8<Float>>
) -> SIMD8<Float> {
    for row in 0..<9 {
        for dx in 0..<3 {
            let start = row * pitch + x + dx
            c[row * 3 + dx] = UnsafeRawPointer(rows.baseAddress.unsafelyUnwrapped + start)
                .loadUnaligned(as: SIMD8<Float>.self)
        }
    }
    for first in 0...12 {
        var low = lower(c[first], c[14])
        var high = upper(c[first], c[14])
        for i in first + 1..<14 {
            let value = c[i]
            c[i] = lower(upper(low, value), high)
            low = lower(low, value)
            high = upper(high, value)
        }
        if first < 12 { c[14] = c[15 + first] }
    }
    return c[13]
}

// The standard library's pointwiseMin and pointwiseMax work lane by lane; these become one instruction each.
@inline(__always) private func lower(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
    a.replacing(with: b, where: b .< a)
}

@inline(__always) private func upper(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
    a.replacing(with: b, where: b .> a)
}
