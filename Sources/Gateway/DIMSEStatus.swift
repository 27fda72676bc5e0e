// What a sender is told of its object: the status of C-STORE-RSP.
import Delivery

/// Statuses of PS3.4 B.2.3 and PS3.7 C.
enum DIMSEStatus: UInt16, Sendable {
    case success = 0x0000
    case processingFailure = 0x0110
    case notAuthorised = 0x0124
    /// Out of resources: the sender may try again.
    case outOfResources = 0xA700
    case cannotUnderstand = 0xC000

    /// What the refusal of a STOW-RS service comes to.
    init(_ error: DeliveryError) {
        switch error {
        case .unreachable: self = .outOfResources
        case .refused(let status, _, _, _):
            switch status {
            case 413, 429, 503, 507: self = .outOfResources
            case 401, 403: self = .notAuthorised
            case 400, 409: self = .cannotUnderstand
            default: self = .processingFailure
            }
        default: self = .processingFailure
        }
    }

    /// Whether the same object may be taken a moment later.
    static func mayPass(_ error: DeliveryError) -> Bool {
        switch error {
        case .unreachable: true
        case .refused(let status, _, _, _): status == 429 || status == 503
        default: false
        }
    }
}
