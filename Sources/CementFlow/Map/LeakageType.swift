// The four types of cement leakage, by the way that cement takes.

/// Types of leakage after Yeom 2003 (10.1302/0301-620x.85b1.13026), the disc added later (docs/evidence.md); the raw value is the
/// type's Roman number, as in the evidence model.
package enum LeakageType: String, Sendable, Codable, CaseIterable {
    case segmentalVein = "I"
    case corticalDefect = "II"
    case disc = "III"
    case canal = "IV"
}

extension FlowExit {
    package var leakageType: LeakageType {
        switch self {
        case .superiorEndplate, .inferiorEndplate: .disc
        case .anterior, .leftLateral, .rightLateral: .corticalDefect
        case .posterior, .basivertebralForamen: .canal
        case .leftSegmentalVein, .rightSegmentalVein: .segmentalVein
        }
    }

    /// True for openings that every body has: veins and the basivertebral foramen.
    package var isNatural: Bool {
        switch self {
        case .basivertebralForamen, .leftSegmentalVein, .rightSegmentalVein: true
        default: false
        }
    }
}
