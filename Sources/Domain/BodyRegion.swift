// The places of a vertebral body that planted truth, measurements and maps all name.

/// A side of the vertebral body.
package enum BodyWall: String, Codable, CaseIterable, Sendable {
    case anterior, posterior, left, right, superiorEndplate, inferiorEndplate

    package var isEndplate: Bool { self == .superiorEndplate || self == .inferiorEndplate }
}

/// A quarter of the body seen along its axis, cut at its centre: anterior or posterior, the patient's left or right.
package enum BodyQuadrant: String, Codable, CaseIterable, Sendable {
    case anteriorLeft = "AL"
    case anteriorRight = "AR"
    case posteriorLeft = "PL"
    case posteriorRight = "PR"

    /// The quadrant of a point of the vertebra's frame (x right to left, y posterior to anterior, from the body's centre).
    package init(localMM: SIMD3<Double>) {
        switch (localMM.y >= 0, localMM.x >= 0) {
        case (true, true): self = .anteriorLeft
        case (true, false): self = .anteriorRight
        case (false, true): self = .posteriorLeft
        case (false, false): self = .posteriorRight
        }
    }
}

/// A third of the body's height.
package enum BodyThird: String, Codable, CaseIterable, Sendable {
    case upper, middle = "mid", lower
}
