// A leakage map as the report words it.
import CementFlow
import Domain
import Imaging
import Morphometry

extension LeakageMapSection {
    /// - Parameter plannedML: where a rehearsed map's probabilities are read; without meaning for a geometric one.
    init(_ map: LeakageMap, plannedML: Double) {
        self.init(
            method: map.method, explanation: map.explanation, fallback: map.fallback,
            quadrants: map.quadrants.map { entry in
                QuadrantSection(
                    quadrant: entry.quadrant.rawValue, rank: 1 + map.quadrants.count { $0.score > entry.score },
                    score: entry.score.shown, gapCount: entry.gaps.count,
                    simulated: entry.curve.map { SimulatedLeakSection($0, plannedML: plannedML) })
            },
            sectors: map.sectors.map { entry in
                SectorSection(
                    quadrant: entry.quadrant.rawValue, third: entry.third.rawValue, score: entry.score.shown,
                    simulated: entry.curve.map { SimulatedLeakSection($0, plannedML: plannedML) })
            },
            exits: map.exits.map { entry in
                ExitSection(
                    exit: entry.exit.rawValue, rank: 1 + map.exits.count { $0.score > entry.score },
                    score: entry.score.shown, gapCount: entry.gaps.count,
                    gapAreaMM2: entry.gaps.reduce(0) { $0 + $1.areaMM2 }.shown,
                    leakageTypes: entry.exit.leakageTypes, hazard: entry.rehearsed?.hazard ?? entry.exit.hazard,
                    rehearsed: entry.rehearsed.map { RehearsedExitSection($0, plannedML: plannedML) })
            },
            beams: map.beams.map(BeamSection.init), notes: map.notes)
    }
}

extension RehearsedExitSection {
    init(_ exit: RehearsedExit, plannedML: Double) {
        self.init(
            simulated: SimulatedLeakSection(exit.curve, plannedML: plannedML), meanLeakML: exit.meanLeakML.shown,
            rankingFirstLeakML: exit.extendedFirstLeakML?.shown,
            ways: exit.ways.map {
                ExitWaySection(
                    way: $0.exit.wallName, leakageType: $0.type.rawValue,
                    simulated: SimulatedLeakSection($0.curve, plannedML: plannedML))
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

extension SimulatedLeakSection {
    /// - Parameter plannedML: where the curve is read.
    init(_ curve: LeakageCurve, plannedML: Double) {
        self.init(
            probabilityAtPlannedVolume: curve.value(of: curve.probability, atML: plannedML).shown,
            interval95: [curve.lower95, curve.upper95].map { curve.value(of: $0, atML: plannedML).shown },
            firstLeak: FirstLeakSection(
                in5PercentOfRunsML: curve.firstLeakML[0]?.shown, in50PercentOfRunsML: curve.firstLeakML[1]?.shown,
                in95PercentOfRunsML: curve.firstLeakML[2]?.shown))
    }
}

extension LeakageCurve {
    /// Linearly between the curve's volumes; the first and the last value beyond them.
    fileprivate func value(of values: [Double], atML volume: Double) -> Double {
        guard let after = volumesML.firstIndex(where: { $0 >= volume }) else { return values.last ?? 0 }
        guard after > 0 else { return values[0] }
        let part = (volume - volumesML[after - 1]) / (volumesML[after] - volumesML[after - 1])
        return values[after - 1] + part * (values[after] - values[after - 1])
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
