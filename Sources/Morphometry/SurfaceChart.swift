// A piece of the body's surface laid flat: points, normals and how far apart they are.
import Imaging

/// A grid of points on the surface of the vertebral body. Arrays are row by row: `row * columns + column`.
struct SurfaceChart {
    /// Which piece of the surface this is.
    enum Side: Sendable { case wall, superior, inferior }

    let side: Side
    let columns: Int
    let rows: Int
    /// Millimetres between neighbouring columns and rows (on the wall: along the arc at mid-height, and along z).
    let pitchMM: Double
    /// True for the wall, whose last column neighbours its first.
    let wraps: Bool
    /// Surface points in the vertebral frame, millimetres.
    var points: [SIMD3<Double>]
    /// Outward unit normals in the vertebral frame.
    var normals: [SIMD3<Double>]
    /// False where the chart does not touch the surface, or where it must not be read.
    var isValid: [Bool]

    var count: Int { columns * rows }

    /// Sets the outward normals from differences of neighbouring points.
    mutating func deriveNormals() {
        let handedness: Double = side == .inferior ? -1 : 1
        for row in 0..<rows {
            for column in 0..<columns {
                let i = row * columns + column
                guard isValid[i] else { continue }
                let along = difference(i, neighbour(column, +1, row), neighbour(column, -1, row))
                let across = difference(
                    i, row + 1 < rows ? i + columns : nil, row > 0 ? i - columns : nil)
                normals[i] = normalised(cross(along, across)) * handedness
            }
        }
    }

    /// The chart with each point moved along its own ray (wall: from the axis outwards; endplates: up or down), so that the
    /// surface moves by `places` along its normals.
    func shifted(byMM places: [Float]) -> SurfaceChart {
        var chart = self
        for i in 0..<count where isValid[i] {
            let ray: SIMD3<Double> =
                side == .wall ? normalised([points[i].x, points[i].y, 0]) : [0, 0, side == .superior ? 1 : -1]
            chart.points[i] += ray * (Double(places[i]) / max(dot(ray, normals[i]), 0.5))
        }
        chart.deriveNormals()
        return chart
    }

    /// The index of the point `step` columns further in a row, or nil beyond the edge of a chart that does not wrap.
    func neighbour(_ column: Int, _ step: Int, _ row: Int) -> Int? {
        var c = column + step
        if wraps { c = (c + columns) % columns }
        return c >= 0 && c < columns ? row * columns + c : nil
    }

    private func difference(_ here: Int, _ next: Int?, _ previous: Int?) -> SIMD3<Double> {
        let a = next.flatMap { isValid[$0] ? points[$0] : nil } ?? points[here]
        let b = previous.flatMap { isValid[$0] ? points[$0] : nil } ?? points[here]
        return a - b
    }
}

extension SurfaceChart {
    /// The valid points for which a condition holds.
    func indices(where condition: (Int) -> Bool) -> [Int] { (0..<count).filter { isValid[$0] && condition($0) } }
}
