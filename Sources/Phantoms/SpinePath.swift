// The column's course through the slices: where bodies, canal and discs are at each height.
import Domain
import Imaging

/// What the soft tissue of one axial slice is arranged around; LPS millimetres.
struct SpinePath {
    /// One height of the column.
    struct Station {
        var z: Double
        /// Centre of the body or disc, and of the canal, in x and y.
        var columnMM: SIMD2<Double>
        var canalMM: SIMD2<Double>
        /// Half-width and half-depth of the column and of the canal.
        var columnHalfMM: SIMD2<Double>
        var canalHalfMM: SIMD2<Double>
        /// The level as a number that grows caudally: `VertebralLevel.labelValue`, with fractions in between.
        var level: Double
    }

    private let stations: [Station]

    init(_ vertebrae: [PlacedVertebra]) {
        stations = vertebrae.flatMap { vertebra in
            let body = vertebra.shape.body
            let canalY =
                -Double(body.halfDepth) + body.dimensions.posteriorHollowMM - vertebra.canalMM.x / 2
            return [-1.0, 1.0].map { end in
                let height = end * Double(body.halfHeight)
                let column = vertebra.frame.point([0, 0, height])
                let canal = vertebra.frame.point([0, canalY, height])
                return Station(
                    z: column.z, columnMM: [column.x, column.y], canalMM: [canal.x, canal.y],
                    columnHalfMM: [Double(body.halfWidth), Double(body.halfDepth)],
                    canalHalfMM: [vertebra.canalMM.y / 2, vertebra.canalMM.x / 2],
                    level: Double(vertebra.shape.level.labelValue) - 0.4 * end)
            }
        }
    }

    /// The column at a height; beyond its ends the last station continues.
    func station(atZ z: Double) -> Station {
        guard let first = stations.first, let last = stations.last else {
            return Station(z: z, columnMM: .zero, canalMM: .zero, columnHalfMM: .one, canalHalfMM: .one, level: 0)
        }
        if z <= first.z { return first }
        guard let upper = stations.firstIndex(where: { $0.z > z }) else { return last }
        let a = stations[upper - 1]
        let b = stations[upper]
        let t = (z - a.z) / (b.z - a.z)
        return Station(
            z: z, columnMM: a.columnMM + (b.columnMM - a.columnMM) * t,
            canalMM: a.canalMM + (b.canalMM - a.canalMM) * t,
            columnHalfMM: a.columnHalfMM + (b.columnHalfMM - a.columnHalfMM) * t,
            canalHalfMM: a.canalHalfMM + (b.canalHalfMM - a.canalHalfMM) * t, level: a.level + (b.level - a.level) * t)
    }
}
