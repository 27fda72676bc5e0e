// Finds gaps on one chart of the cortical shell.
import Domain
import Imaging

/// Deficits of cortical mass on one chart, and the gaps among them.
///
/// The shell's mass is held against its own neighbourhood, not against a fixed thickness, so that a shell that is thin
/// everywhere is no gap; and filters shaped like slits weigh each place against its surroundings, so that a slow change of
/// thickness is none.
struct GapDetector {
    private let chart: SurfaceChart
    private let field: ChartField
    /// Where the shell may be read.
    private let isReadable: [Bool]
    /// 1 − mass over local baseline; 0 where the shell may not be read.
    private let deficit: [Float]
    private let filters: [GapFilter]
    private let trust: GapTrust

    private let sides: BodySides

    /// - Parameters:
    ///   - sides: names the sides of the wall.
    ///   - trust: how the answers of the filters speak for a gap on this scan.
    init(_ fitted: FittedChart, blur: ScannerBlur, sides: BodySides, trust: GapTrust) {
        let chart = fitted.surface
        let isReadable = fitted.isReadable
        let massHUMM = fitted.layer.massHUMM
        self.chart = chart
        self.isReadable = isReadable
        self.sides = sides
        self.trust = trust
        field = ChartField(columns: chart.columns, rows: chart.rows, wraps: chart.wraps)
        let baseline = Self.baseline(massHUMM, where: isReadable, on: field, pitchMM: chart.pitchMM)
        deficit = chart.points.indices.map { i in
            guard isReadable[i] else { return 0 }
            return min(max(1 - massHUMM[i] / max(baseline[i], Self.leastBaselineHUMM), -0.6), 1.2)
        }
        filters = GapFilter.bank(
            columnSigmaMM: blur.inPlaneSigmaMM,
            rowSigmaMM: chart.side == .wall ? blur.axialSigmaMM : blur.inPlaneSigmaMM)
    }

    /// Deficits that might be gaps (`GapTrust.suspect` and more), surest first.
    func candidates(bodyHeight: ClosedRange<Double>, frame: VertebralFrame) -> [CorticalGap] {
        let found = answers()
        let confidence = found.map { trust.confidence($0) }
        return field.components(confidence.map { $0 >= GapTrust.suspect }).compactMap { points in
            guard points.count >= Self.leastPoints, let peak = points.max(by: { confidence[$0] < confidence[$1] })
            else { return nil }
            return gap(
                points, peak: peak, answer: found[peak], confidence: confidence[peak], bodyHeight: bodyHeight,
                frame: frame)
        }
    }

    private static let leastPoints = 3
    /// A shell of less mass than this is taken for none: 0.03 mm of compact bone (our choice).
    private static let leastBaselineHUMM: Float = 35
    private static let baselineSigmaMM = 4.0
    /// What lies beyond the readable shell is taken to go on like its edge (our choice).
    private static let continuationSigmaMM = 2.0

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

    /// For each point the answer of the filter that stands out most from its own noise.
    private func answers() -> [GapTrust.Answer] {
        let beyond = field.gaussian(
            deficit, where: isReadable, sigma: Float(Self.continuationSigmaMM / chart.pitchMM))
        let continued = PaddedChart(zip(deficit, beyond).enumerated().map { isReadable[$0] ? $1.0 : $1.1 }, on: field)
        let presence = PaddedChart(isReadable.map { $0 ? 1 : 0 }, on: field)
        var best = [GapTrust.Answer](repeating: GapTrust.Answer(), count: chart.count)
        for filter in filters {
            let response = filter.response(continued, presence: presence, where: isReadable, on: field)
            let judged = isReadable.indices.filter { response.isJudged[$0] }
            guard judged.count > 50 else { continue }
            let centre = median(of: judged.map { response.openness[$0] })
            let spread = 1.4826 * median(of: judged.map { abs(response.openness[$0] - centre) })
            guard spread > 0 else { continue }
            for i in judged where response.openness[i] / spread > best[i].score {
                best[i] = GapTrust.Answer(
                    score: response.openness[i] / spread, openness: response.openness[i],
                    deficit: response.deficit[i])
            }
        }
        return best
    }

    private func gap(
        _ points: [Int], peak: Int, answer: GapTrust.Answer, confidence: Double, bodyHeight: ClosedRange<Double>,
        frame: VertebralFrame
    ) -> CorticalGap {
        let extent = GapExtent(points, peak: peak, deficit: deficit, chart: chart, field: field, isReadable: isReadable)
        let local = extent.centreMM
        let share = (local.z - bodyHeight.lowerBound) / (bodyHeight.upperBound - bodyHeight.lowerBound)
        return CorticalGap(
            wall: chart.wall(at: local, of: sides), centroidMM: frame.point(local), localMM: local,
            direction: extent.direction, quadrant: BodyQuadrant(localMM: local),
            third: share < 1 / 3.0 ? .lower : share < 2 / 3.0 ? .middle : .upper,
            areaMM2: extent.areaMM2, widthMM: extent.widthMM, lengthMM: extent.lengthMM, score: Double(answer.score),
            deficit: Double(answer.deficit), confidence: confidence)
    }
}

extension SurfaceChart {
    /// The side of the body that a place on this chart belongs to; `localMM` in the vertebral frame.
    func wall(at localMM: SIMD3<Double>, of sides: BodySides) -> BodyWall {
        switch side {
        case .superior: .superiorEndplate
        case .inferior: .inferiorEndplate
        case .wall: sides.side(of: localMM)
        }
    }
}
