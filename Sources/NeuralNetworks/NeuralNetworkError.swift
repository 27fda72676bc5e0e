// Why a network cannot be loaded or run.
import Domain

/// What is wrong with weights, with a model's entry in `models.lock`, or with what a network is given.
package enum NeuralNetworkError: Fault, Equatable {
    /// The file cannot be opened.
    case weightsUnreadable(file: String, reason: String)
    /// The file is not the safetensors that its header claims.
    case weightsDamaged(SafetensorsFlaw)
    case tensorMissing(name: String)
    case tensorMisshapen(name: String, expected: [Int], found: [Int])
    /// The tensor holds numbers of a type that is not read as Float.
    case tensorTypeUnsuitable(name: String, type: String)
    case modelUnknown(name: String, known: [String])
    case lockDamaged(reason: String)
    /// The model's file is not the one that `models.lock` names.
    case modelChanged(name: String, expectedSHA256: String, foundSHA256: String)
    /// A layer or network was given a tensor of a shape that it cannot take.
    case inputUnsuitable(layer: String, shape: [Int], needed: String)
    case kernelsUnavailable(name: String, available: [String])

    package var code: FaultCode {
        switch self {
        case .inputUnsuitable: .parameterInvalid
        case .modelUnknown: .modelUnknown
        case .kernelsUnavailable: .internalFault
        default: .modelUnusable
        }
    }

    package var detail: String {
        switch self {
        case .weightsUnreadable(let file, let reason): "The weights \(file) cannot be read: \(reason)."
        case .weightsDamaged(let flaw): "The weights are not valid safetensors: \(flaw.text)."
        case .tensorMissing(let name): "The weights hold no tensor called \(name)."
        case .tensorMisshapen(let name, let expected, let found):
            "The tensor \(name) has the shape \(found); the network needs \(expected)."
        case .tensorTypeUnsuitable(let name, let type): "The tensor \(name) holds \(type); F32, F16 or BF16 is needed."
        case .modelUnknown(let name, let known):
            "models.lock lists no model \(name); it lists \(known.isEmpty ? "none" : known.joined(separator: ", "))."
        case .lockDamaged(let reason): "models.lock cannot be read: \(reason)."
        case .modelChanged(let name, let expected, let found):
            "The file of model \(name) has SHA-256 \(found); models.lock says \(expected)."
        case .inputUnsuitable(let layer, let shape, let needed):
            "\(layer) was given a tensor of shape \(shape); it needs \(needed)."
        case .kernelsUnavailable(let name, let available):
            "There are no kernels called \(name) for this processor, which runs \(available.joined(separator: ", "))."
        }
    }

    package var fix: String {
        switch self {
        case .weightsUnreadable: "Check that the file is there and readable."
        case .weightsDamaged: "Save the weights again with the safetensors library."
        case .tensorMissing, .tensorMisshapen: "Use the weights of this architecture and configuration."
        case .tensorTypeUnsuitable: "Save the weights as float32, float16 or bfloat16."
        case .modelUnknown: "Name a model of models.lock, or add the model to it."
        case .lockDamaged: "Correct it (docs/deep-features.md), or restore it from the release."
        case .modelChanged: "Restore the model's file, or update models.lock if the change is meant."
        case .inputUnsuitable: "Resample or pad the image to a size that the network takes."
        case .kernelsUnavailable: "Unset OSTEON_KERNELS, or set it to a set that this processor runs."
        }
    }

    package var subject: String? {
        switch self {
        case .tensorMissing(let name), .tensorMisshapen(let name, _, _), .tensorTypeUnsuitable(let name, _): name
        case .kernelsUnavailable: "OSTEON_KERNELS"
        default: nil
        }
    }
}
