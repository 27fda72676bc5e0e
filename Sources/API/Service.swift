// The service as its routes see it: what it stands on, and how every request is answered, counted and logged.
import Domain
import Foundation
import HTTP
import Logging
import Store

/// What the routes stand on. Their handlers are extensions of it, a file for each kind of resource.
package struct Service: Sendable {
    let store: Store
    let intake: StudyIntake
    let metrics: ServiceMetrics
    let dicomWeb: DICOMWebSettings
    /// Why no worker can take jobs; nil while one can.
    let workerFault: @Sendable () -> String?
    /// Why the models cannot be used, or not yet; nil once all are as they are listed.
    let modelsFault: @Sendable () -> String?
    let logger: Logger
    let requestIDs = RequestIDSource()
    let auditGate = AuditGate()
    let guidance = GuidanceShelf()
    let rehearsals = RehearsalChannels()
    let keyRing: KeyRing
    let limits = RequestLimits()
    let origins: OriginPolicy
    let repeatedReads: RepeatedReads
    let jobAnswers = FreshShelf<String, HTTPResponse>()
    let owned = FreshShelf<OwnershipQuestion, Bool>()

    /// - Parameters:
    ///   - intake: what the API cannot do itself.
    ///   - workerFault: called by `/readyz`: why no worker can take jobs, nil while one can.
    ///   - modelsFault: called by `/readyz`: why the models cannot be used, nil once they can.
    package init(
        store: Store, intake: StudyIntake, metrics: ServiceMetrics, dicomWeb: DICOMWebSettings = DICOMWebSettings(),
        origins: OriginPolicy = OriginPolicy(),
        logger: Logger,
        workerFault: @escaping @Sendable () -> String?,
        modelsFault: @escaping @Sendable () -> String? = { nil }
    ) {
        self.store = store
        self.intake = intake
        self.metrics = metrics
        self.dicomWeb = dicomWeb
        self.logger = logger
        self.workerFault = workerFault
        self.modelsFault = modelsFault
        keyRing = KeyRing(store.keys)
        self.origins = origins
        let trail = store.trail
        repeatedReads = RepeatedReads { try trail.append($0, isDurable: false) }
    }

    /// Writes down the polls that were counted since their last row; once, when the server has stopped.
    /// - Throws: what the store throws.
    package func stop() throws { try repeatedReads.writeAll() }

    /// Lets the request in or not, runs the handler, turns what is thrown into a problem, writes it down, counts and logs. Nothing of the body is read
    /// before the request is let in.
    /// - Parameter path: what the path gave for the names of the route's template.
    func answer(
        _ route: RouteName?, _ request: HTTPRequest, _ path: RouteParameters = .none,
        _ handler: (Exchange) throws -> HTTPResponse
    ) -> HTTPResponse {
        let start = ContinuousClock.now
        let id = requestID(of: request)
        var access = Access(route: route, request: request, requestID: id, path: path)
        var response: HTTPResponse
        let version = store.version
        do {
            let slot = try admit(&access)
            try requireOwn(route, path, access.caller)
            let exchange = Exchange(
                request: request, requestID: id, caller: access.caller, pseudonyms: intake.pseudonyms)
            response = try handler(exchange).holding(slot)
        } catch {
            response = problem(error, &access)
        }
        var reads: RepeatedReads.Window?
        do {
            reads = try record(access, response)
        } catch {
            response = problem(error, &access)
        }
        response = finished(response, request, id: id)
        if let reads, let route {
            request.memory?.value = AnsweredPoll(
                response: response, key: access.caller.key, route: route, reads: reads, version: version, since: start)
        }
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        metrics.observe(route, status: response.status, seconds: elapsed)
        log(access, response, seconds: elapsed)
        return response
    }

    private func problem(_ error: any Error, _ access: inout Access) -> HTTPResponse {
        let fault = fault(of: error, requestID: access.requestID)
        access.fault = fault.code
        metrics.observe(fault.code)
        let hidden = intake.pseudonyms == nil ? [] : access.request.query
        return Problem.response(to: fault, requestID: access.requestID, hiding: hidden)
    }

    /// The client's own where it may be anything.
    func requestID(of request: HTTPRequest) -> String {
        requestIDs.id(sent: intake.pseudonyms == nil ? request.headers["X-Request-Id"] : nil)
    }

    /// Finds out who sends the request and whether they may; notes the caller as soon as it is known.
    /// - Returns: what counts the request among its key's, while it lives.
    /// - Throws: `origin-refused`, `not-authenticated`, `too-many-requests`, `scope-missing`.
    private func admit(_ access: inout Access) throws -> RequestLimits.Slot? {
        if let route = access.route, route.scope == nil { return nil }
        try origins.check(access.request)
        do {
            access.caller = try keyRing.caller(of: access.request)
        } catch APIFault.notAuthenticated(let refusal) {
            guard limits.admitsStranger(from: access.request.remoteAddress) else {
                throw APIFault.tooManyRequests(.stranger)
            }
            throw APIFault.notAuthenticated(refusal)
        }
        guard let key = access.caller.key else {
            try origins.requireLocalName(access.request)
            return nil
        }
        let slot = try limits.enter(key)
        if let scope = access.route?.scope { try access.caller.require(scope) }
        return slot
    }

    /// The fault to show for an error: internal ones are told to the log alone.
    private func fault(of error: any Error, requestID: String) -> any Fault {
        let fault: any Fault
        switch error {
        case let error as any Fault: fault = error
        case let error as HTTPBodyError: fault = APIFault(error)
        default:
            logger.error("unexpected error", metadata: ["request": "\(requestID)", "type": "\(type(of: error))"])
            return APIFault.internalFault
        }
        guard ErrorTable[fault.code].status >= 500 else { return fault }
        logger.error(
            "\(fault.detail)", metadata: ["request": "\(requestID)", "code": "\(fault.code.rawValue)"])
        return fault.code == .internalFault ? APIFault.internalFault : fault
    }

    private func log(_ access: Access, _ response: HTTPResponse, seconds: Double) {
        let isSaid = response.status >= 400 || access.route.map { !$0.isProbe && !$0.isPolled } ?? true
        let level: Logger.Level = isSaid ? .info : .trace
        guard logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [
            "request": "\(access.requestID)", "route": "\(access.route?.rawValue ?? "none")",
            "status": "\(response.status)", "milliseconds": "\(Int((seconds * 1000).rounded()))",
        ]
        // What ties a request to the job, study or push that the worker's lines name.
        if let made = Self.made(response).first { metadata["made"] = "\(made)" }
        if let job = response.headers["X-Job-Id"] { metadata["job"] = "\(job)" }
        if let key = access.caller.key?.name { metadata["key"] = "\(key)" }
        if let code = access.fault { metadata["code"] = "\(code.rawValue)" }
        logger.log(level: level, "answered", metadata: metadata)
    }
}

/// One request on its way through a handler.
struct Exchange {
    let request: HTTPRequest
    let requestID: String
    let caller: Caller
    let pseudonyms: Pseudonymisation?
}
