// A scan as a cubic B-spline: smooth between its voxels and exact at them.

/// The coefficients of the cubic B-spline that passes through every voxel of a volume, mirrored at its borders.
///
/// Source: Unser, Aldroubi, Eden 1993, IEEE Trans Signal Process 41:821 and 834. The arithmetic is done in double and in
/// ITK's order (`itkBSplineDecompositionImageFilter`), so that sampled values equal SimpleITK's `sitkBSpline`.
package struct BSplineVolume: Sendable {
    /// A box that exceeds what is sampled by this many voxels on each side gives the values of the whole volume within rounding
    /// noise: a sample's influence falls by 0.268 per voxel, to 2e-14.
    package static let reachVoxels = 24
    /// The same to the last bit: 0.268⁻³² is below it, and beyond 32 voxels two recursions that differ by one unit in the last
    /// place agree after a few more voxels (all but 0.268 per voxel of them). Values that are cut to whole numbers need it.
    package static let exactReachVoxels = 44

    /// The volume's grid.
    package let geometry: Geometry
    /// The part of the grid that has coefficients.
    private let box: IndexBox
    /// One coefficient per voxel of the box, x fastest.
    private let coefficients: [Double]

    /// - Parameter part: the voxels to prepare, `reachVoxels` more on each side than will be sampled; nil prepares all.
    package init(_ volume: Volume, within part: IndexBox? = nil) {
        let box = part ?? IndexBox(lower: Index3(x: 0, y: 0, z: 0), size: volume.geometry.size)
        let values = crop(volume.voxels, of: volume.geometry.size, from: box.lower, size: box.size).map { Double($0) }
        self.init(values, in: box, of: volume.geometry, for: box)
    }

    /// - Parameters:
    ///   - values: the volume's values in the box `known`, x fastest.
    ///   - known: a part of the grid, `reachVoxels` larger on each side than `wanted`.
    ///   - wanted: the voxels that hold every point to be sampled; inside `known`.
    package init(_ values: consuming [Double], in known: IndexBox, of geometry: Geometry, for wanted: IndexBox) {
        self.geometry = geometry
        // A value depends on the coefficients of two voxels on each side.
        box = wanted.expanded(by: Index3(x: 2, y: 2, z: 2), within: geometry.size).intersection(known)
        coefficients = splineCoefficients(
            values, known.size,
            keeping: IndexBox(
                lower: Index3(
                    x: box.lower.x - known.lower.x, y: box.lower.y - known.lower.y, z: box.lower.z - known.lower.z),
                size: box.size))
    }

    /// The spline at the voxel centres of another grid: `target.size.count` values, x fastest.
    ///
    /// - Parameter outside: the value of voxels whose centre lies more than half a voxel outside; nil takes the nearest
    ///   point of the border.
    package func sampled(on target: Geometry, outside: Double?) -> [Double] {
        let path = GridPath(source: geometry, target: target)
        let last = SIMD3(Double(geometry.size.x - 1), Double(geometry.size.y - 1), Double(geometry.size.z - 1))
        // The same sums along one axis after the other are a hundred times less work and differ by rounding noise: they
        // stand wherever that noise cannot turn a whole number, or a value that equals its neighbours', into another.
        let quick = separableSamples(of: coefficients, box, along: path, on: target)
        return [Double](unsafeUninitializedCapacity: target.size.count) { out, count in
            count = target.size.count
            coefficients.withUnsafeBufferPointer { c in
                var i = 0
                for z in 0..<target.size.z {
                    for y in 0..<target.size.y {
                        let (start, span) = path.row(y: y, z: z)
                        for x in 0..<target.size.x {
                            var index = start + (Double(x) / Double(target.size.x)) * span
                            if let outside, !isWithinHalfVoxel(index, last) {
                                out[i] = outside
                            } else if let value = quick?[i], !value.isNaN, outside != nil {
                                out[i] = value
                            } else {
                                if outside == nil { index = pointwiseMin(pointwiseMax(index, .zero), last) }
                                out[i] = evaluate(c, box, at: index)
                            }
                            i += 1
                        }
                    }
                }
            }
        }
    }
}

/// The spline at one continuous index of the whole grid: 64 weighted coefficients, x fastest.
private func evaluate(_ c: UnsafeBufferPointer<Double>, _ box: IndexBox, at index: SIMD3<Double>) -> Double {
    let size = box.size
    let (cellX, cellY, cellZ) = (splineCell(index.x), splineCell(index.y), splineCell(index.z))
    let wx = splineWeights(index.x - Double(cellX))
    let wy = splineWeights(index.y - Double(cellY))
    let wz = splineWeights(index.z - Double(cellZ))
    let x = mirroredSupport(cellX - box.lower.x, size.x)
    let y = mirroredSupport(cellY - box.lower.y, size.y)
    let z = mirroredSupport(cellZ - box.lower.z, size.z)
    var sum = 0.0
    for k in 0..<4 {
        for j in 0..<4 {
            let row = (z[k] * size.y + y[j]) * size.x
            for i in 0..<4 { sum += c[row + x[i]] * (wx[i] * wy[j] * wz[k]) }
        }
    }
    return sum
}
