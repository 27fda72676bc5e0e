// Why results did not reach the PACS, or a notice its webhook.
import Domain

/// What kept something from reaching another program.
package enum DeliveryError: Fault, Hashable {
    /// The URL of the PACS is none that can be sent to.
    case addressUnusable
    case authorizationUnusable
    /// There was no answer; why, in words.
    case unreachable(String)
    /// The secret of the webhooks is none.
    case secretUnusable
    case unsigned
    /// The receiver of a notice answered, and not that it took it.
    case notTaken(status: Int)
    /// The PACS answered, and does not keep everything.
    case refused(status: Int, kept: Int, of: Int, reason: Int?)

    package var code: FaultCode {
        switch self {
        case .addressUnusable, .authorizationUnusable, .secretUnusable: .parameterInvalid
        case .unsigned: .internalFault
        case .unreachable, .notTaken, .refused: .deliveryFailed
        }
    }

    package var detail: String {
        switch self {
        case .addressUnusable: "The URL is not http://host[:port][/path] without user, query and fragment."
        case .authorizationUnusable: "The value of the field Authorization is not one line of ASCII."
        case .secretUnusable: "The secret of the webhooks is not whsec_ and 24 to 64 bytes in base64."
        case .unsigned: "libcrypto could not sign the notice."
        case .unreachable(let why): "It was not reached: \(why)."
        case .notTaken(let status): "The receiver answered \(status), not 2xx."
        case .refused(let status, let kept, let count, let reason):
            "The PACS answered \(status) and keeps \(kept) of \(count) objects"
                + (reason.map { ", reason \(String($0, radix: 16, uppercase: true))H" } ?? "") + "."
        }
    }

    package var fix: String {
        switch self {
        case .addressUnusable: "Give such a URL; for https, send through a proxy on this machine."
        case .authorizationUnusable: "Write one line such as: Basic dXNlcjpwYXNzd29yZA=="
        case .secretUnusable: "Write one with: echo whsec_$(openssl rand -base64 32)"
        case .unsigned: "Look at the memory of the machine; it is tried again."
        case .unreachable: "Check that it runs and can be reached from here; it is tried again."
        case .notTaken: "Look into the log of the receiver; it is tried again."
        case .refused: "Look into the log of the PACS; it is tried again."
        }
    }
}
