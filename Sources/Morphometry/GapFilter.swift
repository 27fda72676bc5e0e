// Matched filters for slits in the shell.
import Foundation

/// One slit, blurred by the scanner, and the weights that estimate from the deficits around a point how open it is there.
struct GapFilter {
    /// The slit's share at each offset.
    private let shape: Stencil
    /// Weights of least variance whose answer to the slit itself is 1 (`ShellUnevenness`).
    private let weights: Stencil

    /// The answer of a filter at each point of a chart. NaN-free: points that could not be judged are marked.
    struct Response {
        /// Open share of the slit, estimated against its surroundings: 1 for a full hole of this size, 0 without one.
        var openness: [Float]
        /// Mean deficit in the slit, the surroundings not taken off.
        var deficit: [Float]
        var isJudged: [Bool]
    }

    /// Slits of 1, 2 and 3 mm in twelve directions (our choice: between them a slit loses less than a tenth of its contrast).
    ///
    /// - Parameters:
    ///   - columnSigmaMM: blur along the chart's rows, from column to column.
    ///   - rowSigmaMM: blur from row to row.
    static func bank(columnSigmaMM: Double, rowSigmaMM: Double) -> [GapFilter] {
        let sizes: [(width: Double, length: Double)] = [(1, 4.5), (2, 4.5), (3, 5)]
        let directions = 12
        return sizes.flatMap { size in
            (0..<directions).map { direction in
                GapFilter(
                    widthMM: size.width, lengthMM: size.length, angle: .pi * Double(direction) / Double(directions),
                    sigmaMM: [columnSigmaMM, rowSigmaMM])
            }
        }
    }

    private init(widthMM: Double, lengthMM: Double, angle: Double, sigmaMM: SIMD2<Double>) {
        let c = cos(angle)
        let s = sin(angle)
        // Blur along and across the slit; a point stands for a square of the chart.
        let point = BodySurface.pitchMM * BodySurface.pitchMM / 12
        let variance = sigmaMM * sigmaMM + point
        let alongSigma = (variance.x * c * c + variance.y * s * s).squareRoot()
        let acrossSigma = (variance.x * s * s + variance.y * c * c).squareRoot()
        let reach = ShellUnevenness.reach
        var share: [Double] = []
        for row in -reach...reach {
            for column in -reach...reach {
                let x = Double(column) * BodySurface.pitchMM
                let y = Double(row) * BodySurface.pitchMM
                share.append(
                    bar(x * c + y * s, length: lengthMM, sigma: alongSigma)
                        * bar(y * c - x * s, length: widthMM, sigma: acrossSigma))
            }
        }
        shape = Stencil(share, least: 0.02)
        weights = Stencil(ShellUnevenness.standard.weights(for: share), least: 0)
    }

    func response(_ deficit: PaddedChart, presence: PaddedChart, where isValid: [Bool], on chart: ChartField)
        -> Response
    {
        var response = Response(
            openness: [Float](repeating: 0, count: isValid.count), deficit: [Float](repeating: 0, count: isValid.count),
            isJudged: [Bool](repeating: false, count: isValid.count))
        let inShape = deficit.offsets(of: shape)
        let around = deficit.offsets(of: weights)
        let least = Self.leastShare * shape.total
        for row in 0..<chart.rows {
            for column in 0..<chart.columns where isValid[row * chart.columns + column] {
                let at = deficit.offset(column: column, row: row)
                guard presence.sum(at, inShape, shape.weights) >= least else { continue }
                let i = row * chart.columns + column
                response.isJudged[i] = true
                response.deficit[i] = deficit.sum(at, inShape, shape.weights) / shape.total
                response.openness[i] = deficit.sum(at, around, weights.weights)
            }
        }
        return response
    }

    /// Share of the slit that must lie on the readable shell (our choice).
    private static let leastShare: Float = 0.6
}

/// Offsets and weights of a square window.
struct Stencil {
    private(set) var columns: [Int] = []
    private(set) var rows: [Int] = []
    private(set) var weights: [Float] = []
    private(set) var total: Float = 0

    /// - Parameter window: `ShellUnevenness.side` squared values, row by row; those below `least` in size are left out.
    fileprivate init(_ window: [Double], least: Double) {
        for (i, weight) in window.enumerated() where abs(weight) > least {
            columns.append(i % ShellUnevenness.side - ShellUnevenness.reach)
            rows.append(i / ShellUnevenness.side - ShellUnevenness.reach)
            weights.append(Float(weight))
            total += Float(weight)
        }
    }
}

/// A chart with its seam repeated and its edges continued, so that a stencil needs no edge rules.
struct PaddedChart {
    private let width: Int
    private let values: [Float]

    init(_ source: [Float], on chart: ChartField) {
        let margin = ShellUnevenness.reach
        width = chart.columns + 2 * margin
        var values: [Float] = []
        values.reserveCapacity(width * (chart.rows + 2 * margin))
        for row in -margin..<chart.rows + margin {
            let start = min(max(row, 0), chart.rows - 1) * chart.columns
            for column in -margin..<chart.columns + margin {
                values.append(source[start + (chart.wrapped(column) ?? (column < 0 ? 0 : chart.columns - 1))])
            }
        }
        self.values = values
    }

    fileprivate func offset(column: Int, row: Int) -> Int {
        (row + ShellUnevenness.reach) * width + column + ShellUnevenness.reach
    }

    fileprivate func offsets(of stencil: Stencil) -> [Int] {
        zip(stencil.rows, stencil.columns).map { $0 * width + $1 }
    }

    @inline(__always)
    fileprivate func sum(_ at: Int, _ offsets: [Int], _ weights: [Float]) -> Float {
        values.withUnsafeBufferPointer { values in
            var sum: Float = 0
            for k in 0..<offsets.count { sum += weights[k] * values[at + offsets[k]] }
            return sum
        }
    }
}

/// A bar of ones from −length/2 to length/2, blurred by a Gaussian.
private func bar(_ x: Double, length: Double, sigma: Double) -> Double {
    let scale = sigma * 2.0.squareRoot()
    return 0.5 * (erf((length / 2 - x) / scale) + erf((length / 2 + x) / scale))
}
