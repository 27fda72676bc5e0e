// What can go wrong before or while cement is made to flow.
import Domain
import Imaging

/// Why an injection cannot be simulated.
package enum CementFlowError: Fault {
    /// The needle's tip lies where there is no bone to fill.
    case needleOutsideBody(needle: Int, tipMM: PointMM)
    /// The volume is not above 0, or more than the pores of the whole body hold.
    case volumeImplausible(volumeML: Double, poresML: Double)
    /// No cement of this name is known.
    case cementUnknown(name: String)
    /// A cement's or the marrow's viscosity, or the cement's exponent or thickening, is not a number above 0.
    case cementImplausible(name: String)
    /// Neither a flow nor a pressure above 0 drives the cement, or the needles' shares of it are no parts.
    case driveImplausible
    /// Two needles have their tips at the same place, so that they would be one.
    case needlesCoincide(first: Int, second: Int)
    /// Balloons are not one per needle, not above 0 or larger than the body can take.
    case balloonsImplausible(volumesML: [Double], needles: Int, bodyML: Double)
    /// The cement had set before the volume was in: the drive is too weak for it.
    case cementSet(injectedML: Double, seconds: Double)
    /// The marrow has no way out of the body around a needle, so that no pressure exists.
    case sealed(needle: Int)
    /// The pressure equation was not solved within the allowed iterations.
    case pressureUnsolved(iterations: Int, residual: Double)

    package var code: FaultCode {
        switch self {
        case .needleOutsideBody, .volumeImplausible, .cementUnknown, .cementImplausible, .driveImplausible,
            .needlesCoincide,
            .balloonsImplausible, .cementSet:
            .parameterInvalid
        case .sealed, .pressureUnsolved: .internalFault
        }
    }

    package var detail: String {
        switch self {
        case .needleOutsideBody(let needle, let tip):
            "The tip of needle \(needle + 1) at (\(tip.x), \(tip.y), \(tip.z)) mm does not lie inside the vertebral body."
        case .volumeImplausible(let volume, let pores):
            "A cement volume of \(volume) mL cannot be injected into a body whose pores hold \(pores) mL."
        case .cementUnknown(let name): "No cement named '\(name)' is known."
        case .cementImplausible(let name):
            "Cement '\(name)' or the marrow has a viscosity, an exponent or a thickening time that is not a number above 0."
        case .driveImplausible: "The flow or pressure that drives the cement is not a number above 0."
        case .needlesCoincide(let first, let second):
            "The tips of needles \(first + 1) and \(second + 1) lie at the same place."
        case .balloonsImplausible(let volumes, let needles, let body):
            "Balloons of \(volumes) mL do not fit \(needles) needle(s) in a body of \(body) mL."
        case .cementSet(let injected, let seconds):
            "The cement had set after \(seconds) s, with \(injected) mL of it injected."
        case .sealed(let needle):
            "The bone around needle \(needle + 1) has no way out for the marrow that cement displaces."
        case .pressureUnsolved(let iterations, let residual):
            "The pressure was not solved after \(iterations) iterations: relative residual \(residual)."
        }
    }

    package var fix: String {
        switch self {
        case .needleOutsideBody: "Give the needle's tip in LPS millimetres inside the vertebral body."
        case .volumeImplausible: "Give a volume above 0 that the body can take, usually 2 to 7 mL."
        case .cementUnknown: "Use one of \(Cement.named.map(\.name).joined(separator: ", "))."
        case .cementImplausible: "Use one of the named cements, or give numbers above 0."
        case .driveImplausible: "Give a flow in mm³/s or a pressure in Pa above 0."
        case .needlesCoincide: "Give each needle its own place, or give one needle only."
        case .balloonsImplausible:
            "Give one balloon volume above 0 for each needle, together less than half of the body; usual are 2 to 4 mL each."
        case .cementSet: "Give more pressure, a set flow, a thinner cement or less volume."
        case .sealed: "Check the segmentation: the body must be one piece with a shell that leaks a little."
        case .pressureUnsolved: "Coarsen the grid or loosen the tolerance."
        }
    }

    package var subject: String? {
        switch self {
        case .needleOutsideBody, .needlesCoincide: "needle"
        case .balloonsImplausible: "balloonsML"
        case .cementSet: "drive"
        case .volumeImplausible: "volumeML"
        case .cementUnknown, .cementImplausible: "cement"
        case .driveImplausible: "drive"
        case .sealed, .pressureUnsolved: nil
        }
    }
}
