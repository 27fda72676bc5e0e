// What was seen after a vertebra was treated, as a hospital tells it.
import Foundation

/// The outcome of one vertebra's cement augmentation. It names no patient: whoever holds the job's id knows which treatment it was.
package struct Outcome: Codable, Hashable, Sendable {
    package var level: VertebralLevel
    /// Whether cement was seen anywhere outside the body.
    package var leaked: Bool
    /// Each place where it was seen; empty without a leak, and where only that it leaked is known.
    package var leaks: [CementLeak]
    /// All cement injected into this vertebra, mL.
    package var injectedVolumeML: Double
    package var procedure: Procedure
    package var approach: Approach?
    /// The product's name.
    package var cement: String?
    /// How leakage was looked for: CT finds far more than radiographs, so that rates of the two are not comparable.
    package var ascertainment: Ascertainment
    package var clinicalConsequence: Consequence?
    /// When leakage was looked for, as told.
    package var observedAt: Date
    /// A code for who told it, which only the hospital can read.
    package var reportedBy: String?
    package var note: String?

    package enum Procedure: String, Codable, CaseIterable, Sendable {
        case vertebroplasty = "PVP"
        case kyphoplasty = "PKP"
    }

    package enum Approach: String, Codable, CaseIterable, Sendable { case left, right, bilateral }

    package enum Ascertainment: String, Codable, CaseIterable, Sendable {
        case ct = "CT"
        case radiograph, mixed
    }

    /// What the leak did to the patient; the gravest where there were several.
    package enum Consequence: String, Codable, CaseIterable, Sendable {
        case none, pain, neurologicalDeficit, pulmonaryEmbolism, revisionSurgery, other
    }

    package init(
        level: VertebralLevel, leaked: Bool, leaks: [CementLeak] = [], injectedVolumeML: Double, procedure: Procedure,
        approach: Approach? = nil, cement: String? = nil, ascertainment: Ascertainment,
        clinicalConsequence: Consequence? = nil, observedAt: Date, reportedBy: String? = nil, note: String? = nil
    ) {
        self.level = level
        self.leaked = leaked
        self.leaks = leaks
        self.injectedVolumeML = injectedVolumeML
        self.procedure = procedure
        self.approach = approach
        self.cement = cement
        self.ascertainment = ascertainment
        self.clinicalConsequence = clinicalConsequence
        self.observedAt = observedAt
        self.reportedBy = reportedBy
        self.note = note
    }
}

/// Cement seen outside the body at one place.
package struct CementLeak: Codable, Hashable, Sendable {
    package var type: Kind
    package var exit: Exit?
    package var quadrant: BodyQuadrant?
    /// Cement outside at this place, mL.
    package var volumeML: Double?

    /// The types of docs/evidence.md: I along a segmental vein, II through a defect of the lateral or anterior wall, III into the disc,
    /// IV into the canal.
    package enum Kind: String, Codable, CaseIterable, Sendable {
        case segmentalVein = "I"
        case corticalDefect = "II"
        case disc = "III"
        case canal = "IV"
        case other

        /// The exits that this type can take; `other` can take any.
        package var exits: [Exit] {
            switch self {
            case .segmentalVein, .corticalDefect: [.anterior, .leftLateral, .rightLateral]
            case .disc: [.superiorEndplate, .inferiorEndplate]
            case .canal: [.posterior]
            case .other: Exit.allCases
            }
        }
    }

    /// The ways out of the body, as leakage maps name them.
    package enum Exit: String, Codable, CaseIterable, Sendable {
        case superiorEndplate, inferiorEndplate, anterior, leftLateral, rightLateral, posterior

        /// The quadrants that this exit can lie in.
        package var quadrants: [BodyQuadrant] {
            switch self {
            case .superiorEndplate, .inferiorEndplate: BodyQuadrant.allCases
            case .anterior: [.anteriorLeft, .anteriorRight]
            case .posterior: [.posteriorLeft, .posteriorRight]
            case .leftLateral: [.anteriorLeft, .posteriorLeft]
            case .rightLateral: [.anteriorRight, .posteriorRight]
            }
        }
    }

    package init(type: Kind, exit: Exit? = nil, quadrant: BodyQuadrant? = nil, volumeML: Double? = nil) {
        self.type = type
        self.exit = exit
        self.quadrant = quadrant
        self.volumeML = volumeML
    }
}
