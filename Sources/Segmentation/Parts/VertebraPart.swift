// The parts of a vertebra and of what lies around it: the one table of their values, names, colours and definitions.
import Domain

/// A part in `parts.nii.gz`. The raw value is its code; in the map it follows the level's (`labelValue(of:)`).
package enum VertebraPart: UInt16, CaseIterable, Sendable {
    case body = 1
    case leftPedicle, rightPedicle, posteriorElements
    case superiorEndplate, inferiorEndplate, posteriorWall, basivertebralRegion
    case canal, epiduralVeins, leftVeins, rightVeins, anteriorVeins
    case discAbove, discBelow

    /// 100 times the level's value plus the part's code: 2001 is the body of L1 (20), 10101 that of `unknown-1` (101).
    package func labelValue(of level: VertebralLevel) -> UInt16 { level.labelValue * 100 + rawValue }

    package var name: String { row.name }
    /// What the part is made of, in words; every length is our choice.
    package var definition: String { row.definition }
    /// Red, green, blue.
    package var colour: SIMD3<UInt8> { row.colour }

    /// The layers' thickness: about a cortex and the blur around it at 1 mm.
    static let layerMM = 2.0
    /// Layers, discs and the basivertebral region need voxels of at most this size along them.
    static let coarsestMM = 3.0
    /// How far the zones of veins reach out from the body.
    static let veinsMM = 5.0
    /// How far the anterior epidural veins reach into the canal.
    static let epiduralMM = 3.0
    /// How far beside the canal a pedicle may reach.
    static let pedicleMM = 16.0
    /// The thickest disc.
    static let discMM = 20.0

    private var row: (name: String, colour: SIMD3<UInt8>, definition: String) {
        switch self {
        case .body: ("body", [241, 214, 145], "what is left of the vertebral body")
        case .leftPedicle: ("left pedicle", [111, 184, 210], Self.pedicle)
        case .rightPedicle: ("right pedicle", [66, 128, 160], Self.pedicle)
        case .posteriorElements: ("posterior elements", [177, 122, 101], "what is left of the arch")
        case .superiorEndplate:
            ("superior endplate", [230, 80, 60], "upper half of the body, to 2 mm below where it ends upwards")
        case .inferiorEndplate:
            ("inferior endplate", [200, 50, 110], "lower half of the body, to 2 mm above where it ends downwards")
        case .posteriorWall:
            ("posterior wall", [250, 160, 40], "2 mm of the body in front of the canal's width, endplates left out")
        case .basivertebralRegion:
            (
                "basivertebral region", [130, 60, 170],
                "middle third of the body's width and height, its posterior half, about the foramen where one is seen; where the vein runs, not the vein"
            )
        case .canal:
            (
                "canal", [90, 200, 120],
                "the opening between body and arch that is free along the whole vertebra, beside the body's height"
            )
        case .epiduralVeins:
            (
                "anterior epidural veins", [40, 110, 220],
                "the foremost 3 mm of the canal; a zone, not veins that were seen"
            )
        case .leftVeins: ("left segmental veins", [60, 60, 200], Self.veins)
        case .rightVeins: ("right segmental veins", [100, 90, 230], Self.veins)
        case .anteriorVeins: ("anterior external veins", [30, 150, 230], Self.veins)
        case .discAbove: ("disc above", [150, 210, 60], Self.disc)
        case .discBelow: ("disc below", [110, 180, 50], Self.disc)
        }
    }

    private static let pedicle =
        "arch beside the canal's front half, from the lower quarter of the body upwards, to 16 mm beside the canal"
    private static let veins =
        "5 mm around the body's waist (the middle half of its height), bone and canal left out; a zone, not veins that were seen"
    private static let disc =
        "what lies between two bodies along the line of their centres, at most 20 mm; the lower body's 'above' only where the upper is no target"
}
