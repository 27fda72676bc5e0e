// How the voxels of one grid are met when another grid is walked row by row.

/// The continuous indices, in a source grid, of the voxel centres of a target grid.
///
/// Along a target row the indices are interpolated between the row's first voxel and one past its last: the order of
/// arithmetic of ITK's linear-transform scan line (`itkResampleImageFilter`), so that voxels halfway between two source
/// voxels fall to the same side as in ITK, SimpleITK and PyRadiomics. Grids turned by other than right angles may differ in
/// such ties, because ITK inverts the direction matrix numerically.
struct GridPath {
    private let target: Geometry
    /// Target index → millimetres: one vector per target axis.
    private let stepX, stepY, stepZ: SIMD3<Double>
    /// Millimetres → source index: one row per source axis.
    private let rowX, rowY, rowZ: SIMD3<Double>
    private let sourceOrigin: PointMM

    init(source: Geometry, target: Geometry) {
        self.target = target
        stepX = target.xAxis * target.spacingMM.x
        stepY = target.yAxis * target.spacingMM.y
        stepZ = target.zAxis * target.spacingMM.z
        rowX = source.xAxis * (1 / source.spacingMM.x)
        rowY = source.yAxis * (1 / source.spacingMM.y)
        rowZ = source.zAxis * (1 / source.spacingMM.z)
        sourceOrigin = source.originMM
    }

    /// True when each source index depends on the target index along the same axis alone.
    var isSeparable: Bool {
        let across = [
            dot(rowX, stepY), dot(rowX, stepZ), dot(rowY, stepX), dot(rowY, stepZ), dot(rowZ, stepX), dot(rowZ, stepY),
        ]
        let isAlongAxes = [rowX, rowY, rowZ].allSatisfy { row in (0..<3).filter { row[$0] != 0 }.count == 1 }
        return isAlongAxes && across.allSatisfy { $0 == 0 }
    }

    /// Source index of target voxel 0 of a row, and the step to one past its last voxel.
    func row(y: Int, z: Int) -> (start: SIMD3<Double>, span: SIMD3<Double>) {
        let start = sourceIndex(0, Double(y), Double(z))
        return (start, sourceIndex(Double(target.size.x), Double(y), Double(z)) - start)
    }

    private func sourceIndex(_ x: Double, _ y: Double, _ z: Double) -> SIMD3<Double> {
        let point = stepX * x + stepY * y + stepZ * z + target.originMM
        let d = point - sourceOrigin
        return [dot(rowX, d), dot(rowY, d), dot(rowZ, d)]
    }
}
