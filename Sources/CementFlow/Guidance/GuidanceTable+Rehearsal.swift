// Fills a guidance table: one injection for each of many needle tips spread over the body.
import Domain
import Foundation
import Guidance
import Imaging

extension GuidanceTable {
    /// Needle tips that a table has (our choice: docs/guidance.md shows what fewer and more do).
    package static let usualTips = 256
    /// Edge of the cells that a table is computed on, mm (our choice; docs/guidance.md compares it with 1.5 mm).
    package static let usualCellMM = 2.0

    /// Runs one injection from each of `tips` needle tips, each with its own draw of permeability, viscosity and gaps.
    ///
    /// A tip and its draw depend on the body, the seed and their number alone: not on threads or the grid, and a table of fewer tips
    /// is the beginning of a larger one.
    ///
    /// - Parameters:
    ///   - rehearsal: what is injected and what is uncertain. Of its needles only the first one's radius counts, of its balloons the
    ///     first, which is pressed where the tip lies; its `runs` do not count.
    ///   - cells: the body.
    ///   - threads: injections at the same time.
    ///   - progress: part done, 0…1; called from any thread.
    /// - Throws: `CementFlowError` where the plan itself is not possible; `FaultRecord` when cancelled.
    package init(
        _ rehearsal: Rehearsal, in cells: BodyCells, level: VertebralLevel,
        tips: Int = usualTips, threads: Int = 1, cancellation: Cancellation = Cancellation(),
        progress: @Sendable (Double) -> Void = { _ in }
    ) throws {
        let ways = GuidanceWays(rehearsal, cells)
        let places = needlePlaces(tips, in: cells)
        let runs = try inOrder(places.count, threads: threads) { n in
            try cancellation.check()
            let run = try rehearsal.run(places[n], in: cells, ways: ways, cancellation)
            progress(Double(n + 1) / Double(places.count))
            return run
        }
        let frame = cells.frame
        self.init(
            level: level, frame: Frame(originLPSMM: frame.originMM, x: frame.x, y: frame.y, z: frame.z),
            outline: BodyOutline(cells), ways: ways.ways, runs: runs,
            conditions: Conditions(
                procedure: rehearsal.plan.procedure == .vertebroplasty ? "PVP" : "PKP",
                cement: rehearsal.plan.cement.name,
                leakThresholdML: InjectionResult.Arrival.thresholdMM3 / 1000, cellMM: cells.grid.cellMM,
                seed: rehearsal.seed))
    }
}

extension Rehearsal {
    /// One injection from a tip of the table.
    fileprivate func run(
        _ place: NeedlePlace, in cells: BodyCells, ways: GuidanceWays, _ cancellation: Cancellation
    ) throws -> GuidanceTable.Run {
        let draw = RehearsalDraw(seed: seed, run: place.number, needles: 1, openings: openings, spread: spread)
        var body = spread.segmentationSDMM > 0 ? cells.shifted(draw.surface.outwardsMM) : cells
        if !body.holds(place.tipMM) { body = cells }
        var parameters = parameters
        parameters.permeabilityMM2 *= draw.permeabilityFactor
        let model = BodyFlowModel(body, parameters: parameters, openings: draw.openings)
        var plan = plan
        plan.needles = [Needle(tipMM: place.tipMM, radiusMM: plan.needles.first?.radiusMM ?? Needle.usualRadiusMM)]
        if case .kyphoplasty(let balloons) = plan.procedure {
            plan.procedure = .kyphoplasty(balloonsMM3: Array(balloons.prefix(1)))
        }
        plan.cement.consistency *= draw.viscosityFactor
        plan.volumeMM3 = min(plan.volumeMM3 * reach, 0.9 * model.domain.poreVolumeMM3)
        let result = try model.domain.inject(plan, cancellation: cancellation)
        return GuidanceTable.Run(
            tipMM: rounded(cells.frame.local(place.tipMM)), permeabilityFactor: rounded(draw.permeabilityFactor),
            viscosityFactor: rounded(draw.viscosityFactor), endML: rounded(plan.volumeMM3 / 1000),
            firstLeakML: ways.openings(in: model, of: draw).map { openings in
                result.crossing(InjectionResult.Arrival.thresholdMM3) { step in
                    openings.reduce(0) { $0 + step.throughMM3[$1] }
                }.map { rounded($0.volumeMM3 / 1000) }
            })
    }
}

/// To a thousandth: what a table keeps.
private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
private func rounded(_ point: SIMD3<Double>) -> SIMD3<Double> {
    (point * 1000).rounded(.toNearestOrAwayFromZero) / 1000
}

/// A place for a needle, and the number of its draw.
private struct NeedlePlace {
    let number: Int
    let tipMM: PointMM
}

/// Places spread evenly over the body: the additive recurrence with the powers of 1/g, g⁴ = g + 1 (Roberts 2018, "The unreasonable
/// effectiveness of quasirandom sequences"), in a cube around the body's centre, those outside the body left out. They depend on
/// the body alone, not on the grid.
private func needlePlaces(_ count: Int, in cells: BodyCells) -> [NeedlePlace] {
    let g = 1.220_744_084_605_759_5
    let step = SIMD3(1 / g, 1 / (g * g), 1 / (g * g * g))
    // Larger than any vertebral body (our choice).
    let edgeMM = 80.0
    var places: [NeedlePlace] = []
    // A body of 0.1 mL takes one in 5000.
    for number in 1...max(count, 1) * 5000 where places.count < count {
        let whole = 0.5 + step * Double(number)
        let point = cells.frame.point((whole - whole.rounded(.down) - 0.5) * edgeMM)
        if cells.holds(point) { places.append(NeedlePlace(number: number, tipMM: point)) }
    }
    return places
}

extension BodyOutline {
    fileprivate init(_ cells: BodyCells) {
        let grid = cells.grid
        self.init(
            cellMM: grid.cellMM, firstCentreMM: cells.frame.local(grid.geometry.point(at: Index3(x: 0, y: 0, z: 0))),
            size: SIMD3(grid.size.x, grid.size.y, grid.size.z), isInside: cells.isBone)
    }
}
