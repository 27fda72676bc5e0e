// What a rehearsal found, ready for a map.
import Domain

/// Probabilities of leakage by exit and quadrant. They are those of the model under the stated spreads: not validated on patients.
package struct RehearsalResult: Sendable {
    package var seed: UInt64
    package var runs: Int
    package var spread: RehearsalSpread
    package var plannedML: Double
    /// Leaked volume that counts as a leak, mL.
    package var thresholdML: Double
    /// Likeliest first: by the volume that half of the runs reached without a leak, then by how many leaked at all.
    package var exits: [Exit]
    /// In the order of `BodyQuadrant.allCases`. Leaks through the foramen, which lies on the midline, count in none.
    package var quadrants: [Quadrant]
    package var any: LeakageCurve
    /// In the order of `sectorOrder`; the foramen counts in none.
    package var sectors: [Sector]
    /// One per opening of the rehearsal, in their order.
    package var openings: [LeakageCurve]
    /// Every run by itself, in order.
    package var outcomes: [RehearsalOutcome]
    /// The cells that `fillFrequency` belongs to.
    package var grid: FlowGrid
    /// Part of the runs, 0…1, in which each cell was at least half full at the planned volume: `grid.count` values.
    package var fillFrequency: [Float]

    /// All twelve sectors: quadrants in their order, each upper, middle, lower.
    package static let sectorOrder: [(quadrant: BodyQuadrant, third: BodyThird)] = BodyQuadrant.allCases.flatMap {
        quadrant in
        BodyThird.allCases.map { (quadrant, $0) }
    }

    /// One way out.
    package struct Exit: Sendable {
        package var exit: FlowExit
        package var curve: LeakageCurve
        /// Mean over the runs of what had leaked at the planned volume, mL.
        package var meanLeakML: Double
    }

    /// One quarter of the body's walls.
    package struct Quadrant: Sendable {
        package var quadrant: BodyQuadrant
        package var curve: LeakageCurve
    }

    /// One third of a quadrant.
    package struct Sector: Sendable {
        package var quadrant: BodyQuadrant
        package var third: BodyThird
        package var curve: LeakageCurve
    }

    init(_ rehearsal: Rehearsal, _ outcomes: [RehearsalOutcome], filled: [[Bool]], grid: FlowGrid) {
        let planned = rehearsal.plan.volumeMM3 / 1000
        // Every half millilitre up to the end of the runs (our choice).
        let volumes = Array(stride(from: 0.5, through: max(planned * rehearsal.reach, 0.5), by: 0.5))
        seed = rehearsal.seed
        runs = outcomes.count
        spread = rehearsal.spread
        plannedML = planned
        thresholdML = InjectionResult.Arrival.thresholdMM3 / 1000
        exits = FlowExit.allCases.enumerated().map { n, exit in
            Exit(
                exit: exit,
                curve: LeakageCurve(firstLeaksML: outcomes.map { $0.exitsML[n] }, volumesML: volumes),
                meanLeakML: outcomes.reduce(0) { $0 + $1.leakedML[n] } / Double(outcomes.count))
        }.sorted { $0.rank < $1.rank }
        quadrants = BodyQuadrant.allCases.enumerated().map { n, quadrant in
            Quadrant(
                quadrant: quadrant,
                curve: LeakageCurve(firstLeaksML: outcomes.map { $0.quadrantsML[n] }, volumesML: volumes))
        }
        any = LeakageCurve(firstLeaksML: outcomes.map(\.anyML), volumesML: volumes)
        sectors = Self.sectorOrder.enumerated().map { n, sector in
            Sector(
                quadrant: sector.quadrant, third: sector.third,
                curve: LeakageCurve(firstLeaksML: outcomes.map { $0.sectorsML[n] }, volumesML: volumes))
        }
        openings = rehearsal.openings.indices.map { n in
            LeakageCurve(firstLeaksML: outcomes.map { $0.openingsML[n] }, volumesML: volumes)
        }
        self.outcomes = outcomes
        self.grid = grid
        var counts = [Int32](repeating: 0, count: grid.count)
        for run in filled {
            for i in run.indices where run[i] { counts[i] += 1 }
        }
        fillFrequency = counts.map { Float($0) / Float(outcomes.count) }
    }
}

extension RehearsalResult.Exit {
    /// Lowest first.
    fileprivate var rank: (Double, Double, Double) {
        (curve.firstLeakML[1] ?? .infinity, -(curve.probability.last ?? 0), -meanLeakML)
    }
}
