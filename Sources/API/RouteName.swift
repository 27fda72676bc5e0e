// Every route, as openapi.yaml has it.

/// The routes: the raw value is the method and the path template.
package enum RouteName: String, CaseIterable, Sendable {
    case createStudy = "POST /v1/studies"
    case listStudies = "GET /v1/studies"
    case getStudy = "GET /v1/studies/{studyID}"
    case deleteStudy = "DELETE /v1/studies/{studyID}"
    case getStudyContent = "GET /v1/studies/{studyID}/content"
    case createMask = "POST /v1/studies/{studyID}/masks"
    case getMask = "GET /v1/studies/{studyID}/masks/{maskID}"
    case createJob = "POST /v1/jobs"
    case listJobs = "GET /v1/jobs"
    case getJob = "GET /v1/jobs/{jobID}"
    case cancelJob = "DELETE /v1/jobs/{jobID}"
    case followJob = "GET /v1/jobs/{jobID}/events"
    case getReport = "GET /v1/jobs/{jobID}/report"
    case getRisk = "GET /v1/jobs/{jobID}/risk"
    case getLeakageMap = "GET /v1/jobs/{jobID}/leakage-map"
    case getFeatures = "GET /v1/jobs/{jobID}/features"
    case getSegmentation = "GET /v1/jobs/{jobID}/segmentation"
    case getRiskVolume = "GET /v1/jobs/{jobID}/risk-volume"
    case getFHIR = "GET /v1/jobs/{jobID}/fhir"
    case createOutcome = "POST /v1/jobs/{jobID}/outcome"
    case getOutcome = "GET /v1/jobs/{jobID}/outcome"
    case eraseOutcome = "DELETE /v1/jobs/{jobID}/outcome"
    case rehearse = "POST /v1/jobs/{jobID}/rehearsal"
    case followRehearsal = "GET /v1/jobs/{jobID}/rehearsal/events"
    case exportOutcomes = "GET /v1/outcomes/export"
    case createBlandAltmanAudit = "POST /v1/audits/bland-altman"
    case createReliabilityAudit = "POST /v1/audits/reliability"
    case createClassificationAudit = "POST /v1/audits/classification"
    case createSegmentationAudit = "POST /v1/audits/segmentation"
    case createOutcomeAudit = "POST /v1/audits/outcomes"
    case listAudits = "GET /v1/audits"
    case getAudit = "GET /v1/audits/{auditID}"
    case getAuditPlot = "GET /v1/audits/{auditID}/plot.svg"
    case getAuditInput = "GET /v1/audits/{auditID}/input"
    case rerunAudit = "POST /v1/audits/{auditID}/rerun"
    case storeInstances = "POST /dicom-web/studies"
    case storeStudyInstances = "POST /dicom-web/studies/{studyUID}"
    case searchStudies = "GET /dicom-web/studies"
    case searchSeries = "GET /dicom-web/series"
    case searchInstances = "GET /dicom-web/instances"
    case searchStudySeries = "GET /dicom-web/studies/{studyUID}/series"
    case searchStudyInstances = "GET /dicom-web/studies/{studyUID}/instances"
    case searchSeriesInstances = "GET /dicom-web/studies/{studyUID}/series/{seriesUID}/instances"
    case retrieveStudy = "GET /dicom-web/studies/{studyUID}"
    case retrieveSeries = "GET /dicom-web/studies/{studyUID}/series/{seriesUID}"
    case retrieveInstance = "GET /dicom-web/studies/{studyUID}/series/{seriesUID}/instances/{sopUID}"
    case retrieveStudyMetadata = "GET /dicom-web/studies/{studyUID}/metadata"
    case retrieveSeriesMetadata = "GET /dicom-web/studies/{studyUID}/series/{seriesUID}/metadata"
    case retrieveInstanceMetadata = "GET /dicom-web/studies/{studyUID}/series/{seriesUID}/instances/{sopUID}/metadata"
    case createWorkitem = "POST /dicom-web/workitems"
    case searchWorkitems = "GET /dicom-web/workitems"
    case retrieveWorkitem = "GET /dicom-web/workitems/{workitemUID}"
    case updateWorkitem = "POST /dicom-web/workitems/{workitemUID}"
    case changeWorkitemState = "PUT /dicom-web/workitems/{workitemUID}/state"
    case requestWorkitemCancellation = "POST /dicom-web/workitems/{workitemUID}/cancelrequest"
    case getArrival = "GET /v1/arrivals/{studyUID}"
    case deleteArrival = "DELETE /v1/arrivals/{studyUID}"
    case completeArrival = "POST /v1/arrivals/{studyUID}/complete"
    case listAccesses = "GET /v1/access-log"
    case listDeliveries = "GET /v1/deliveries"
    case getDelivery = "GET /v1/deliveries/{deliveryID}"
    case listNotices = "GET /v1/notices"
    case getNotice = "GET /v1/notices/{noticeID}"
    case listAnalyses = "GET /v1/analyses"
    case getHealth = "GET /healthz"
    case getReadiness = "GET /readyz"
    case getMetrics = "GET /metrics"
    case getSpecification = "GET /openapi.yaml"

    package var method: String { String(rawValue.prefix { $0 != " " }) }
    package var path: String { String(rawValue.drop { $0 != " " }.dropFirst()) }

    /// Asked for by machines every few seconds: not worth a line in the log.
    var isProbe: Bool { self == .getHealth || self == .getReadiness || self == .getMetrics }

    /// The labels of this route's metrics; nil is a request that no route took.
    static func labels(_ route: RouteName?) -> [(String, String)] {
        [("method", route?.method ?? "other"), ("route", route?.path ?? "none")]
    }
}
