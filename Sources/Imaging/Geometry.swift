// Where voxels lie in the patient: the one place that turns indices into millimetres and back.

/// A point or vector in DICOM patient coordinates, millimetres: +x left, +y posterior, +z superior (LPS; PS3.3 C.7.6.2.1.1).
package typealias PointMM = SIMD3<Double>

/// Voxel counts or a voxel index along the image axes: `x` along a row, `y` along a column, `z` across slices.
package struct Index3: Sendable, Hashable, Codable {
    package var x: Int
    package var y: Int
    package var z: Int

    package init(x: Int, y: Int, z: Int) {
        self.x = x
        self.y = y
        self.z = z
    }

    /// The number of voxels of a grid of this size.
    package var count: Int { x * y * z }
}

/// A regular voxel grid in the patient. Voxel (0,0,0) has its **centre** at `originMM`.
package struct Geometry: Sendable, Hashable {
    /// Voxels along each image axis.
    package var size: Index3
    /// Distance between voxel centres along each image axis, millimetres, > 0.
    package var spacingMM: SIMD3<Double>
    /// Centre of voxel (0,0,0), LPS millimetres.
    package var originMM: PointMM
    /// Unit vectors of the image axes in LPS, mutually perpendicular; may be left-handed.
    package var xAxis: SIMD3<Double>
    package var yAxis: SIMD3<Double>
    package var zAxis: SIMD3<Double>

    package init(
        size: Index3, spacingMM: SIMD3<Double>, originMM: PointMM = .zero,
        xAxis: SIMD3<Double> = [1, 0, 0], yAxis: SIMD3<Double> = [0, 1, 0], zAxis: SIMD3<Double> = [0, 0, 1]
    ) {
        self.size = size
        self.spacingMM = spacingMM
        self.originMM = originMM
        self.xAxis = xAxis
        self.yAxis = yAxis
        self.zAxis = zAxis
    }

    package var voxelVolumeMM3: Double { spacingMM.x * spacingMM.y * spacingMM.z }

    /// Position of voxel (x,y,z) in an array stored x fastest, then y, then z.
    @inlinable package func offset(x: Int, y: Int, z: Int) -> Int { (z * size.y + y) * size.x + x }

    /// The patient point of a continuous voxel index.
    package func point(at index: SIMD3<Double>) -> PointMM {
        originMM + xAxis * (index.x * spacingMM.x) + yAxis * (index.y * spacingMM.y) + zAxis * (index.z * spacingMM.z)
    }

    /// The patient point of a voxel's centre.
    package func point(at index: Index3) -> PointMM { point(at: [Double(index.x), Double(index.y), Double(index.z)]) }

    /// The continuous voxel index of a patient point; voxel centres are whole numbers. May lie outside the grid.
    package func index(of point: PointMM) -> SIMD3<Double> {
        let d = point - originMM
        return [dot(d, xAxis), dot(d, yAxis), dot(d, zAxis)] / spacingMM
    }

    /// The voxel that holds a patient point, or nil when the point is outside the grid (half a voxel around the centres).
    package func voxel(holding point: PointMM) -> Index3? {
        let i = index(of: point).rounded(.toNearestOrAwayFromZero)
        guard i.x >= 0, i.y >= 0, i.z >= 0, i.x < Double(size.x), i.y < Double(size.y), i.z < Double(size.z) else {
            return nil
        }
        return Index3(x: Int(i.x), y: Int(i.y), z: Int(i.z))
    }

    /// The part of this grid that starts at `lower` and holds `size` voxels; voxel centres coincide.
    package func cropped(from lower: Index3, size: Index3) -> Geometry {
        var part = self
        part.size = size
        part.originMM = point(at: lower)
        return part
    }
}

/// Scalar product.
@inlinable package func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { a.x * b.x + a.y * b.y + a.z * b.z }

/// Vector product.
@inlinable package func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    [a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x]
}

/// Euclidean length.
@inlinable package func length(_ a: SIMD3<Double>) -> Double { dot(a, a).squareRoot() }

/// The vector scaled to length 1. The zero vector stays zero.
@inlinable package func normalised(_ a: SIMD3<Double>) -> SIMD3<Double> {
    let l = length(a)
    return l > 0 ? a / l : a
}
