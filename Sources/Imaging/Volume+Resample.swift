// Resampling of a scan onto another grid.

extension Volume {
    package enum Interpolation: Sendable {
        /// Trilinear.
        case linear
        /// Cubic B-spline through the samples (Unser 1999, IEEE Signal Process Mag 16:22); can overshoot at sharp edges.
        case cubicBSpline
    }

    /// The volume sampled at the voxel centres of another grid.
    ///
    /// Voxels are interpolated, not averaged: when the new spacing is much coarser than the old one, smooth first
    /// (`smoothed(sigmaMM:)` with about half the new spacing) or fine structure turns into noise.
    /// - Parameters:
    ///   - target: the new grid, anywhere in the patient, in any orientation.
    ///   - outside: the value of voxels whose centre lies more than half a voxel outside; nil repeats the nearest voxel.
    package func resampled(to target: Geometry, by interpolation: Interpolation, outside: Float? = nil) -> Volume {
        switch interpolation {
        case .linear: return resampledLinearly(to: target, outside: outside)
        case .cubicBSpline:
            let spline = BSplineVolume(self)
            let values = spline.sampled(on: target, outside: outside.map(Double.init))
            return Volume(geometry: target, voxels: values.map { Float($0) })
        }
    }

    /// The volume on a grid of equal spacing that covers the same box.
    package func resampled(isotropicMM spacingMM: Double, by interpolation: Interpolation) -> Volume {
        resampled(to: geometry.isotropic(spacingMM: spacingMM), by: interpolation)
    }

    private func resampledLinearly(to target: Geometry, outside: Float?) -> Volume {
        let path = GridPath(source: geometry, target: target)
        let size = geometry.size
        let last = SIMD3(Double(size.x - 1), Double(size.y - 1), Double(size.z - 1))
        let stepX = size.x > 1 ? 1 : 0
        let stepY = size.y > 1 ? size.x : 0
        let stepZ = size.z > 1 ? size.x * size.y : 0
        var result = Volume(geometry: target, filledWith: outside ?? 0)
        result.voxels.withUnsafeMutableBufferPointer { out in
            voxels.withUnsafeBufferPointer { v in
                for z in 0..<target.size.z {
                    for y in 0..<target.size.y {
                        let (start, span) = path.row(y: y, z: z)
                        let row = (z * target.size.y + y) * target.size.x
                        for x in 0..<target.size.x {
                            let index = start + (Double(x) / Double(target.size.x)) * span
                            if outside != nil, !isWithinHalfVoxel(index, last) { continue }
                            let (cx, fx) = cell(index.x, size.x)
                            let (cy, fy) = cell(index.y, size.y)
                            let (cz, fz) = cell(index.z, size.z)
                            let i = (cz * size.y + cy) * size.x + cx
                            let (j, k) = (i + stepY, i + stepZ)
                            let l = k + stepY
                            let a = v[i] + fx * (v[i + stepX] - v[i])
                            let b = v[j] + fx * (v[j + stepX] - v[j])
                            let c = v[k] + fx * (v[k + stepX] - v[k])
                            let d = v[l] + fx * (v[l + stepX] - v[l])
                            let low = a + fy * (b - a)
                            out[row + x] = low + fz * (c + fy * (d - c) - low)
                        }
                    }
                }
            }
        }
        return result
    }
}

/// The lower of the two voxels around an index along an axis of `count` voxels, and the part of the way to the upper one;
/// an index outside is moved to the nearest end.
@inline(__always) private func cell(_ index: Double, _ count: Int) -> (lower: Int, fraction: Float) {
    let inside = min(max(index, 0), Double(count - 1))
    let lower = min(Int(inside), max(count - 2, 0))
    return (lower, Float(inside - Double(lower)))
}

/// True when an index lies at most half a voxel outside a grid whose last voxel is `last` (ITK's buffer test).
@inline(__always) func isWithinHalfVoxel(_ index: SIMD3<Double>, _ last: SIMD3<Double>) -> Bool {
    index.x >= -0.5 && index.y >= -0.5 && index.z >= -0.5 && index.x < last.x + 0.5 && index.y < last.y + 0.5
        && index.z < last.z + 0.5
}

extension Geometry {
    /// A grid with equal spacing that covers the same box: as many voxels as needed, rounded up, with the same centre
    /// (IBSI 1, image interpolation: "align by centre").
    package func isotropic(spacingMM target: Double) -> Geometry {
        let old = SIMD3(Double(size.x), Double(size.y), Double(size.z))
        // A hair less, so that rounding noise in the spacing does not add an empty voxel.
        let new = (old * spacingMM / target - 1e-6).rounded(.up)
        let halfExtentMM: SIMD3<Double> = (new - 1) * (target / 2)
        let firstIndex: SIMD3<Double> = (old - 1) * 0.5 - halfExtentMM / spacingMM
        var grid = self
        grid.originMM = point(at: firstIndex)
        grid.size = Index3(x: Int(new.x), y: Int(new.y), z: Int(new.z))
        grid.spacingMM = SIMD3(repeating: target)
        return grid
    }
}
