// Finds gaps on one chart of the cortical shell.
import Domain
import Foundation
import Imaging

/// Deficits of cortical mass on one chart, and the gaps among them.
///
/// The shell's mass is held against its own neighbourhood, not against a fixed thickness, so that a shell that is thin
/// everywhere is no gap; and the middle of a gap is held against its flanks, so that a slow change of thickness is none.
struct GapDetector {
    private let chart: SurfaceChart
    private let field: ChartField
    /// Where the shell may be read.
    private let isReadable: [Bool]
    /// 1 − mass over local baseline.
    private let deficit: [Float]

    init(_ chart: SurfaceChart, layer: CortexLayer, isReadable: [Bool]) {
        self.chart = chart
        self.isReadable = isReadable
        field = ChartField(columns: chart.columns, rows: chart.rows, wraps: chart.wraps)
        let baseline = Self.baseline(layer.massHUMM, where: isReadable, on: field, pitchMM: chart.pitchMM)
        deficit = zip(layer.massHUMM, baseline).map { mass, base in
            min(max(1 - mass / max(base, Self.leastBaselineHUMM), -0.6), 1.2)
        }
    }

    /// Deficits with a score of at least `GapDetector.suspectScore`, strongest first.
    func candidates(bodyHeight: ClosedRange<Double>, frame: VertebralFrame) -> [CorticalGap] {
        let (score, depth) = scores()
        let isHit = score.indices.map { score[$0] >= Self.suspectScore && depth[$0] >= Self.suspectDeficit }
        return components(isHit).compactMap { points in
            guard points.count >= Self.leastPoints, let peak = points.max(by: { score[$0] < score[$1] }) else {
                return nil
            }
            let deepest = points.map { depth[$0] }.max() ?? 0
            return gap(points, peak: peak, score: score[peak], depth: deepest, bodyHeight: bodyHeight, frame: frame)
        }.sorted { $0.score > $1.score }
    }

    /// How far a deficit speaks for a real gap: logistic in score and depth, 0.5 near the thresholds for a claim. Depth weighs
    /// most: on tuning phantoms with 1 mm voxels 642 chance deficits, but for those beside pedicles, were below 0.6 deep, and
    /// 28 of 29 planted gaps were above; a depth of 0.1 is worth a score of 2 (our choice, near their logistic regression).
    static func confidence(score: Double, deficit: Double) -> Double {
        1 / (1 + exp((claimScore - score) / 2 + 10 * (evenDeficit - deficit)))
    }

    /// The depth that speaks neither way at the score for a claim.
    private static let evenDeficit = 0.6

    /// Score and deficit for a claim, picked on tuning phantoms with 1 mm voxels (our choice). The prototype's pair 7 and 0.20
    /// (docs/cortex.md) let shallow deficits beside the pedicles of L5 pass and missed deep gaps of score 6.
    static let claimScore = 6.0
    static let claimDeficit = 0.5
    /// Weaker deficits kept as suspects (our choice).
    static let suspectScore: Float = 4.0
    static let suspectDeficit: Float = 0.15
    private static let leastPoints = 3
    /// A shell of less mass than this is taken for none: 0.03 mm of compact bone (our choice).
    private static let leastBaselineHUMM: Float = 35
    private static let baselineSigmaMM = 4.0

    /// Three rounds of masked smoothing; each clips what stands out, so that a gap does not lower its own baseline.
    private static func baseline(
        _ mass: [Float], where isReadable: [Bool], on field: ChartField, pitchMM: Double
    ) -> [Float] {
        let sigma = Float(baselineSigmaMM / pitchMM)
        var base = field.gaussian(mass.map { max($0, 0) }, where: isReadable, sigma: sigma)
        for _ in 0..<3 {
            let clipped = zip(mass, base).map { min(max($0, 0.6 * $1), 1.6 * $1) }
            base = field.gaussian(clipped, where: isReadable, sigma: sigma)
        }
        return base
    }

    /// For each point the greatest contrast over its own filter's noise, and the mean deficit in that filter's bar.
    private func scores() -> (score: [Float], depth: [Float]) {
        var score = [Float](repeating: 0, count: chart.count)
        var depth = score
        for filter in GapFilter.bank(pitchMM: chart.pitchMM) {
            let response = filter.response(deficit, where: isReadable, on: field)
            let judged = response.contrast.indices.filter { response.isJudged[$0] }
            guard judged.count > 50 else { continue }
            let centre = median(of: judged.map { response.contrast[$0] })
            let spread = 1.4826 * median(of: judged.map { abs(response.contrast[$0] - centre) })
            guard spread > 0 else { continue }
            for i in judged where response.contrast[i] / spread > score[i] {
                score[i] = response.contrast[i] / spread
                depth[i] = response.deficit[i]
            }
        }
        return (score, depth)
    }

    /// Groups of 8-connected hits, round the seam.
    private func components(_ isHit: [Bool]) -> [[Int]] {
        var isSeen = [Bool](repeating: false, count: isHit.count)
        var groups: [[Int]] = []
        for start in isHit.indices where isHit[start] && !isSeen[start] {
            var group = [start]
            isSeen[start] = true
            var next = 0
            while next < group.count {
                let row = group[next] / chart.columns
                let column = group[next] % chart.columns
                next += 1
                for r in max(row - 1, 0)...min(row + 1, chart.rows - 1) {
                    for step in -1...1 {
                        guard let c = field.wrapped(column + step) else { continue }
                        let i = r * chart.columns + c
                        guard isHit[i], !isSeen[i] else { continue }
                        isSeen[i] = true
                        group.append(i)
                    }
                }
            }
            groups.append(group)
        }
        return groups
    }

    private func gap(
        _ points: [Int], peak: Int, score: Float, depth: Float, bodyHeight: ClosedRange<Double>, frame: VertebralFrame
    ) -> CorticalGap {
        let extent = GapExtent(points, peak: peak, deficit: deficit, chart: chart, field: field, isReadable: isReadable)
        let local = extent.centreMM
        let share = (local.z - bodyHeight.lowerBound) / (bodyHeight.upperBound - bodyHeight.lowerBound)
        return CorticalGap(
            wall: chart.wallName(at: peak), centroidMM: frame.point(local), localMM: local,
            direction: extent.direction, quadrant: BodyQuadrant(localMM: local),
            third: share < 1 / 3.0 ? .lower : share < 2 / 3.0 ? .middle : .upper,
            areaMM2: extent.areaMM2, widthMM: extent.widthMM, lengthMM: extent.lengthMM, score: Double(score),
            deficit: Double(depth), confidence: Self.confidence(score: Double(score), deficit: Double(depth)))
    }
}

extension SurfaceChart {
    /// The side of the body that a chart point belongs to.
    func wallName(at point: Int) -> BodyWall {
        switch side {
        case .superior: .superiorEndplate
        case .inferior: .inferiorEndplate
        case .wall: BodyWall(wallNormal: normals[point])
        }
    }
}
