// Oriented centre-minus-flank filters on a chart.
import Foundation

/// A bar and the two strips beside it, as weighted offsets on a chart.
struct GapFilter {
    /// Columns, rows and weights of the bar and of its flanks.
    private let centre: Stencil
    private let flanks: Stencil

    /// The answer of a filter at each point of a chart; NaN-free: points that could not be judged are marked.
    struct Response {
        /// Mean deficit in the bar minus mean deficit in the flanks.
        var contrast: [Float]
        /// Mean deficit in the bar.
        var deficit: [Float]
        var isJudged: [Bool]
    }

    /// The filters of docs/cortex.md (0.7 × 4, 1.2 × 5, 2.2 × 4 mm, eight directions), and a wider bar for
    /// wide breaks (our choice).
    static func bank(pitchMM: Double) -> [GapFilter] {
        let shapes: [(width: Double, length: Double)] = [(0.7, 4), (1.2, 5), (2.2, 4), (3.5, 5)]
        return shapes.flatMap { shape in
            (0..<8).map { direction in
                GapFilter(
                    widthMM: shape.width, lengthMM: shape.length, angle: .pi * Double(direction) / 8, pitchMM: pitchMM)
            }
        }
    }

    init(widthMM: Double, lengthMM: Double, angle: Double, pitchMM: Double) {
        let reach = Int(((widthMM / 2 + Self.flankEndMM + lengthMM / 2 + 1) / pitchMM).rounded(.up))
        var centre = Stencil()
        var flanks = Stencil()
        for row in -reach...reach {
            for column in -reach...reach {
                let x = Double(column) * pitchMM
                let y = Double(row) * pitchMM
                let along = abs(x * cos(angle) + y * sin(angle))
                let across = abs(y * cos(angle) - x * sin(angle))
                let inLength = softStep(lengthMM / 2 - along)
                centre.add(column, row, inLength * softStep(widthMM / 2 - across))
                let inFlank =
                    softStep(across - widthMM / 2 - Self.flankStartMM)
                    * softStep(widthMM / 2 + Self.flankEndMM - across)
                flanks.add(column, row, inLength * inFlank)
            }
        }
        self.centre = centre
        self.flanks = flanks
    }

    func response(_ deficit: [Float], where isValid: [Bool], on chart: ChartField) -> Response {
        var response = Response(
            contrast: [Float](repeating: 0, count: deficit.count), deficit: [Float](repeating: 0, count: deficit.count),
            isJudged: [Bool](repeating: false, count: deficit.count))
        let padded = PaddedChart(deficit, where: isValid, on: chart, margin: max(centre.reach, flanks.reach))
        let bar = padded.offsets(of: centre)
        let sides = padded.offsets(of: flanks)
        for row in 0..<chart.rows {
            for column in 0..<chart.columns where isValid[row * chart.columns + column] {
                let at = padded.offset(column: column, row: row)
                guard
                    let inBar = padded.mean(at, bar, centre.weights, least: Self.leastCentreShare * centre.total),
                    let beside = padded.mean(at, sides, flanks.weights, least: Self.leastFlankShare * flanks.total)
                else { continue }
                let i = row * chart.columns + column
                response.deficit[i] = inBar
                response.contrast[i] = inBar - beside
                response.isJudged[i] = true
            }
        }
        return response
    }

    /// Flanks lie this far beyond the bar's edge (docs/cortex.md: 1 to 4 mm).
    private static let flankStartMM = 1.0
    private static let flankEndMM = 4.0
    /// Shares of the bar and of the flanks that must lie on the readable shell (same prototype).
    private static let leastCentreShare: Float = 0.5
    private static let leastFlankShare: Float = 0.3
}

/// Offsets and weights.
private struct Stencil {
    private(set) var columns: [Int] = []
    private(set) var rows: [Int] = []
    private(set) var weights: [Float] = []
    private(set) var total: Float = 0
    private(set) var reach = 0

    mutating func add(_ column: Int, _ row: Int, _ weight: Double) {
        guard weight > 0.02 else { return }
        columns.append(column)
        rows.append(row)
        weights.append(Float(weight))
        total += Float(weight)
        reach = max(reach, abs(column), abs(row))
    }
}

/// A chart with its seam repeated and a margin of nothing, so that a stencil needs no edge rules.
private struct PaddedChart {
    private let width: Int
    private let margin: Int
    private let values: [Float]
    private let presence: [Float]

    init(_ source: [Float], where isValid: [Bool], on chart: ChartField, margin: Int) {
        let width = chart.columns + 2 * margin
        var values = [Float](repeating: 0, count: width * (chart.rows + 2 * margin))
        var presence = values
        for row in 0..<chart.rows {
            for column in -margin..<chart.columns + margin {
                guard let c = chart.wrapped(column), isValid[row * chart.columns + c] else { continue }
                let to = (row + margin) * width + column + margin
                values[to] = source[row * chart.columns + c]
                presence[to] = 1
            }
        }
        self.width = width
        self.margin = margin
        self.values = values
        self.presence = presence
    }

    func offset(column: Int, row: Int) -> Int { (row + margin) * width + column + margin }

    func offsets(of stencil: Stencil) -> [Int] { zip(stencil.rows, stencil.columns).map { $0 * width + $1 } }

    /// The weighted mean over a stencil; nil when less weight than `least` lies on valid points.
    func mean(_ at: Int, _ offsets: [Int], _ weights: [Float], least: Float) -> Float? {
        var sum: Float = 0
        var weight: Float = 0
        for k in 0..<offsets.count {
            sum += weights[k] * values[at + offsets[k]]
            weight += weights[k] * presence[at + offsets[k]]
        }
        return weight >= least ? sum / weight : nil
    }
}

/// 0 to 1 over half a millimetre round 0.
private func softStep(_ distanceMM: Double) -> Double { min(max(distanceMM / 0.5 + 0.5, 0), 1) }
