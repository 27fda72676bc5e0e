// A server of a test's own, which the service or a page of the browser talks to.
import HTTP
import Logging

extension HTTPServer {
    /// Listens once it is started; logs nothing.
    /// - Parameter port: of loopback; 0 takes a free one.
    convenience init(port: UInt16 = 0, addingRoutes add: (inout Router) -> Void) {
        var router = Router(
            notFound: { HTTPResponse(status: 404, text: "no \($0.path)") },
            methodNotAllowed: { _, allowed in
                HTTPResponse(status: 405, text: "only \(allowed.joined(separator: " "))")
            })
        add(&router)
        var configuration = HTTPServerConfiguration()
        configuration.port = Int(port)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        self.init(configuration: configuration, responder: router, logger: logger) { status, detail in
            HTTPResponse(status: status, text: detail)
        }
    }
}
