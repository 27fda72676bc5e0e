// What can go wrong, in the terms that a user sees: a stable code, what was wrong, and the fix.

/// The stable error codes of the service. The raw value is what clients see as `code`; it never changes once released.
/// `API/ErrorTable.swift` maps each to an HTTP status and a title, and `openapi.yaml` lists them all.
package enum FaultCode: String, Codable, CaseIterable, Sendable {
    // The bytes of an upload.
    case emptyBody = "empty-body"
    case unrecognisedFormat = "unrecognised-format"
    case unsupportedMediaType = "unsupported-media-type"
    case bodyTooLarge = "body-too-large"
    case bodyIncomplete = "body-incomplete"
    case archiveEmpty = "archive-empty"
    case archiveEncrypted = "archive-encrypted"
    case archiveTooLarge = "archive-too-large"
    case archiveUnsafePath = "archive-unsafe-path"
    case archiveDamaged = "archive-damaged"
    // DICOM.
    case dicomDamaged = "dicom-damaged"
    case dicomWithoutPixels = "dicom-without-pixels"
    case dicomNotGreyscale = "dicom-not-greyscale"
    case dicomTransferSyntaxUnsupported = "dicom-transfer-syntax-unsupported"
    case dicomMultiFrameUnsupported = "dicom-multi-frame-unsupported"
    case dicomTagMissing = "dicom-tag-missing"
    case modalityNotCT = "modality-not-ct"
    case seriesSizesDiffer = "series-sizes-differ"
    case seriesTooFewSlices = "series-too-few-slices"
    case seriesOrientationMixed = "series-orientation-mixed"
    case seriesSliceMissing = "series-slice-missing"
    case seriesSliceDuplicated = "series-slice-duplicated"
    case seriesUnevenSpacing = "series-uneven-spacing"
    case seriesGantryTilt = "series-gantry-tilt"
    case seriesUnknown = "series-unknown"
    case seriesAmbiguous = "series-ambiguous"
    // NIfTI.
    case niftiDamaged = "nifti-damaged"
    case niftiTruncated = "nifti-truncated"
    case niftiNotThreeDimensional = "nifti-not-three-dimensional"
    case niftiSpacingImplausible = "nifti-spacing-implausible"
    case niftiDatatypeUnsupported = "nifti-datatype-unsupported"
    case niftiOrientationUnusable = "nifti-orientation-unusable"
    // NRRD, and voxels of either.
    case nrrdUnusable = "nrrd-unusable"
    case imageDamaged = "image-damaged"
    case imageNotFinite = "image-not-finite"
    case imageTooLarge = "image-too-large"
    // A request for an analysis.
    case requestMalformed = "request-malformed"
    case analysisUnknown = "analysis-unknown"
    case levelUnknown = "level-unknown"
    case targetMissing = "target-missing"
    case targetDuplicated = "target-duplicated"
    case seedOutsideImage = "seed-outside-image"
    case seedNotInBone = "seed-not-in-bone"
    case parameterInvalid = "parameter-invalid"
    case maskGridMismatch = "mask-grid-mismatch"
    case maskLabelAbsent = "mask-label-absent"
    case segmentationFailed = "segmentation-failed"
    // Networks and their weights.
    case modelUnknown = "model-unknown"
    case modelUnusable = "model-unusable"
    case regionUnusable = "region-unusable"
    // The numbers of an agreement audit.
    case auditDataUnusable = "audit-data-unusable"
    // What was seen after treatment.
    case outcomeInvalid = "outcome-invalid"
    case outcomeExists = "outcome-exists"
    case outcomeNotFound = "outcome-not-found"
    case preconditionFailed = "precondition-failed"
    // Who sends it.
    case notAuthenticated = "not-authenticated"
    case scopeMissing = "scope-missing"
    case ownerDiffers = "owner-differs"
    case originRefused = "origin-refused"
    case tooManyRequests = "too-many-requests"
    case patientNamesRefused = "patient-names-refused"
    // The service.
    case studyNotFound = "study-not-found"
    case instanceNotFound = "instance-not-found"
    case maskNotFound = "mask-not-found"
    case jobNotFound = "job-not-found"
    case auditNotFound = "audit-not-found"
    case deliveryNotFound = "delivery-not-found"
    case noticeNotFound = "notice-not-found"
    case workitemNotFound = "workitem-not-found"
    case workitemExists = "workitem-exists"
    case workitemConflict = "workitem-conflict"
    case deliveryFailed = "delivery-failed"
    case resultNotFound = "result-not-found"
    case resultNotReady = "result-not-ready"
    case studyInUse = "study-in-use"
    case jobFinished = "job-finished"
    case jobCancelled = "job-cancelled"
    case jobDeadline = "job-deadline-exceeded"
    case jobAbandoned = "job-abandoned"
    case idempotencyConflict = "idempotency-key-reused"
    case queueFull = "queue-full"
    case storageFull = "storage-full"
    case storageReadOnly = "storage-read-only"
    case routeNotFound = "route-not-found"
    case methodNotAllowed = "method-not-allowed"
    case notAcceptable = "not-acceptable"
    case rangeNotSatisfiable = "range-not-satisfiable"
    case internalFault = "internal-fault"
    // The protocol.
    case protocolViolated = "protocol-violated"
    case requestTimeout = "request-timeout"
    case requestTargetTooLong = "request-target-too-long"
    case requestHeadersTooLarge = "request-headers-too-large"
    case expectationFailed = "expectation-failed"
    case protocolUnsupported = "protocol-unsupported"
    case serviceBusy = "service-busy"
}

/// An error that can be shown to a user. Each module has one enum that conforms; the facts are in its cases.
///
/// No text may hold patient data: name tags, fields and file names inside an archive, never their patient values.
package protocol Fault: Error, Sendable {
    /// The stable code.
    var code: FaultCode { get }
    /// What was wrong: one sentence that names the file, tag or field and gives the figures.
    var detail: String { get }
    /// What to do about it: one sentence.
    var fix: String { get }
    /// The request field, DICOM tag or file inside the archive that is at fault, where there is one.
    var subject: String? { get }
}

extension Fault {
    package var subject: String? { nil }
    /// The same facts as a value that can be stored.
    package var record: FaultRecord { FaultRecord(code: code, detail: detail, fix: fix, subject: subject) }
}

/// A fault as it is stored with a failed job and sent to a client.
package struct FaultRecord: Fault, Codable, Hashable {
    package let code: FaultCode
    package let detail: String
    package let fix: String
    package let subject: String?

    package init(code: FaultCode, detail: String, fix: String, subject: String? = nil) {
        self.code = code
        self.detail = detail
        self.fix = fix
        self.subject = subject
    }
}
