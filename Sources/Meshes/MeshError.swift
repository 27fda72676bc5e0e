// What can be wrong with a stored file of surfaces.
import Domain

/// Why surfaces cannot be read back.
package enum MeshError: Fault, Hashable {
    /// What does not fit.
    case damaged(String)

    package var code: FaultCode { .internalFault }

    package var detail: String {
        switch self {
        case .damaged(let finding): "The stored file of surfaces is damaged: \(finding)."
        }
    }

    package var fix: String { "Run the job again." }
}
