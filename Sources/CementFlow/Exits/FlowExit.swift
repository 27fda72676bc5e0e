// The ways out of a vertebral body that a flow can take.
import Domain

/// One way out.
package enum FlowExit: String, Sendable, CaseIterable, Codable {
    case superiorEndplate, inferiorEndplate, anterior, leftLateral, rightLateral, posterior
    /// Through the basivertebral foramen into the canal.
    case basivertebralForamen
    /// Along a segmental vein at the waist of the side wall.
    case leftSegmentalVein, rightSegmentalVein

    /// Through the wall itself.
    init(_ wall: BodyWall) {
        switch wall {
        case .superiorEndplate: self = .superiorEndplate
        case .inferiorEndplate: self = .inferiorEndplate
        case .anterior: self = .anterior
        case .left: self = .leftLateral
        case .right: self = .rightLateral
        case .posterior: self = .posterior
        }
    }

    /// The exit of the leakage map that this way belongs to.
    package var mapExit: LeakageMap.Exit {
        switch self {
        case .superiorEndplate: .superiorEndplate
        case .inferiorEndplate: .inferiorEndplate
        case .anterior: .anterior
        case .leftLateral, .leftSegmentalVein: .leftLateral
        case .rightLateral, .rightSegmentalVein: .rightLateral
        case .posterior, .basivertebralForamen: .posterior
        }
    }

    /// Position among the exits of a body's flow domain.
    var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
