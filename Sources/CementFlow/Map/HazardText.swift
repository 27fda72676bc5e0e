// An opening in plain words: which wall, where on it, and what lies behind.
import Domain

extension BodyFlowModel.Place {
    /// For example "posterior wall, left, upper third: opens to the spinal canal".
    package var hazard: String {
        let words = [exit.wallName, side, third.map { "\($0.name) third" }].compactMap(\.self)
        return "\(words.joined(separator: ", ")): \(exit.beyond)"
    }

    /// Where on its wall: left or right, in front or behind; nil for veins and the foramen, whose name says it.
    private var side: String? {
        guard let quadrant else { return nil }
        switch exit {
        case .superiorEndplate, .inferiorEndplate: return quadrant.name
        case .anterior, .posterior: return quadrant.isLeft ? "left" : "right"
        case .leftLateral, .rightLateral: return quadrant.isAnterior ? "anterior half" : "posterior half"
        case .basivertebralForamen, .leftSegmentalVein, .rightSegmentalVein: return nil
        }
    }
}

extension FlowExit {
    /// The wall or opening, in words.
    package var wallName: String {
        switch self {
        case .superiorEndplate: "superior endplate"
        case .inferiorEndplate: "inferior endplate"
        case .anterior: "anterior wall"
        case .leftLateral: "left wall"
        case .rightLateral: "right wall"
        case .posterior: "posterior wall"
        case .basivertebralForamen: "basivertebral foramen"
        case .leftSegmentalVein: "left segmental vein"
        case .rightSegmentalVein: "right segmental vein"
        }
    }

    /// What lies behind it, in words.
    var beyond: String {
        switch self {
        case .superiorEndplate: "opens to the disc above"
        case .inferiorEndplate: "opens to the disc below"
        case .anterior: "opens to the soft tissue before the spine, near the great vessels"
        case .leftLateral, .rightLateral: "opens to the soft tissue beside the spine"
        case .posterior: "opens to the spinal canal"
        case .basivertebralForamen: "leads along the basivertebral vein into the spinal canal"
        case .leftSegmentalVein, .rightSegmentalVein: "leads along the vein to the vessels beside the spine"
        }
    }
}

extension BodyQuadrant {
    var isLeft: Bool { self == .anteriorLeft || self == .posteriorLeft }
    var isAnterior: Bool { self == .anteriorLeft || self == .anteriorRight }
    fileprivate var name: String { "\(isAnterior ? "anterior" : "posterior") \(isLeft ? "left" : "right")" }
}

extension BodyThird {
    fileprivate var name: String {
        switch self {
        case .upper: "upper"
        case .middle: "middle"
        case .lower: "lower"
        }
    }
}
