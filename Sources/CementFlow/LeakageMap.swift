// Where cement would leave a vertebral body: by quadrant, sector and exit.
import Domain
import Morphometry

/// The leakage map of one body: scores between 0 (sealed) and 1 that rank places, not probabilities.
///
/// Quadrants and sectors by the project's convention (docs/leakage-map.md): the frame's x runs right to left, y posterior to
/// anterior, z caudal to cranial; quadrants AL, AR, PL, PR, each with an upper, a middle and a lower third. A rehearsed map also
/// holds the simulated probability of each place as a function of volume.
package struct LeakageMap: Sendable {
    /// How the scores came about: `geometric` or `rehearsal`.
    package var method: String
    /// The rule in words, for the report.
    package var explanation: String
    /// Why no rehearsal stands behind the map; nil for a rehearsed one.
    package var fallback: String?
    /// All four, highest score first.
    package var quadrants: [QuadrantScore]
    /// All twelve, highest score first.
    package var sectors: [SectorScore]
    /// All six, highest score first.
    package var exits: [ExitScore]
    /// 36 beams of 10°, the one at 12 o'clock first; none in a geometric map.
    package var beams: [AxialBeam] = []
    /// Types I to IV by the rehearsal; none in a geometric map.
    package var types: [RehearsedType] = []
    /// A leak anywhere, by volume; nil in a geometric map.
    package var any: LeakageCurve?
    /// What an operator should know of the needle's path and the canal.
    package var notes: [String]

    /// One quadrant.
    package struct QuadrantScore: Sendable {
        package var quadrant: BodyQuadrant
        package var score: Double
        /// This quadrant's part of the four scores' sum, 0…1.
        package var share: Double
        /// Claimed gaps whose centre lies in it.
        package var gaps: [CorticalGap]
        /// Simulated probability that cement leaves through its walls; nil in a geometric map.
        package var curve: LeakageCurve?
        /// First leak in the extended run (`ExtendedRun`), mL; nil where it never leaked, and in a geometric map.
        package var extendedFirstLeakML: Double?
    }

    /// One sector.
    package struct SectorScore: Sendable {
        package var quadrant: BodyQuadrant
        package var third: BodyThird
        package var score: Double
        package var gaps: [CorticalGap]
        /// As of a quadrant.
        package var curve: LeakageCurve?
        package var extendedFirstLeakML: Double?
    }

    /// One way out of the body.
    package struct ExitScore: Sendable {
        package var exit: Exit
        package var score: Double
        package var gaps: [CorticalGap]
        /// What the rehearsal found; nil in a geometric map.
        package var rehearsed: RehearsedExit?
    }

    /// The ways out. Leakage types I (segmental vein), II (cortical defect), III (disc) and IV (canal) follow the project's papers.
    package enum Exit: String, Sendable, Codable, CaseIterable {
        /// Through the superior endplate into the disc (type III).
        case superiorEndplate
        /// Through the inferior endplate into the disc (type III).
        case inferiorEndplate
        /// Through the anterior wall (type II).
        case anterior
        /// Through the left wall or its segmental vein (types I and II).
        case leftLateral
        /// Through the right wall or its segmental vein (types I and II).
        case rightLateral
        /// Through the posterior wall or the basivertebral foramen into the canal (type IV).
        case posterior

        init(_ wall: BodyWall) { self = FlowExit(wall).mapExit }
    }
}
