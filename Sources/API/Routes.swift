// The table of routes: each name of `RouteName` and the function that answers it.
import Audits
import Domain
import HTTP
import Store

extension Service {
    typealias Handler = @Sendable (Exchange, RouteParameters) throws -> HTTPResponse

    func makeRouter() -> Router {
        var router = Router(
            notFound: { request in self.answer(nil, request) { _ in throw APIFault.routeNotFound } },
            methodNotAllowed: { request, allowed in
                self.answer(nil, request) { _ in
                    throw APIFault.methodNotAllowed(method: request.method, allowed: allowed)
                }
            })
        // The standard leaves the service's root open, and senders are set up with either.
        for resource in ["studies", "series", "instances", "workitems"] {
            router.alias(resource, for: ["dicom-web", resource])
        }
        for route in RouteName.allCases {
            let handler = handler(of: route)
            router.add(route.method, route.path) { request, sent in
                let parameters = intake.pseudonyms?.path(sent) ?? sent
                return self.answer(route, request, parameters) { try handler($0, parameters) }
            }
        }
        return router
    }

    private func handler(of route: RouteName) -> Handler {
        switch route {
        case .createStudy: { exchange, _ in try createStudy(exchange) }
        case .listStudies: { exchange, _ in try listStudies(exchange) }
        case .getStudy: { exchange, path in try getStudy(exchange, id: path["studyID"]) }
        case .deleteStudy: { exchange, path in try deleteStudy(exchange, id: path["studyID"]) }
        case .getStudyContent: { exchange, path in try getStudyContent(exchange, id: path["studyID"]) }
        case .createMask: { exchange, path in try createMask(exchange, study: path["studyID"]) }
        case .getMask: { exchange, path in try getMask(exchange, study: path["studyID"], id: path["maskID"]) }
        case .createJob: { exchange, _ in try createJob(exchange) }
        case .listJobs: { exchange, _ in try listJobs(exchange) }
        case .getJob: { exchange, path in try getJob(exchange, id: path["jobID"]) }
        case .cancelJob: { exchange, path in try cancelJob(exchange, id: path["jobID"]) }
        case .followJob: { exchange, path in try followJob(exchange, id: path["jobID"]) }
        case .getReport: { exchange, path in try getReport(exchange, job: path["jobID"]) }
        case .getRisk: { exchange, path in try getResult(exchange, .risk, job: path["jobID"]) }
        case .getLeakageMap: { exchange, path in try getResult(exchange, .leakageMap, job: path["jobID"]) }
        case .getFeatures: { exchange, path in try getFeatures(exchange, job: path["jobID"]) }
        case .getSegmentation: { exchange, path in try getSegmentation(exchange, job: path["jobID"]) }
        case .getRiskVolume: { exchange, path in try getRiskVolume(exchange, job: path["jobID"]) }
        case .getFHIR: { exchange, path in try getFHIR(exchange, job: path["jobID"]) }
        case .createOutcome: { exchange, path in try createOutcome(exchange, job: path["jobID"]) }
        case .getOutcome: { exchange, path in try getOutcome(exchange, job: path["jobID"]) }
        case .eraseOutcome: { exchange, path in try eraseOutcome(exchange, job: path["jobID"]) }
        case .rehearse: { exchange, path in try rehearse(exchange, job: path["jobID"]) }
        case .followRehearsal: { exchange, path in try followRehearsal(exchange, job: path["jobID"]) }
        case .exportOutcomes: { exchange, _ in try exportOutcomes(exchange) }
        case .createBlandAltmanAudit: { exchange, _ in try createAudit(exchange, .blandAltman) }
        case .createReliabilityAudit: { exchange, _ in try createAudit(exchange, .reliability) }
        case .createClassificationAudit: { exchange, _ in try createAudit(exchange, .classification) }
        case .createSegmentationAudit: { exchange, _ in try createAudit(exchange, .segmentation) }
        case .createOutcomeAudit: { exchange, _ in try createAudit(exchange, .outcomes) }
        case .listAudits: { exchange, _ in try listAudits(exchange) }
        case .getAudit: { exchange, path in try getAudit(exchange, id: path["auditID"]) }
        case .getAuditPlot: { exchange, path in try getAuditPlot(exchange, id: path["auditID"]) }
        case .getAuditInput: { exchange, path in try getAuditInput(exchange, id: path["auditID"]) }
        case .rerunAudit: { exchange, path in try rerunAudit(exchange, id: path["auditID"]) }
        case .storeInstances: { exchange, _ in try storeInstances(exchange) }
        case .storeStudyInstances: { exchange, path in try storeInstances(exchange, study: path["studyUID"]) }
        case .searchStudies: { exchange, _ in try searchInstances(exchange, .study) }
        case .searchSeries: { exchange, _ in try searchInstances(exchange, .series) }
        case .searchInstances: { exchange, _ in try searchInstances(exchange, .instance) }
        case .searchStudySeries: { exchange, path in try searchInstances(exchange, .series, study: path["studyUID"]) }
        case .searchStudyInstances:
            { exchange, path in try searchInstances(exchange, .instance, study: path["studyUID"]) }
        case .searchSeriesInstances:
            { exchange, path in
                try searchInstances(exchange, .instance, study: path["studyUID"], series: path["seriesUID"])
            }
        case .retrieveStudy, .retrieveSeries, .retrieveInstance:
            { exchange, path in try retrieve(exchange, InstanceScope(path)) }
        case .retrieveStudyMetadata, .retrieveSeriesMetadata, .retrieveInstanceMetadata:
            { exchange, path in try retrieveMetadata(exchange, InstanceScope(path)) }
        case .createWorkitem: { exchange, _ in try createWorkitem(exchange) }
        case .searchWorkitems: { exchange, _ in try searchWorkitems(exchange) }
        case .retrieveWorkitem: { exchange, path in try retrieveWorkitem(exchange, uid: path["workitemUID"]) }
        case .updateWorkitem: { exchange, path in try updateWorkitem(exchange, uid: path["workitemUID"]) }
        case .changeWorkitemState: { exchange, path in try changeWorkitemState(exchange, uid: path["workitemUID"]) }
        case .requestWorkitemCancellation:
            { exchange, path in try requestWorkitemCancellation(exchange, uid: path["workitemUID"]) }
        case .getArrival: { exchange, path in try getArrival(exchange, study: path["studyUID"]) }
        case .deleteArrival: { exchange, path in try deleteArrival(exchange, study: path["studyUID"]) }
        case .completeArrival: { exchange, path in try completeArrival(exchange, study: path["studyUID"]) }
        case .listAccesses: { exchange, _ in try listAccesses(exchange) }
        case .listDeliveries: { exchange, _ in try listDeliveries(exchange) }
        case .getDelivery: { exchange, path in try getDelivery(exchange, id: path["deliveryID"]) }
        case .listNotices: { exchange, _ in try listNotices(exchange) }
        case .getNotice: { exchange, path in try getNotice(exchange, id: path["noticeID"]) }
        case .listAnalyses: { exchange, _ in try listAnalyses(exchange) }
        case .getHealth: { _, _ in Self.health }
        case .getReadiness: { _, _ in try getReadiness() }
        case .getMetrics: { _, _ in try getMetrics() }
        case .getSpecification: { _, _ in Self.specification }
        }
    }
}

extension InstanceScope {
    /// What a path of DICOMweb names.
    fileprivate init(_ path: RouteParameters) {
        func name(_ parameter: String) -> String? { path[parameter].isEmpty ? nil : path[parameter] }
        self.init(study: path["studyUID"], series: name("seriesUID"), instance: name("sopUID"))
    }
}
