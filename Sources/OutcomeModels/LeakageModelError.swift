// What is wrong with the numbers given to the evidence model.
import Domain

/// A predictor or setting outside its range.
package enum LeakageModelError: Fault, Equatable {
    case probabilityInvalid(LeakageFinding, Double)
    case volumeInvalid(Double)
    case fractionInvalid(Double)
    case drawsInvalid(Int)

    /// Cement volumes that can be meant, mL (our choice).
    static let plausibleVolumeML = 0.1...15.0
    /// Fewer draws do not give a 95 % interval; more only cost time (our choice).
    static let allowedDraws = 100...100_000

    package var code: FaultCode { .parameterInvalid }

    package var detail: String {
        switch self {
        case .probabilityInvalid(let finding, let value):
            "The probability of \"\(finding.rawValue)\" is \(value); it must be 0 to 1."
        case .volumeInvalid(let value):
            "The cement volume is \(value) mL; it must be \(Self.plausibleVolumeML.lowerBound) to \(Self.plausibleVolumeML.upperBound) mL."
        case .fractionInvalid(let value):
            "The cement on the side of the puncture is \(value) of the body's volume; it must be 0 to 1."
        case .drawsInvalid(let value):
            "\(value) draws were asked for; \(Self.allowedDraws.lowerBound) to \(Self.allowedDraws.upperBound) are possible."
        }
    }

    package var fix: String { "Give a number inside the range, or leave it out." }

    package var subject: String? {
        switch self {
        case .probabilityInvalid: "findings"
        case .volumeInvalid: "cementVolumeML"
        case .fractionInvalid: "punctureSideVolumeFraction"
        case .drawsInvalid: "draws"
        }
    }
}
