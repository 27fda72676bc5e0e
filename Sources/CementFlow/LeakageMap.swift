// Where cement would leave a vertebral body: by quadrant, sector and exit.
import Domain
import Morphometry

/// The leakage map of one body: scores between 0 (sealed) and 1, not probabilities.
///
/// Quadrants and sectors by the project's convention (docs/evidence.md): the frame's x runs right to left, y posterior to
/// anterior, z caudal to cranial; quadrants AL, AR, PL, PR, each with an upper, a middle and a lower third.
package struct LeakageMap: Sendable {
    /// How the scores came about: `geometric`.
    package var method: String
    /// The rule in words, for the report.
    package var explanation: String
    /// All four, highest score first.
    package var quadrants: [QuadrantScore]
    /// All twelve, highest score first.
    package var sectors: [SectorScore]
    /// All six, highest score first.
    package var exits: [ExitScore]
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
    }

    /// One sector.
    package struct SectorScore: Sendable {
        package var quadrant: BodyQuadrant
        package var third: BodyThird
        package var score: Double
        package var gaps: [CorticalGap]
    }

    /// One way out of the body.
    package struct ExitScore: Sendable {
        package var exit: Exit
        package var score: Double
        package var gaps: [CorticalGap]
    }

    /// The ways out. Leakage types I (segmental vein), II (cortical defect), III (disc) and IV (canal) follow the project's papers.
    package enum Exit: String, Sendable, CaseIterable {
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
