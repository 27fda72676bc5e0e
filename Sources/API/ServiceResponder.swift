// Where requests come in: the routes, and what every answer carries.
import Domain
import HTTP

/// Answers the requests of openapi.yaml. Give it to the server.
package struct ServiceResponder: HTTPResponder {
    private let service: Service
    private let router: Router

    package init(_ service: Service) {
        self.service = service
        router = service.makeRouter()
    }

    /// Every route that is served, for checks against openapi.yaml.
    package var routes: [Router.Route] { router.routes }

    package func respond(to request: HTTPRequest) -> HTTPResponse {
        if let response = service.answerAgain(request) { return response }
        let response = service.origins.preflight(request) ?? router.respond(to: request)
        guard response.headers["X-Request-Id"] == nil else { return response }
        return service.finished(response, request, id: service.requestID(of: request))
    }

    /// The answer to a request that breaks HTTP, for the server's `problem`.
    package func problem(status: Int, detail: String) -> HTTPResponse {
        let id = service.requestIDs.next()
        let fault = ErrorTable.fault(protocolStatus: status, detail: detail)
        var response = Problem.response(to: fault, requestID: id, status: status)
        response.headers["X-Request-Id"] = id
        service.metrics.observe(nil, status: status, seconds: 0)
        return response.secured
    }
}

extension Service {
    /// With what every answer carries.
    func finished(_ response: HTTPResponse, _ request: HTTPRequest, id: String) -> HTTPResponse {
        var response = response
        response.headers["X-Request-Id"] = id
        origins.mark(&response, request)
        return response.secured
    }
}

extension HTTPResponse {
    /// Nothing here is a page, and nothing may be taken for one, shown in another site's or left in a browser's cache.
    fileprivate var secured: HTTPResponse {
        var response = self
        response.headers.append("X-Content-Type-Options", "nosniff")
        if response.headers["Content-Security-Policy"] == nil {
            response.headers.append("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        }
        response.headers.append("Referrer-Policy", "no-referrer")
        response.headers.append("Cross-Origin-Resource-Policy", "same-origin")
        if response.headers["Cache-Control"] == nil { response.headers.append("Cache-Control", "no-store") }
        return response
    }
}
