// The leakage map of a rehearsal: every place's first leaks over many runs.
import Domain
import Foundation
import Imaging
import Morphometry

/// Makes the map of method `rehearsal`.
struct RehearsedLeakageMap {
    private let result: RehearsalResult
    private let cells: BodyCells
    private let cortex: CortexMap
    private let extended: ExtendedRun
    private let endML: Double

    /// - Parameters:
    ///   - extended: orders places whose scores are equal.
    ///   - endML: where the runs ended.
    init(_ result: RehearsalResult, extended: ExtendedRun, cells: BodyCells, cortex: CortexMap, endML: Double) {
        self.result = result
        self.extended = extended
        self.cells = cells
        self.cortex = cortex
        self.endML = endML
    }

    func map(level: VertebralLevel) -> LeakageMap {
        let quadrants = quadrantScores()
        return LeakageMap(
            method: "rehearsal", explanation: Self.explanation, quadrants: quadrants, sectors: sectorScores(),
            exits: exitScores(), beams: AxialBeam.all(result, cells: cells, plannedML: result.plannedML),
            types: types(), any: result.any, notes: GeometricLeakageMap.notes(cortex, level: level) + notes())
    }

    /// First leaks through any of some ways.
    func tally(_ isCounted: (FlowExit) -> Bool) -> LeakageTally {
        let counted = FlowExit.allCases.indices.filter { isCounted(FlowExit.allCases[$0]) }
        return LeakageTally(result.outcomes, endML: endML) { outcome in counted.map { outcome.exitsML[$0] } }
    }

    private var volumesML: [Double] { result.any.volumesML }

    private func quadrantScores() -> [LeakageMap.QuadrantScore] {
        let scores = BodyQuadrant.allCases.indices.map { n in
            LeakageTally(result.outcomes, endML: endML) { [$0.quadrantsML[n]] }.score
        }
        let sum = max(scores.reduce(0, +), .leastNonzeroMagnitude)
        let entries = BodyQuadrant.allCases.enumerated().map { n, quadrant in
            LeakageMap.QuadrantScore(
                quadrant: quadrant, score: scores[n], share: scores[n] / sum,
                gaps: cortex.gaps.filter { $0.quadrant == quadrant },
                curve: result.quadrants.first { $0.quadrant == quadrant }?.curve,
                extendedFirstLeakML: extended.quadrants[n].firstML)
        }
        return ordered(entries, score: \.score, by: extended.quadrants)
    }

    private func sectorScores() -> [LeakageMap.SectorScore] {
        let entries = result.sectors.enumerated().map { n, sector in
            LeakageMap.SectorScore(
                quadrant: sector.quadrant, third: sector.third,
                score: LeakageTally(result.outcomes, endML: endML) { [$0.sectorsML[n]] }.score,
                gaps: cortex.gaps.filter { $0.quadrant == sector.quadrant && $0.third == sector.third },
                curve: sector.curve, extendedFirstLeakML: extended.sectors[n].firstML)
        }
        return ordered(entries, score: \.score, by: extended.sectors)
    }

    /// Highest score first; equal scores as the extended run orders them.
    private func ordered<Entry>(
        _ entries: [Entry], score: (Entry) -> Double, by leaks: [ExtendedRun.Leak]
    ) -> [Entry] {
        entries.indices.sorted { a, b in
            let (first, second) = (score(entries[a]), score(entries[b]))
            return first == second ? leaks[a] < leaks[b] : first > second
        }.map { entries[$0] }
    }

    private func exitScores() -> [LeakageMap.ExitScore] {
        let entries = LeakageMap.Exit.allCases.map { exit in
            let tally = tally { $0.mapExit == exit }
            let ways = result.exits.filter { $0.exit.mapExit == exit }
            return LeakageMap.ExitScore(
                exit: exit, score: tally.score, gaps: cortex.gaps.filter { LeakageMap.Exit($0.wall) == exit },
                rehearsed: RehearsedExit(
                    curve: tally.curve(at: volumesML), extendedFirstLeakML: extended.leak(at: exit).firstML,
                    meanLeakML: ways.reduce(0) { $0 + $1.meanLeakML },
                    ways: ways.map { RehearsedExit.Way(exit: $0.exit, type: $0.exit.leakageType, curve: $0.curve) },
                    pathMM: path(to: exit), hazard: hazard(at: exit)))
        }
        return ordered(entries, score: \.score, by: LeakageMap.Exit.allCases.map(extended.leak))
    }

    private func types() -> [RehearsedType] {
        LeakageType.allCases.map { type in
            let tally = tally { $0.leakageType == type }
            return RehearsedType(
                type: type, leaks: tally.leaks(byML: result.plannedML), runs: result.outcomes.count,
                curve: tally.curve(at: volumesML))
        }
    }

