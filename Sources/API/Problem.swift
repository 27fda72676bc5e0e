// An error as clients see it: RFC 9457 problem details with a stable code and a fix.
import Domain
import HTTP
import Store

/// The body of every error answer (RFC 9457), media type `application/problem+json`.
package struct Problem: Codable, Hashable, Sendable {
    package static let mediaType = "application/problem+json"

    /// `urn:osteon:problem:` and the code.
    package var type: String
    package var title: String
    package var status: Int
    package var code: FaultCode
    package var detail: String
    package var fix: String
    package var subject: String?
    /// The request that failed, `urn:osteon:request:` and its `X-Request-Id`.
    package var instance: String
    package var retryable: Bool
    /// Why the job failed, where that is why there is no result.
    package var jobFault: FaultRecord?

    /// - Parameter status: overrides the table's status, for protocol errors that share a code.
    package init(_ fault: any Fault, requestID: String, status: Int? = nil) {
        let row = ErrorTable[fault.code]
        type = "urn:osteon:problem:" + fault.code.rawValue
        title = row.title
        self.status = status ?? row.status
        code = fault.code
        detail = fault.detail
        fix = fault.fix
        subject = fault.subject
        instance = "urn:osteon:request:" + requestID
        retryable = row.retryable
        if case APIFault.resultMissing(_, let cause?) = fault { jobFault = cause }
    }

    /// The answer that carries the problem, with the fields that its fault calls for (`Allow`, `Retry-After`).
    /// - Parameter query: what the client wrote and shall not be told again.
    package static func response(
        to fault: any Fault, requestID: String, status: Int? = nil, hiding query: [(name: String, value: String)] = []
    ) -> HTTPResponse {
        var problem = Problem(fault, requestID: requestID, status: status)
        problem.hide(query)
        var response = HTTPResponse(
            status: problem.status, contentType: mediaType, bytes: JSON.bytes(of: problem, orElse: fallback))
        if case APIFault.scopeMissing(let scope) = fault {
            // RFC 6750 §3.1.
            response.headers["WWW-Authenticate"] =
                #"Bearer realm="osteon", error="insufficient_scope", scope="\#(scope.rawValue)""#
        }
        if case APIFault.methodNotAllowed(_, let allowed) = fault {
            response.headers["Allow"] = allowed.joined(separator: ", ")
        }
        if case StoreError.workitemConflict(let conflict) = fault {
            response.headers["Warning"] = Warning.text(conflict.warning)
        }
        switch fault.code {
        case .notAuthenticated:
            // Both, for PACS send Basic and scripts Bearer (RFC 9110 §11.6.1).
            response.headers.append("WWW-Authenticate", #"Basic realm="osteon", charset="UTF-8""#)
            response.headers.append("WWW-Authenticate", #"Bearer realm="osteon""#)
        case .tooManyRequests: response.headers["Retry-After"] = String(RetryAfter.limitSeconds)
        case .queueFull, .serviceBusy, .storageReadOnly:
            response.headers["Retry-After"] = String(RetryAfter.queueFullSeconds)
        case .resultNotReady: response.headers["Retry-After"] = String(RetryAfter.pollSeconds)
        default: break
        }
        return response
    }

    /// Sent when a problem cannot be encoded; texts are always encodable, so this is never seen.
    private static let fallback = Array(#"{"status":500,"title":"Internal fault","type":"about:blank"}"#.utf8)
}

/// How long clients are asked to wait, whole seconds (our choice).
enum RetryAfter {
    static let limitSeconds = 1
    static let pollSeconds = 2
    static let queueFullSeconds = 30
}
