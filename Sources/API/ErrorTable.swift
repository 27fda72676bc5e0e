// From fault code to HTTP: status, title, and whether the same request may succeed later. The only place that knows.
import Domain

/// How a fault is answered over HTTP.
package struct ErrorTable: Sendable {
    package let status: Int
    /// The same for every problem of this code.
    package let title: String
    /// Whether the same request may succeed later without being changed.
    package let retryable: Bool

    private init(_ status: Int, _ title: String, retryable: Bool = false) {
        self.status = status
        self.title = title
        self.retryable = retryable
    }

    /// The row of a code.
    package static subscript(code: FaultCode) -> ErrorTable {
        switch code {
        // The bytes of an upload.
        case .emptyBody: ErrorTable(400, "Empty body")
        case .unrecognisedFormat: ErrorTable(415, "Unrecognised file format")
        case .unsupportedMediaType: ErrorTable(415, "Unsupported media type")
        case .bodyTooLarge: ErrorTable(413, "Body too large")
        case .bodyIncomplete: ErrorTable(400, "Incomplete body", retryable: true)
        case .archiveEmpty: ErrorTable(422, "Empty archive")
        case .archiveEncrypted: ErrorTable(422, "Encrypted archive")
        case .archiveTooLarge: ErrorTable(413, "Archive too large when unpacked")
        case .archiveUnsafePath: ErrorTable(422, "Unsafe path in archive")
        case .archiveDamaged: ErrorTable(422, "Damaged archive")
        // DICOM.
        case .dicomDamaged: ErrorTable(422, "Damaged DICOM file")
        case .dicomWithoutPixels: ErrorTable(422, "DICOM file without pixels")
        case .dicomNotGreyscale: ErrorTable(422, "DICOM image is not greyscale")
        case .dicomTransferSyntaxUnsupported: ErrorTable(422, "Unsupported transfer syntax")
        case .dicomMultiFrameUnsupported: ErrorTable(422, "Unsupported multi-frame image")
        case .dicomTagMissing: ErrorTable(422, "Missing DICOM tag")
        case .modalityNotCT: ErrorTable(422, "Not a CT study")
        case .seriesSizesDiffer: ErrorTable(422, "Slices differ in size")
        case .seriesTooFewSlices: ErrorTable(422, "Too few slices")
        case .seriesOrientationMixed: ErrorTable(422, "Mixed slice orientations")
        case .seriesSliceMissing: ErrorTable(422, "Missing slice")
        case .seriesSliceDuplicated: ErrorTable(422, "Duplicated slice")
        case .seriesUnevenSpacing: ErrorTable(422, "Unevenly spaced slices")
        case .seriesGantryTilt: ErrorTable(422, "Gantry tilt")
        case .seriesUnknown: ErrorTable(422, "Unknown series")
        case .seriesAmbiguous: ErrorTable(422, "Ambiguous series")
        // NIfTI.
        case .niftiDamaged: ErrorTable(422, "Damaged NIfTI file")
        case .niftiTruncated: ErrorTable(422, "Truncated NIfTI file")
        case .niftiNotThreeDimensional: ErrorTable(422, "NIfTI image is not three-dimensional")
        case .niftiSpacingImplausible: ErrorTable(422, "Implausible voxel spacing")
        case .niftiDatatypeUnsupported: ErrorTable(422, "Unsupported NIfTI data type")
        case .niftiOrientationUnusable: ErrorTable(422, "Unusable NIfTI orientation")
        case .nrrdUnusable: ErrorTable(422, "Unusable NRRD file")
        case .imageDamaged: ErrorTable(400, "Damaged image file")
        case .imageNotFinite: ErrorTable(422, "Image values are not finite")
        case .imageTooLarge: ErrorTable(413, "Image too large")
        // A request for an analysis.
        case .requestMalformed: ErrorTable(400, "Malformed request")
        case .analysisUnknown: ErrorTable(422, "Unknown analysis")
        case .levelUnknown: ErrorTable(422, "Unknown vertebral level")
        case .targetMissing: ErrorTable(422, "Missing target")
        case .targetDuplicated: ErrorTable(422, "Duplicated target")
        case .seedOutsideImage: ErrorTable(422, "Seed outside the image")
        case .seedNotInBone: ErrorTable(422, "Seed not in bone")
        case .parameterInvalid: ErrorTable(422, "Invalid parameter")
        case .maskGridMismatch: ErrorTable(422, "Label map on another grid")
        case .maskLabelAbsent: ErrorTable(422, "Label absent from the label map")
        case .segmentationFailed: ErrorTable(422, "Segmentation failed")
        // Networks and their weights.
        case .modelUnknown: ErrorTable(422, "Unknown model")
        case .modelUnusable: ErrorTable(500, "Unusable model")
        case .regionUnusable: ErrorTable(422, "Unusable region")
        // The numbers of an agreement audit.
        case .auditDataUnusable: ErrorTable(422, "Unusable audit data")
        // What was seen after treatment.
        case .outcomeInvalid: ErrorTable(422, "Invalid outcome")
        case .outcomeExists: ErrorTable(409, "Outcome already told")
        case .outcomeNotFound: ErrorTable(404, "Unknown outcome")
        case .preconditionFailed: ErrorTable(412, "Changed meanwhile")
        // Who sends it.
        case .notAuthenticated: ErrorTable(401, "Not authenticated")
        case .scopeMissing: ErrorTable(403, "Scope missing")
        case .ownerDiffers: ErrorTable(403, "Belongs to another owner")
        case .originRefused: ErrorTable(403, "Origin refused")
        case .tooManyRequests: ErrorTable(429, "Too many requests", retryable: true)
        case .patientNamesRefused: ErrorTable(403, "Patients' names refused")
        // The service.
        case .studyNotFound: ErrorTable(404, "Unknown study")
        case .studyInUse: ErrorTable(409, "Study in use", retryable: true)
        case .instanceNotFound: ErrorTable(404, "Unknown DICOM object")
        case .maskNotFound: ErrorTable(404, "Unknown label map")
        case .jobNotFound: ErrorTable(404, "Unknown job")
        case .auditNotFound: ErrorTable(404, "Unknown audit")
        case .deliveryNotFound: ErrorTable(404, "Unknown delivery")
        case .noticeNotFound: ErrorTable(404, "Unknown notice")
        case .workitemNotFound: ErrorTable(404, "Unknown workitem")
        case .workitemExists: ErrorTable(409, "Workitem exists")
        case .workitemConflict: ErrorTable(409, "Workitem in another state")
        case .deliveryFailed: ErrorTable(502, "Delivery failed", retryable: true)
        case .resultNotFound: ErrorTable(404, "No such result")
        case .resultNotReady: ErrorTable(409, "Result not ready", retryable: true)
        case .jobFinished: ErrorTable(409, "Job already finished")
        case .jobCancelled: ErrorTable(409, "Job cancelled")
        case .jobDeadline: ErrorTable(500, "Job took too long", retryable: true)
        case .jobAbandoned: ErrorTable(500, "Job abandoned", retryable: true)
        case .idempotencyConflict: ErrorTable(409, "Idempotency key reused")
        case .queueFull: ErrorTable(503, "Queue full", retryable: true)
        case .storageFull: ErrorTable(507, "Storage full", retryable: true)
        case .storageReadOnly: ErrorTable(503, "Storage read-only", retryable: true)
        case .routeNotFound: ErrorTable(404, "No such resource")
        case .methodNotAllowed: ErrorTable(405, "Method not allowed")
        case .notAcceptable: ErrorTable(406, "Not acceptable")
        case .rangeNotSatisfiable: ErrorTable(416, "Range not satisfiable")
        case .internalFault: ErrorTable(500, "Internal fault", retryable: true)
        // The protocol.
        case .protocolViolated: ErrorTable(400, "Invalid HTTP")
        case .requestTimeout: ErrorTable(408, "Request timeout", retryable: true)
        case .requestTargetTooLong: ErrorTable(414, "Request target too long")
        case .requestHeadersTooLarge: ErrorTable(431, "Request header fields too large")
        case .expectationFailed: ErrorTable(417, "Expectation failed")
        case .protocolUnsupported: ErrorTable(501, "Unsupported HTTP feature")
        case .serviceBusy: ErrorTable(503, "Service busy", retryable: true)
        }
    }

    /// The fault of a request that broke HTTP before any route saw it.
    /// - Parameter status: the status that the server answers, which stands above the code's own.
    static func fault(protocolStatus status: Int, detail: String) -> FaultRecord {
        let (code, fix): (FaultCode, String) =
            switch status {
            case 408: (.requestTimeout, "Send the request again, faster.")
            case 413: (.bodyTooLarge, "Send fewer or smaller files, or raise the service's upload limit.")
            case 414: (.requestTargetTooLong, "Shorten the request's path and query.")
            case 416: (.rangeNotSatisfiable, "Ask for a range within the file, or for all of it.")
            case 417: (.expectationFailed, "Expect nothing but 100-continue.")
            case 431: (.requestHeadersTooLarge, "Send fewer or shorter header fields.")
            case 501, 505: (.protocolUnsupported, "Use HTTP/1.1 with Content-Length or chunked bodies.")
            case 503: (.serviceBusy, "Try again in a few seconds.")
            case 400..<500: (.protocolViolated, "Send a request that follows RFC 9112.")
            default: (.internalFault, "Try again; if it happens again, look into the service's log.")
            }
        return FaultRecord(code: code, detail: detail, fix: fix)
    }
}
