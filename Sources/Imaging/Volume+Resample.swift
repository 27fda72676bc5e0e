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
        let step = SIMD3(size.x > 1 ? 1 : 0, size.y > 1 ? size.x : 0, size.z > 1 ? size.x * size.y : 0)
        let highest = SIMD3(max(size.x - 2, 0), max(size.y - 2, 0), max(size.z - 2, 0))
        var result = Volume(geometry: target, filledWith: outside ?? 0)
        result.voxels.withUnsafeMutableBufferPointer { out in
            voxels.withUnsafeBufferPointer { v in
                for z in 0..<target.size.z {
                    for y in 0..<target.size.y {
                        let (start, span) = path.row(y: y, z: z)
                        for x in 0..<target.size.x {
                            let raw = start + (Double(x) / Double(target.size.x)) * span
                            let index = pointwiseMin(pointwiseMax(raw, .zero), last)
                            if outside != nil, !isWithinHalfVoxel(raw, last) { continue }
                            let cell = pointwiseMin(SIMD3<Int>(truncatingIfNeeded: SIMD3<Int64>(index)), highest)
                            let f = SIMD3<Float>(index - SIMD3<Double>(cell))
                            let i = (cell.z * size.y + cell.y) * size.x + cell.x
                            let a = v[i] + f.x * (v[i + step.x] - v[i])
                            let j = i + step.y
                            let b = v[j] + f.x * (v[j + step.x] - v[j])
                            let k = i + step.z
                            let c = v[k] + f.x * (v[k + step.x] - v[k])
                            let l = k + step.y
                            let d = v[l] + f.x * (v[l + step.x] - v[l])
                            let low = a + f.y * (b - a)
                            out[(z * target.size.y + y) * target.size.x + x] = low + f.z * (c + f.y * (d - c) - low)
                        }
                    }
                }
            }
        }
        return result
    }
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
