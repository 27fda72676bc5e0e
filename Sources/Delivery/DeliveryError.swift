// Why results did not reach the PACS.
import Domain

/// What kept results from reaching the PACS.
package enum DeliveryError: Fault, Hashable {
    /// The URL of the PACS is none that can be sent to.
    case addressUnusable
    case authorizationUnusable
    /// There was no answer; why, in words.
    case unreachable(String)
    /// The PACS answered, and does not keep everything.
    case refused(status: Int, kept: Int, of: Int, reason: Int?)

    package var code: FaultCode {
        switch self {
        case .addressUnusable, .authorizationUnusable: .parameterInvalid
        case .unreachable, .refused: .deliveryFailed
        }
    }

    package var detail: String {
        switch self {
        case .addressUnusable: "The URL of the PACS is not http://host[:port][/path] without user, query and fragment."
        case .authorizationUnusable: "The value of the field Authorization is not one line of ASCII."
        case .unreachable(let why): "The PACS was not reached: \(why)."
        case .refused(let status, let kept, let count, let reason):
            "The PACS answered \(status) and keeps \(kept) of \(count) objects"
                + (reason.map { ", reason \(String($0, radix: 16, uppercase: true))H" } ?? "") + "."
        }
    }

    package var fix: String {
        switch self {
        case .addressUnusable: "Give the root of its DICOMweb service; for https, send through a proxy on this machine."
        case .authorizationUnusable: "Write one line such as: Basic dXNlcjpwYXNzd29yZA=="
        case .unreachable: "Check that the PACS runs and can be reached from here; it is tried again."
        case .refused: "Look into the log of the PACS; it is tried again."
        }
    }
}