    /// The place of an exit through which cement came first in most runs.
    private func usualPlace(of exit: LeakageMap.Exit) -> BodyFlowModel.Place? {
        var count: [LeakingPlace: (runs: Int, place: BodyFlowModel.Place)] = [:]
        for outcome in result.outcomes {
            guard let first = outcome.leaks.first(where: { $0.place.exit.mapExit == exit })?.place else { continue }
            count[LeakingPlace(first), default: (0, first)].runs += 1
        }
        return count.max {
            ($0.value.runs, $0.key.order) < ($1.value.runs, $1.key.order)
        }?.value.place
    }

    /// Of the runs that came out at the usual way, the one in the middle by the volume of its first leak.
    private func path(to exit: LeakageMap.Exit) -> [PointMM]? {
        guard let place = usualPlace(of: exit) else { return nil }
        let name = place.exit.rawValue
        let runs = result.outcomes.compactMap { outcome -> (volume: Double, tips: [PointMM], path: [PointMM])? in
            guard
                outcome.leaks.first(where: { $0.place.exit.mapExit == exit }).map({ LeakingPlace($0.place) })
                    == LeakingPlace(place), let arrival = outcome.arrivals.first(where: { $0.exitName == name })
            else { return nil }
            return (arrival.volumeMM3, outcome.tipsMM, arrival.pathMM)
        }.sorted { $0.volume < $1.volume }
        guard !runs.isEmpty else { return nil }
        let middle = runs[runs.count / 2]
        let tip = middle.path.first.flatMap { start in
            middle.tips.min { length($0 - start) < length($1 - start) }
        }
        let end = place.opening.map { cells.frame.point($0.localMM) }
        return [tip].compactMap(\.self) + smoothed(middle.path) + [end].compactMap(\.self)
    }

    /// Cells' centres made a line: each point the mean of itself and its neighbours.
    private func smoothed(_ path: [PointMM]) -> [PointMM] {
        path.indices.map { n in
            let near = path[max(n - 1, 0)...min(n + 1, path.count - 1)]
            return near.reduce(.zero, +) / Double(near.count)
        }
    }

    private func hazard(at exit: LeakageMap.Exit) -> String {
        if let place = usualPlace(of: exit) ?? extended.firstPlace(of: exit) { return place.hazard }
        return "no simulated run leaked here up to \(text(endML)) mL"
    }

    private func notes() -> [String] {
        var notes = [
            "Simulated \(result.runs) times up to \(text(endML)) mL; intervals are of chance in the number of runs, not of the model."
        ]
        let posterior = posteriorFrequency()
        // Less would read as 0 %.
        if posterior >= 0.005 {
            notes.append(
                "At \(text(result.plannedML)) mL cement reaches the posterior third of the body in at least "
                    + "\(Int((100 * posterior).rounded())) % of the runs: stop there.")
        }
        return notes
    }

    /// The highest fill frequency in the posterior third of the body's depth.
    private func posteriorFrequency() -> Double {
        let depths = cells.faces.map(\.localMM.y)
        guard let back = depths.min(), let front = depths.max() else { return 0 }
        let border = back + (front - back) / 3
        var most: Float = 0
        for (i, value) in result.fillFrequency.enumerated() where value > most {
            if cells.frame.local(result.grid.centre(of: i)).y < border { most = value }
        }
        return Double(most)
    }

    private func text(_ value: Double) -> String { String((value * 10).rounded() / 10) }

    static let explanation = """
        Cement was made to flow through this body many times, each time with other permeability, viscosity, needle tip, gaps and surface \
        (docs/models/cement-flow.md). A place scores 1 minus its mean first-leak volume over the volume at which the runs end; runs without a \
        leak count as the end. Equal scores are ordered by one run with every input at its middle value, carried on far beyond any plan. \
        Scores rank places. Probabilities are those of the simulation and were never compared with patients.
        """
}

/// What makes two leaks of different runs the same place.
struct LeakingPlace: Hashable {
    let exit: FlowExit
    let number: Int?
    /// Of intact cortex only: openings keep their number wherever the surface lies.
    let patch: String?

    init(_ place: BodyFlowModel.Place) {
        exit = place.exit
        number = place.number
        patch = place.opening == nil ? "\(place.quadrant?.rawValue ?? "") \(place.third?.rawValue ?? "")" : nil
    }

    /// Breaks ties the same way every time.
    var order: String { "\(exit.rawValue) \(number.map(String.init) ?? "") \(patch ?? "")" }
}
