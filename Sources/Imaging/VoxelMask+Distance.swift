// Exact Euclidean distance to a region.

extension VoxelMask {
    /// The distance in millimetres from each voxel's centre to the nearest voxel centre of the region: 0 inside, infinite
    /// everywhere when the region is empty.
    ///
    /// Exact on grids with unequal spacing: the lower envelope of parabolas, axis by axis (Felzenszwalb and Huttenlocher
    /// 2012, Theory of Computing 8:415). Cost is linear in the voxels.
    package func distanceMM() -> Volume {
        var distance = squaredDistance(of: voxels, geometry)
        for i in distance.indices { distance[i] = distance[i].squareRoot() }
        return Volume(geometry: geometry, voxels: distance)
    }

    /// The distance in millimetres from each voxel of the region to the nearest voxel outside it: 0 outside. What lies
    /// beyond the grid is not counted as outside; infinite when the region fills the grid.
    package func depthMM() -> Volume { inverted().distanceMM() }
}

/// Squared millimetres from each voxel to the nearest voxel of a region.
func squaredDistance(of inside: [Bool], _ geometry: Geometry) -> [Float] {
    let size = geometry.size
    var squared = inside.map { $0 ? Float(0) : Float.infinity }
    squared.withUnsafeMutableBufferPointer { d in
        let slice = size.x * size.y
        for row in 0..<size.y * size.z {
            sweepRow(UnsafeMutableBufferPointer(rebasing: d[row * size.x..<(row + 1) * size.x]), geometry.spacingMM.x)
        }
        for z in 0..<size.z {
            transformLines(d, first: z * slice, lines: size.x, count: size.y, stride: size.x, geometry.spacingMM.y)
        }
        transformLines(d, first: 0, lines: slice, count: size.z, stride: slice, geometry.spacingMM.z)
    }
    return squared
}

/// Along x the values are only 0 or infinite: two sweeps suffice.
private func sweepRow(_ d: UnsafeMutableBufferPointer<Float>, _ spacingMM: Double) {
    var nearest = -1
    for i in d.indices {
        if d[i] == 0 {
            nearest = i
        } else if nearest >= 0 {
            d[i] = squareMM(i - nearest, spacingMM)
        }
    }
    nearest = -1
    for i in d.indices.reversed() {
        if d[i] == 0 {
            nearest = i
        } else if nearest >= 0 {
            d[i] = min(d[i], squareMM(nearest - i, spacingMM))
        }
    }
}

@inline(__always) private func squareMM(_ voxels: Int, _ spacingMM: Double) -> Float {
    let mm = Double(voxels) * spacingMM
    return Float(mm * mm)
}

/// Replaces f(q) by min over p of f(p) + (spacing·(q − p))² along lines of `count` values, `stride` apart, that start at
/// `first`, `first + 1`, …. Lines are copied sixteen at a time, so that each stretch of memory is read once.
private func transformLines(
    _ d: UnsafeMutableBufferPointer<Float>, first: Int, lines: Int, count: Int, stride: Int, _ spacingMM: Double
) {
    guard count > 1 else { return }
    let width = 16
    var tile = [Double](repeating: 0, count: width * count)
    var apex = [Int](repeating: 0, count: count)
    var border = [Double](repeating: 0, count: count + 1)
    tile.withUnsafeMutableBufferPointer { tile in
        apex.withUnsafeMutableBufferPointer { apex in
            border.withUnsafeMutableBufferPointer { border in
                for block in Swift.stride(from: 0, to: lines, by: width) {
                    let used = min(width, lines - block)
                    for i in 0..<count {
                        let from = first + block + i * stride
                        for lane in 0..<used { tile[lane * count + i] = Double(d[from + lane]) }
                    }
                    for lane in 0..<used {
                        let line = UnsafeMutableBufferPointer(rebasing: tile[lane * count..<(lane + 1) * count])
                        let parabolas = lowerEnvelope(line, spacingMM * spacingMM, apex, border)
                        guard parabolas > 0 else { continue }
                        var k = 0
                        for q in 0..<count {
                            while k + 1 < parabolas, border[k + 1] < Double(q) { k += 1 }
                            let mm = Double(q - apex[k]) * spacingMM
                            d[first + block + lane + q * stride] = Float(line[apex[k]] + mm * mm)
                        }
                    }
                }
            }
        }
    }
}

/// The parabolas f(p) + w·(q − p)² that are lowest somewhere, left to right: their apexes and where each takes over.
/// Returns how many; infinite f(p) have none.
private func lowerEnvelope(
    _ f: UnsafeMutableBufferPointer<Double>, _ w: Double, _ apex: UnsafeMutableBufferPointer<Int>,
    _ border: UnsafeMutableBufferPointer<Double>
) -> Int {
    var n = 0
    for q in f.indices where f[q] < .infinity {
        while n > 0 {
            let p = apex[n - 1]
            let crossing = (f[q] - f[p] + w * Double(q * q - p * p)) / (2 * w * Double(q - p))
            if n == 1 || crossing > border[n - 1] {
                border[n] = crossing
                break
            }
            n -= 1
        }
        apex[n] = q
        n += 1
    }
    return n
}
