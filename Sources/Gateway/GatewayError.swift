// Why the gateway does not start.
import Domain

/// What is wrong with its settings, or with its port.
package enum GatewayError: Fault, Hashable {
    case noTitle
    case titleUnusable(String)
    case addressUnusable(String)
    /// Nothing can be written where objects are received.
    case folderUnusable(String)
    /// DCMTK's words.
    case portUnusable(port: UInt16, reason: String)

    package var code: FaultCode {
        switch self {
        case .noTitle, .titleUnusable, .addressUnusable: .parameterInvalid
        case .folderUnusable, .portUnusable: .internalFault
        }
    }

    package var detail: String {
        switch self {
        case .noTitle: "No AE title may be called, so nobody could send."
        case .titleUnusable(let title): "'\(title)' is no AE title."
        case .addressUnusable(let address): "'\(address)' is no IPv4 address."
        case .folderUnusable(let path): "The folder '\(path)' cannot be made or written."
        case .portUnusable(let port, let reason): "The port \(port) cannot be listened on: \(reason)."
        }
    }

    package var fix: String {
        switch self {
        case .noTitle: "Give at least one: --ae OSTEON=key.txt"
        case .titleUnusable: "Use 1 to 16 characters of ASCII without backslash, and no space at either end."
        case .addressUnusable: "Write it like 192.0.2.7."
        case .folderUnusable: "Choose another with --spool."
        case .portUnusable: "Choose another with --port, or end what listens there."
        }
    }
}
