// What can be wrong with a request before anything is computed.
import Domain
import HTTP

/// The faults that the API finds itself; those of the store and of the intake pass through as they are.
package enum APIFault: Fault {
    case emptyBody(part: String?)
    /// A multipart body without a single part.
    case emptyMultipart
    case bodyTooLarge(limitBytes: Int)
    case bodyIncomplete(receivedBytes: Int)
    case bodyTooSlow(seconds: Double)
    case chunksMalformed
    case unsupportedMediaType(given: String, expected: String)
    case notAcceptable(offered: [String])
    case routeNotFound
    case methodNotAllowed(method: String, allowed: [String])
    /// A field of the request: where, what is wrong with it, what to send.
    case malformed(subject: String?, detail: String, fix: String)
    case analysisUnknown(name: String, known: [String])
    /// The query has targets, but names no analysis.
    case analysisMissing(subject: String, known: [String])
    /// The request has a label, but no label map that it is a value of.
    case maskMissing(subject: String)
    case levelUnknown(name: String, subject: String)
    case targetMissing(subject: String)
    case targetDuplicated(level: VertebralLevel, subject: String)
    case seriesUnknown(name: String, known: [String])
    case resultNotReady(name: String, state: JobState)
    /// The job ended without this result; the fault says why it failed, if it did.
    case resultMissing(name: String, FaultRecord?)
    /// An audit's table has too many rows or bytes; reading stopped where that showed.
    case tableTooLarge(rows: Int, bytes: Int)
    /// A query found fewer values than an audit needs.
    case tooFewResults(found: Int, missing: [String])
    case auditsBusy
    /// As many clients follow rehearsals as may.
    case followersBusy(limit: Int)
    /// What is told of a treated vertebra cannot be so.
    case outcomeInvalid(subject: String?, detail: String, fix: String)
    case notAuthenticated(CredentialsRefusal)
    case scopeMissing(AccessScope)
    /// A browser sends it for the page of another site.
    case originRefused(String)
    /// There is no key, and the request names the service otherwise than by this machine.
    case hostRefused(String)
    case tooManyRequests(RequestLimit)
    /// Workitems name patients, and the service keeps no names.
    case workitemsRefused
    case internalFault

    package var code: FaultCode {
        switch self {
        case .emptyBody, .emptyMultipart: .emptyBody
        case .bodyTooLarge: .bodyTooLarge
        case .bodyIncomplete: .bodyIncomplete
        case .bodyTooSlow: .requestTimeout
        case .chunksMalformed: .protocolViolated
        case .unsupportedMediaType: .unsupportedMediaType
        case .notAcceptable: .notAcceptable
        case .routeNotFound: .routeNotFound
        case .methodNotAllowed: .methodNotAllowed
        case .malformed: .requestMalformed
        case .analysisUnknown, .analysisMissing: .analysisUnknown
        case .maskMissing: .maskLabelAbsent
        case .levelUnknown: .levelUnknown
        case .targetMissing: .targetMissing
        case .targetDuplicated: .targetDuplicated
        case .seriesUnknown: .seriesUnknown
        case .resultNotReady: .resultNotReady
        case .resultMissing: .resultNotFound
        case .tableTooLarge: .bodyTooLarge
        case .tooFewResults: .auditDataUnusable
        case .auditsBusy, .followersBusy: .serviceBusy
        case .outcomeInvalid: .outcomeInvalid
        case .notAuthenticated: .notAuthenticated
        case .scopeMissing: .scopeMissing
        case .originRefused, .hostRefused: .originRefused
        case .tooManyRequests: .tooManyRequests
        case .workitemsRefused: .patientNamesRefused
        case .internalFault: .internalFault
        }
    }

    package var detail: String {
        switch self {
        case .emptyBody(let part): "The \(part.map { "part \($0.quoted)" } ?? "body") is empty: 0 bytes came."
        case .emptyMultipart: "The multipart body has no part: no DICOM object came."
        case .bodyTooLarge(let limit): "The body is larger than the \(limit) bytes allowed."
        case .bodyIncomplete(let received): "The body ended early, after \(received) bytes."
        case .bodyTooSlow(let seconds): "The body came too slowly: \(Int(seconds)) s were spent waiting for it."
        case .chunksMalformed: "The body's chunk framing is invalid."
        case .unsupportedMediaType(let given, let expected): "The body's Content-Type is \(given), not \(expected)."
        case .notAcceptable: "Accept allows none of the forms that there are."
        case .routeNotFound: "There is no resource at this path."
        case .methodNotAllowed(let method, _): "This resource does not take \(method)."
        case .malformed(_, let detail, _), .outcomeInvalid(_, let detail, _): detail
        case .analysisUnknown(let name, _): "There is no analysis named \(name.quoted)."
        case .analysisMissing(let subject, _): "The query has \(subject), but names no analysis."
        case .maskMissing(let subject): "\(subject) is a label, but the request brings no label map."
        case .levelUnknown(let name, let subject): "\(subject) is \(name.quoted), which is no vertebral level."
        case .targetMissing: "The request names no vertebra to analyse."
        case .targetDuplicated(let level, let subject): "\(subject) is \(level.rawValue), which an earlier target has."
        case .seriesUnknown(let name, _): "The study has no series \(name.quoted)."
        case .resultNotReady(let name, let state): "The job is \(state.rawValue), so it has no \(name) yet."
        case .resultMissing(let name, let fault?): "The job failed, so it has no \(name): \(fault.detail)"
        case .resultMissing(let name, nil): "The job ended without a \(name)."
        case .tableTooLarge(let rows, let bytes):
            "The table has more than \(rows) rows or \(bytes) bytes, the limits; reading stopped there."
        case .tooFewResults(let found, let missing):
            "\(found) of \(found + missing.count) jobs have the measure; at least 3 are needed. "
                + missing.prefix(5).joined(separator: " ")
                + (missing.count > 5 ? " And \(missing.count - 5) more." : "")
        case .followersBusy(let limit): "\(limit) clients follow rehearsals, as many as may."
        case .auditsBusy: "Other audits took all the time that this request could wait."
        case .notAuthenticated(let refusal): refusal.detail
        case .originRefused(let origin): "Pages of \(origin.quoted) may not use this service."
        case .hostRefused(let host): "There is no API key, and \(host.quoted) is no name of this machine."
        case .tooManyRequests(let limit): limit.detail
        case .workitemsRefused: "Workitems name patients, and this service runs in the pseudonymised mode."
        case .scopeMissing(let scope): "The key lacks the scope \(scope.rawValue)."
        case .internalFault: "The service could not handle this request."
        }
    }

    package var fix: String {
        switch self {
        case .emptyBody: "Send a zip of DICOM files, a DICOM file or a NIfTI file."
        case .emptyMultipart: "Send at least one DICOM object as a part; a PACS's failed job must be made anew."
        case .bodyTooLarge: "Send fewer or smaller files, or raise the service's upload limit."
        case .bodyIncomplete: "Send the whole body again."
        case .bodyTooSlow: "Send the body again over a faster connection."
        case .chunksMalformed: "Frame chunks as RFC 9112 §7.1 says, or send Content-Length."
        case .unsupportedMediaType(_, let expected): "Send Content-Type: \(expected)."
        case .notAcceptable(let offered): "Accept one of \(offered.joined(separator: ", "))."
        case .routeNotFound: "See /openapi.yaml for the paths that there are."
        case .methodNotAllowed(_, let allowed): "Use one of \(allowed.joined(separator: ", "))."
        case .malformed(_, _, let fix), .outcomeInvalid(_, _, let fix): fix
        case .analysisUnknown(_, let known): "Use one of \(known.joined(separator: ", "))."
        case .analysisMissing(let subject, let known):
            "Name an analysis, one of \(known.joined(separator: ", ")), or leave \(subject) out."
        case .maskMissing: "Bring the label map (the part mask of an upload, the field mask of a job), or give seeds."
        case .levelUnknown: "Use one of \(VertebralLevel.allCases.map(\.rawValue).joined(separator: ", "))."
        case .targetMissing: "Give at least one target: a level with a seed point or with a label of the mask."
        case .targetDuplicated: "Give each level once."
        case .seriesUnknown(_, let known): "Use one of \(known.joined(separator: ", ")), or leave series out."
        case .resultNotReady: "Ask again after Retry-After seconds, or follow the job's events."
        case .resultMissing(_, let fault?): fault.fix
        case .resultMissing(_, nil): "See the job's links for the results that it has, or post the job again."
        case .tableTooLarge: "Split the table, for instance by year or scanner, or audit a random part of it."
        case .tooFewResults: "Name jobs that are done and whose reports hold the measure at this level."
        case .followersBusy: "End a stream that nobody reads, or try again in a minute."
        case .auditsBusy: "Send the request again in a minute."
        case .notAuthenticated(let refusal): refusal.fix
        case .originRefused: "Start the service with --cors-origin for each site whose pages may."
        case .hostRefused: "Use localhost, start the service with --public-url, or make a key with 'osteon keys add'."
        case .tooManyRequests: "Send the request again after Retry-After seconds, and fewer at once."
        case .workitemsRefused: "Start the analysis by a rule, or by POST /v1/jobs."
        case .scopeMissing(let scope): "Use a key with the scope \(scope.rawValue); 'osteon keys add' makes one."
        case .internalFault: "Try again; if it happens again, look for the request's id in the service's log."
        }
    }

    package var subject: String? {
        switch self {
        case .emptyBody(let part): part
        case .unsupportedMediaType: "Content-Type"
        case .notAuthenticated: "Authorization"
        case .originRefused: "Origin"
        case .hostRefused: "Host"
        case .notAcceptable: "Accept"
        case .malformed(let subject, _, _), .outcomeInvalid(let subject, _, _): subject
        case .analysisUnknown: "analysis"
        case .analysisMissing(let subject, _), .maskMissing(let subject): subject
        case .levelUnknown(_, let subject), .targetMissing(let subject), .targetDuplicated(_, let subject): subject
        case .seriesUnknown: "series"
        case .tooFewResults: "query.reference"
        case .resultMissing(_, let fault?): fault.subject
        default: nil
        }
    }
}

extension APIFault {
    /// Why a body could not be read.
    init(_ error: HTTPBodyError) {
        switch error {
        case .tooLarge(let limit): self = .bodyTooLarge(limitBytes: limit)
        case .cut(let received): self = .bodyIncomplete(receivedBytes: received)
        case .malformedChunk: self = .chunksMalformed
        case .deadline(let seconds): self = .bodyTooSlow(seconds: seconds)
        }
    }
}

extension String {
    /// In quotes; a client's text is never echoed at length.
    var quoted: String { "\"\(shortened)\"" }

    /// At most 80 characters of it.
    var shortened: String { count > 80 ? prefix(80) + "…" : self }
}
