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
        var response = service.origins.preflight(request) ?? router.respond(to: request)
        if response.headers["X-Request-Id"] == nil {
            response.headers.append("X-Request-Id", service.requestID(of: request))
        }
        service.origins.mark(&response, request)
        return Self.secured(response)
    }

    /// The answer to a request that breaks HTTP, for the server's `problem`.
    package func problem(status: Int, detail: String) -> HTTPResponse {
        let id = service.requestIDs.next()
        let fault = ErrorTable.fault(protocolStatus: status, detail: detail)
        var response = Problem.response(to: fault, requestID: id, status: status)
        response.headers["X-Request-Id"] = id
        service.metrics.observe(nil, status: status, seconds: 0)
        return Self.secured(response)
    }

    /// Nothing here is a page, and nothing may be taken for one, shown in another site's or left in a browser's cache.
    private static func secured(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
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
