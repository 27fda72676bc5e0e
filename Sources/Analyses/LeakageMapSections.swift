// A leakage map as the report words it.
import CementFlow
import Domain
import Imaging
import Morphometry
import OutcomeModels

extension LeakageMapSection {
    /// A geometric map.
    init(_ map: LeakageMap) { self.init(map, leaks: nil) }

    /// The map of a rehearsal.
    init(_ rehearsal: BodyRehearsal) { self.init(rehearsal.map, leaks: FirstLeaks(rehearsal)) }

    private init(_ map: LeakageMap, leaks: FirstLeaks?) {
        let quadrantRanks = ranks(map.quadrants.map { ($0.score, $0.extendedFirstLeakML) })
        let exitRanks = ranks(map.exits.map { ($0.score, $0.rehearsed?.extendedFirstLeakML) })
        self.init(
            method: map.method, explanation: map.explanation, fallback: map.fallback,
            quadrants: map.quadrants.enumerated().map { n, entry in
                QuadrantSection(
                    quadrant: entry.quadrant.rawValue, rank: quadrantRanks[n], score: entry.score.shown,
                    gapCount: entry.gaps.count, simulated: leaks?.section(of: entry))
            },
            sectors: map.sectors.map { entry in
                SectorSection(
                    quadrant: entry.quadrant.rawValue, third: entry.third.rawValue, score: entry.score.shown,
                    simulated: leaks?.section(of: entry))
            },
            exits: map.exits.enumerated().map { n, entry in
                ExitSection(
                    exit: entry.exit.rawValue, rank: exitRanks[n], score: entry.score.shown,
                    gapCount: entry.gaps.count, gapAreaMM2: entry.gaps.reduce(0) { $0 + $1.areaMM2 }.shown,
                    leakageTypes: entry.exit.leakageTypes, hazard: entry.rehearsed?.hazard ?? entry.exit.hazard,
                    simulated: entry.rehearsed.flatMap { leaks?.section($0.curve, ways: $0.ways.map(\.exit)) },
                    rehearsed: entry.rehearsed.flatMap { rehearsed in
                        leaks.map { RehearsedExitSection(rehearsed, $0) }
                    })
            },
            beams: map.beams.map(BeamSection.init), notes: map.notes)
    }
}

/// 1 for the highest score; equal scores by the volume of the first leak in the extended run, and those that are equal there share a rank.
private func ranks(_ places: [(score: Double, leakML: Double?)]) -> [Int] {
    places.map { place in
        1 + places.count { ($0.score, -($0.leakML ?? .infinity)) > (place.score, -(place.leakML ?? .infinity)) }
    }
}

/// When each run of a rehearsal first leaked, place by place.
struct FirstLeaks {
    private let runs: [RehearsalOutcome]
    private let plannedML: Double

    init(_ rehearsal: BodyRehearsal) {
        runs = rehearsal.monteCarlo.outcomes
        plannedML = rehearsal.plannedML
    }

    /// - Parameters:
    ///   - curve: of the same place; its first-leak volumes are told.
    ///   - firstML: of the ways that make up the place, in one run.
    func section(_ curve: LeakageCurve, _ firstML: (RehearsalOutcome) -> [Double?]) -> SimulatedLeakSection? {
        let leaks = runs.count { run in firstML(run).contains { $0.map { $0 <= plannedML } ?? false } }
        return SimulatedLeakage(leaks: leaks, runs: runs.count).map { leakage in
            SimulatedLeakSection(
                probabilityAtPlannedVolume: leakage.share.shown, interval95: leakage.interval95.list,
                firstLeak: FirstLeakSection(
                    in5PercentOfRunsML: curve.firstLeakML[0]?.shown, in50PercentOfRunsML: curve.firstLeakML[1]?.shown,
                    in95PercentOfRunsML: curve.firstLeakML[2]?.shown))
        }
    }

    func section(_ curve: LeakageCurve, ways: [FlowExit]) -> SimulatedLeakSection? {
        let numbers = FlowExit.allCases.indices.filter { ways.contains(FlowExit.allCases[$0]) }
        return section(curve) { run in numbers.map { run.exitsML[$0] } }
    }

    fileprivate func section(of entry: LeakageMap.QuadrantScore) -> SimulatedLeakSection? {
        guard let curve = entry.curve, let n = BodyQuadrant.allCases.firstIndex(of: entry.quadrant) else { return nil }
        return section(curve) { [$0.quadrantsML[n]] }
    }

    fileprivate func section(of entry: LeakageMap.SectorScore) -> SimulatedLeakSection? {
        let number = RehearsalResult.sectorOrder.firstIndex { $0 == (entry.quadrant, entry.third) }
        guard let curve = entry.curve, let n = number else { return nil }
        return section(curve) { [$0.sectorsML[n]] }
    }
}

extension RehearsedExitSection {
    init(_ exit: RehearsedExit, _ leaks: FirstLeaks) {
        self.init(
            meanLeakML: exit.meanLeakML.shown, rankingFirstLeakML: exit.extendedFirstLeakML?.shown,
            ways: exit.ways.compactMap { way in
                leaks.section(way.curve, ways: [way.exit]).map {
                    ExitWaySection(way: way.exit.wallName, leakageType: way.type.rawValue, simulated: $0)
                }
            },
            pathLPSMM: exit.pathMM.map { $0.map(\.shown) })
    }
}

extension BeamSection {
    init(_ beam: AxialBeam) {
        self.init(
            degrees: beam.degrees, reachIn50PercentOfRunsMM: beam.reachMM, reachIn5PercentOfRunsMM: beam.farReachMM,
            wallMM: beam.wallMM, simulatedLeakProbability: beam.leakProbability.shown,
            interval95: beam.interval95.list)
    }
}

extension LeakageMap.Exit {
    /// Types by the project's papers: I segmental vein, II cortical defect, III disc, IV canal.
    fileprivate var leakageTypes: [String] {
        Set(FlowExit.allCases.filter { $0.mapExit == self }.map(\.leakageType.rawValue)).sorted()
    }

    /// Where no rehearsal says it more exactly.
    fileprivate var hazard: String {
        switch self {
        case .superiorEndplate: "superior endplate: opens to the disc above"
        case .inferiorEndplate: "inferior endplate: opens to the disc below"
        case .anterior: "anterior wall: opens to the soft tissue before the spine, near the great vessels"
        case .leftLateral: "left wall or segmental vein: opens to the soft tissue and vessels beside the spine"
        case .rightLateral: "right wall or segmental vein: opens to the soft tissue and vessels beside the spine"
        case .posterior: "posterior wall or basivertebral vein: opens to the spinal canal"
        }
    }
}
