// Which scope each route needs: the one table.
import Domain

extension RouteName {
    /// The scope that a key must have; nil is open to everybody, key or not.
    package var scope: AccessScope? {
        switch self {
        case .listAccesses: .audit
        // What a probe asks, and what a client needs before it has a key.
        case .getHealth, .getReadiness, .getSpecification: nil
        // Whatever puts something in, starts it, ends it or takes it away.
        case .createStudy, .deleteStudy, .createMask, .createJob, .cancelJob, .createOutcome, .eraseOutcome, .rehearse,
            .createBlandAltmanAudit, .createReliabilityAudit, .createClassificationAudit, .createSegmentationAudit,
            .createOutcomeAudit, .rerunAudit, .storeInstances, .storeStudyInstances, .deleteArrival, .completeArrival,
            .createWorkitem, .updateWorkitem, .changeWorkitemState, .requestWorkitemCancellation:
            .upload
        // Whatever only looks.
        case .listStudies, .getStudy, .getStudyContent, .getMask, .listJobs, .getJob, .followJob, .getReport, .getRisk,
            .getLeakageMap, .getFeatures, .getSegmentation, .getRiskVolume, .getFHIR, .getOutcome, .followRehearsal,
            .exportOutcomes, .listAudits, .getAudit, .getAuditPlot, .getAuditInput, .searchStudies, .searchSeries,
            .searchInstances, .searchStudySeries, .searchStudyInstances, .searchSeriesInstances, .retrieveStudy,
            .retrieveSeries, .retrieveInstance, .retrieveStudyMetadata, .retrieveSeriesMetadata,
            .retrieveInstanceMetadata, .getArrival, .listDeliveries, .getDelivery, .listNotices, .getNotice,
            .searchWorkitems, .retrieveWorkitem,
            .listAnalyses, .getMetrics:
            .read
        }
    }
}
