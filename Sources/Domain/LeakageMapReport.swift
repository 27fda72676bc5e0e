// The leakage map of a vertebra's report: where cement would leave the body, by which way, after how much.

/// Where cement would leave the body first, by quadrant, sector, beam and exit.
package struct LeakageMapSection: Codable, Sendable {
    /// `rehearsal`: from simulated injections. `geometric`: ranked from gaps in the cortex alone; no flow was simulated.
    package var method: String
    package var explanation: String
    /// Why the map is only geometric; absent for a rehearsed one.
    package var fallback: String?
    /// Highest score first.
    package var quadrants: [QuadrantSection]
    package var sectors: [SectorSection]
    package var exits: [ExitSection]
    /// 36 of 10° in the axial plane, the one straight forwards first; empty in a geometric map.
    package var beams: [BeamSection]
    /// What an operator should know of canal and disc.
    package var notes: [String]

    package init(
        method: String, explanation: String, fallback: String?, quadrants: [QuadrantSection],
        sectors: [SectorSection], exits: [ExitSection], beams: [BeamSection], notes: [String]
    ) {
        self.method = method
        self.explanation = explanation
        self.fallback = fallback
        self.quadrants = quadrants
        self.sectors = sectors
        self.exits = exits
        self.beams = beams
        self.notes = notes
    }
}

/// How a place leaked in simulated injections.
package struct SimulatedLeakSection: Codable, Sendable {
    /// Part of the runs that leaked here by the planned volume, 0…1, and its 95 % interval of chance in the number of runs.
    package var probabilityAtPlannedVolume: Double
    package var interval95: [Double]
    /// Volumes at which a part of the runs had leaked here.
    package var firstLeak: FirstLeakSection

    package init(probabilityAtPlannedVolume: Double, interval95: [Double], firstLeak: FirstLeakSection) {
        self.probabilityAtPlannedVolume = probabilityAtPlannedVolume
        self.interval95 = interval95
        self.firstLeak = firstLeak
    }
}

/// Volumes at which 5, 50 and 95 % of the runs had leaked; absent where fewer runs leaked at all.
package struct FirstLeakSection: Codable, Sendable {
    package var in5PercentOfRunsML: Double?
    package var in50PercentOfRunsML: Double?
    package var in95PercentOfRunsML: Double?

    package init(in5PercentOfRunsML: Double?, in50PercentOfRunsML: Double?, in95PercentOfRunsML: Double?) {
        self.in5PercentOfRunsML = in5PercentOfRunsML
        self.in50PercentOfRunsML = in50PercentOfRunsML
        self.in95PercentOfRunsML = in95PercentOfRunsML
    }
}

/// One quadrant: AL, AR, PL or PR (anterior or posterior; the patient's left or right).
package struct QuadrantSection: Codable, Sendable {
    package var quadrant: String
    /// 1 for the highest score; equal scores share a rank.
    package var rank: Int
    package var score: Double
    package var gapCount: Int
    /// Absent in a geometric map.
    package var simulated: SimulatedLeakSection?

    package init(quadrant: String, rank: Int, score: Double, gapCount: Int, simulated: SimulatedLeakSection?) {
        self.quadrant = quadrant
        self.rank = rank
        self.score = score
        self.gapCount = gapCount
        self.simulated = simulated
    }
}

/// One of twelve sectors: a quadrant and a third of the body's height.
package struct SectorSection: Codable, Sendable {
    package var quadrant: String
    package var third: String
    package var score: Double
    /// Absent in a geometric map.
    package var simulated: SimulatedLeakSection?

    package init(quadrant: String, third: String, score: Double, simulated: SimulatedLeakSection?) {
        self.quadrant = quadrant
        self.third = third
        self.score = score
        self.simulated = simulated
    }
}

/// A way out of the body, with the gaps behind it.
package struct ExitSection: Codable, Sendable {
    package var exit: String
    /// 1 for the highest score; equal scores share a rank.
    package var rank: Int
    package var score: Double
    package var gapCount: Int
    package var gapAreaMM2: Double
    /// Types of leakage that leave here: I segmental vein, II cortical defect, III disc, IV canal.
    package var leakageTypes: [String]
    /// Which wall, where on it, and what lies behind.
    package var hazard: String
    /// Absent in a geometric map.
    package var simulated: SimulatedLeakSection?
    /// Absent in a geometric map.
    package var rehearsed: RehearsedExitSection?

    package init(
        exit: String, rank: Int, score: Double, gapCount: Int, gapAreaMM2: Double, leakageTypes: [String],
        hazard: String, simulated: SimulatedLeakSection?, rehearsed: RehearsedExitSection?
    ) {
        self.exit = exit
        self.rank = rank
        self.score = score
        self.gapCount = gapCount
        self.gapAreaMM2 = gapAreaMM2
        self.leakageTypes = leakageTypes
        self.hazard = hazard
        self.simulated = simulated
        self.rehearsed = rehearsed
    }
}

/// What simulated cement did at one exit.
package struct RehearsedExitSection: Codable, Sendable {
    /// Mean over the runs at the planned volume.
    package var meanLeakML: Double
    /// Where one injection, carried on far beyond any plan, leaks here: for ranking only; absent where it never does.
    package var rankingFirstLeakML: Double?
    /// The wall itself, a vein, the foramen: likeliest first.
    package var ways: [ExitWaySection]
    /// The typical way of the cement from the needle's tip out; absent where no run leaked here.
    package var pathLPSMM: [[Double]]?

    package init(
        meanLeakML: Double, rankingFirstLeakML: Double?, ways: [ExitWaySection], pathLPSMM: [[Double]]?
    ) {
        self.meanLeakML = meanLeakML
        self.rankingFirstLeakML = rankingFirstLeakML
        self.ways = ways
        self.pathLPSMM = pathLPSMM
    }
}

/// One way within an exit.
package struct ExitWaySection: Codable, Sendable {
    package var way: String
    package var leakageType: String
    package var simulated: SimulatedLeakSection

    package init(way: String, leakageType: String, simulated: SimulatedLeakSection) {
        self.way = way
        self.leakageType = leakageType
        self.simulated = simulated
    }
}

/// One of 36 axial beams from the body's axis.
package struct BeamSection: Codable, Sendable {
    /// Middle of the beam, clockwise on an axial slice seen from the feet: 0 straight forwards, 90 the patient's left.
    package var degrees: Double
    /// How far cement reaches at the planned volume in half of the runs, and in one of twenty.
    package var reachIn50PercentOfRunsMM: Double
    package var reachIn5PercentOfRunsMM: Double
    /// From the axis to the wall.
    package var wallMM: Double
    package var simulatedLeakProbability: Double
    package var interval95: [Double]

    package init(
        degrees: Double, reachIn50PercentOfRunsMM: Double, reachIn5PercentOfRunsMM: Double, wallMM: Double,
        simulatedLeakProbability: Double, interval95: [Double]
    ) {
        self.degrees = degrees
        self.reachIn50PercentOfRunsMM = reachIn50PercentOfRunsMM
        self.reachIn5PercentOfRunsMM = reachIn5PercentOfRunsMM
        self.wallMM = wallMM
        self.simulatedLeakProbability = simulatedLeakProbability
        self.interval95 = interval95
    }
}
