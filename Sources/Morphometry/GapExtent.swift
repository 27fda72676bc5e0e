// How large a gap is, from the mass that it lacks.
import Imaging

/// Size and centre of one gap. Blur spreads a deficit but keeps its integral, so sizes come from integrals.
struct GapExtent {
    let centreMM: SIMD3<Double>
    let areaMM2: Double
    let widthMM: Double
    let lengthMM: Double
    /// Unit vector along the long axis, tangent to the shell.
    let direction: SIMD3<Double>

    /// - Parameters:
    ///   - points: chart points of the hit.
    ///   - peak: the point with the greatest score; offsets are counted from it, so that the seam does not matter.
    init(
        _ points: [Int], peak: Int, deficit: [Float], chart: SurfaceChart, field: ChartField, isReadable: [Bool]
    ) {
        let around = Self.surroundings(of: points, peak: peak, chart: chart, field: field, isReadable: isReadable)
        let pitch = chart.pitchMM
        let weights = around.map { max(Double(deficit[$0.index]), 0) }
        let total = max(weights.reduce(0, +), .leastNonzeroMagnitude)
        let places = around.map { SIMD2(Double($0.column), Double($0.row)) * pitch }
        let centre = zip(places, weights).reduce(SIMD2<Double>.zero) { $0 + $1.0 * ($1.1 / total) }
        let axis = Self.longAxis(places, weights, centre)
        var widths: [Int: Double] = [:]
        for (place, weight) in zip(places, weights) {
            let d = place - centre
            widths[Int(((d.x * axis.x + d.y * axis.y) / pitch).rounded()), default: 0] += weight * pitch
        }
        let greatest = widths.values.max() ?? 0
        let long = widths.values.filter { $0 >= greatest / 2 }
        lengthMM = Double(long.count) * pitch
        widthMM = long.isEmpty ? 0 : long.reduce(0, +) / Double(long.count)
        areaMM2 = weights.reduce(0, +) * pitch * pitch
        let middle = zip(around, weights).reduce(SIMD3<Double>.zero) { $0 + chart.points[$1.0.index] * ($1.1 / total) }
        centreMM = middle
        // How the shell's points move with the place along the axis: the axis as it lies on the body.
        var slope = SIMD3<Double>.zero
        for (k, place) in places.enumerated() {
            let d = place - centre
            slope += (chart.points[around[k].index] - middle) * (weights[k] * (d.x * axis.x + d.y * axis.y))
        }
        let normal = chart.normals[peak]
        direction = normalised(slope - normal * dot(slope, normal))
    }

    /// The hit's points and what lies within a millimetre, with columns and rows counted from the peak.
    private static func surroundings(
        of points: [Int], peak: Int, chart: SurfaceChart, field: ChartField, isReadable: [Bool]
    ) -> [(index: Int, column: Int, row: Int)] {
        var isHit = [Bool](repeating: false, count: chart.count)
        for i in points { isHit[i] = true }
        let near = field.dilated(isHit, radius: marginMM / chart.pitchMM)
        let peakColumn = peak % chart.columns
        let peakRow = peak / chart.columns
        return near.indices.filter { near[$0] && isReadable[$0] }.map { i in
            var column = i % chart.columns - peakColumn
            if chart.wraps {
                if column > chart.columns / 2 { column -= chart.columns }
                if column < -chart.columns / 2 { column += chart.columns }
            }
            return (i, column, i / chart.columns - peakRow)
        }
    }

    /// Direction of the greatest spread.
    private static func longAxis(
        _ places: [SIMD2<Double>], _ weights: [Double], _ centre: SIMD2<Double>
    ) -> SIMD2<Double> {
        var xx = 0.0
        var xy = 0.0
        var yy = 0.0
        for (place, weight) in zip(places, weights) {
            let d = place - centre
            xx += weight * d.x * d.x
            xy += weight * d.x * d.y
            yy += weight * d.y * d.y
        }
        let half = (xx - yy) / 2
        let root = (half * half + xy * xy).squareRoot()
        let axis = half >= 0 ? SIMD2(half + root, xy) : SIMD2(xy, root - half)
        let norm = (axis.x * axis.x + axis.y * axis.y).squareRoot()
        return norm > 0 ? axis / norm : [1, 0]
    }

    /// The deficit is smeared beyond the hit (our choice: one blur width).
    private static let marginMM = 1.0
}
