// Which part of a grid lies about points of the patient.

extension Geometry {
    /// The least and the greatest continuous index, along each axis, of boxes on the patient's axes about points. May lie outside the grid.
    ///
    /// - Parameter marginsMM: how far each box reaches to either side of its point, to the left, back and head, millimetres.
    package func indexRange(
        around points: [PointMM], marginsMM: SIMD3<Double>
    ) -> (low: SIMD3<Double>, high: SIMD3<Double>) {
        var (low, high) = (SIMD3<Double>(repeating: .infinity), SIMD3<Double>(repeating: -.infinity))
        for point in points {
            for corner in 0..<8 {
                let sign: SIMD3<Double> = [
                    corner & 1 == 0 ? -1 : 1, corner & 2 == 0 ? -1 : 1, corner & 4 == 0 ? -1 : 1,
                ]
                let index = index(of: point + sign * marginsMM)
                (low, high) = (pointwiseMin(low, index), pointwiseMax(high, index))
            }
        }
        return (low, high)
    }

    /// The voxels of the grid between two continuous indices, rounded outwards; the nearest at its border where both lie outside.
    package func voxels(from low: SIMD3<Double>, to high: SIMD3<Double>) -> IndexBox {
        let last: SIMD3<Double> = [Double(size.x - 1), Double(size.y - 1), Double(size.z - 1)]
        let first = pointwiseMin(pointwiseMax(low.rounded(.down), .zero), last)
        let end = pointwiseMax(pointwiseMin(high.rounded(.up), last), first)
        return IndexBox(
            lower: Index3(x: Int(first.x), y: Int(first.y), z: Int(first.z)),
            size: Index3(x: Int(end.x - first.x) + 1, y: Int(end.y - first.y) + 1, z: Int(end.z - first.z) + 1))
    }
}
