// The cells of the flow model: equal cubes on a regular grid, the outermost layer of them always empty.
import Imaging

/// A regular grid of cubic cells. Cell (0,0,0) has its **centre** at the geometry's origin; x runs fastest, then y, then z.
///
/// The outermost layer is a rim of cells that hold nothing, so that every neighbour of a cell exists. The row length is a multiple
/// of eight, so that rows of every second cell fill whole vectors.
package struct FlowGrid: Sendable, Hashable {
    package let geometry: Geometry
    /// Edge of a cell, mm.
    package let cellMM: Double

    package var size: Index3 { geometry.size }
    package var count: Int { geometry.size.count }
    /// Distance in the arrays between neighbours along x, y, z.
    package var strides: SIMD3<Int> { [1, size.x, size.x * size.y] }

    /// The grid of `interior` cells with its rim.
    ///
    /// - Parameters:
    ///   - interior: cells along each axis, without the rim; each > 0.
    ///   - firstCentreMM: centre of the first interior cell, LPS millimetres.
    ///   - xAxis, yAxis, zAxis: unit vectors of the grid's axes in LPS.
    package init(
        interior: Index3, cellMM: Double, firstCentreMM: PointMM,
        xAxis: SIMD3<Double> = [1, 0, 0], yAxis: SIMD3<Double> = [0, 1, 0], zAxis: SIMD3<Double> = [0, 0, 1]
    ) {
        let size = Index3(x: (interior.x + 2 + 7) / 8 * 8, y: interior.y + 2, z: interior.z + 2)
        geometry = Geometry(
            size: size, spacingMM: SIMD3(repeating: cellMM), originMM: firstCentreMM - (xAxis + yAxis + zAxis) * cellMM,
            xAxis: xAxis, yAxis: yAxis, zAxis: zAxis)
        self.cellMM = cellMM
    }

    /// Position of a cell in the arrays.
    package func offset(_ x: Int, _ y: Int, _ z: Int) -> Int { geometry.offset(x: x, y: y, z: z) }

    /// The cell at a position of the arrays.
    package func index(of offset: Int) -> Index3 {
        Index3(x: offset % size.x, y: offset / size.x % size.y, z: offset / (size.x * size.y))
    }

    /// The centre of a cell, LPS millimetres.
    package func centre(of offset: Int) -> PointMM { geometry.point(at: index(of: offset)) }
}
