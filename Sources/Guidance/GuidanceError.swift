// What can be wrong with a reading of a running injection.
import Domain

/// Why a reading cannot be answered.
package enum GuidanceError: Fault {
    case needleCount(Int)
    /// A number of the named field is not finite.
    case notFinite(String)
    /// The tip lies this far outside the vertebral body.
    case needleOutside(needle: Int, level: VertebralLevel, distanceMM: Double)
    case shares([Double])
    case volume(Double, level: VertebralLevel, bodyML: Double)
    case threshold(String, Double, String)

    package var code: FaultCode { .parameterInvalid }

    package var detail: String {
        switch self {
        case .needleCount(let count): "The reading has \(count) needles."
        case .notFinite(let field): "\(field) holds a number that is not finite."
        case .needleOutside(let needle, let level, let distance) where distance < .infinity:
            "The tip of needle \(needle + 1) lies \(tenths(distance)) mm outside the body of \(level.rawValue)."
        case .needleOutside(let needle, let level, _):
            "The tip of needle \(needle + 1) lies outside the body of \(level.rawValue)."
        case .shares(let shares):
            "The shares of the needles are \(shares.map { "\($0)" }.joined(separator: ", "))."
        case .volume(let volume, let level, let body):
            "The volume so far is \(volume) mL; the body of \(level.rawValue) has \(tenths(body)) mL."
        case .threshold(let name, let value, _): "thresholds.\(name) is \(value)."
        }
    }

    package var fix: String {
        switch self {
        case .needleCount: "Give one or two."
        case .notFinite: "Give finite millimetres."
        case .needleOutside: "Give the tip in the scan's LPS millimetres, inside the body; check the registration."
        case .shares: "Give each needle a part of the cement above 0; together they are 1."
        case .volume: "Give the millilitres injected so far, 0 or more."
        case .threshold(let name, _, let range): "Give \(name) a value \(range)."
        }
    }

    package var subject: String? {
        switch self {
        case .needleCount, .shares: "needles"
        case .notFinite(let field): field
        case .needleOutside(let needle, _, _): "needles[\(needle)].tipLPSMM"
        case .volume: "volumeSoFarML"
        case .threshold(let name, _, _): "thresholds.\(name)"
        }
    }
}

private func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
