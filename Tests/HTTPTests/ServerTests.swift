// Starting, and what every answer and request has.
import Foundation
import HTTP
import Logging
import Testing

private struct Nothing: HTTPResponder {
    func respond(to request: HTTPRequest) -> HTTPResponse { HTTPResponse(status: 204) }
}

private func server(host: String, port: Int) -> HTTPServer {
    var configuration = HTTPServerConfiguration()
    configuration.host = host
    configuration.port = port
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return HTTPServer(configuration: configuration, responder: Nothing(), logger: logger) { status, detail in
        HTTPResponse(status: status, text: detail)
    }
}

@Suite struct ServerTests {
    @Test func `an address that cannot be had is an error that names it`() throws {
        let first = server(host: "127.0.0.1", port: 0)
        let port = try first.start()
        defer { first.stop() }
        let taken = #expect(throws: HTTPServerError.self) { try server(host: "127.0.0.1", port: port).start() }
        #expect(taken?.description == "cannot listen on 127.0.0.1 port \(port): Address already in use")
        let unknown = #expect(throws: HTTPServerError.self) { try server(host: "256.1.1.1", port: 0).start() }
        #expect(unknown?.description.hasPrefix("cannot listen on 256.1.1.1: ") == true)
    }

    @Test func `a port is free again once its server stopped`() throws {
        let first = server(host: "localhost", port: 0)
        let port = try first.start()
        let client = try RawClient(port: port)
        let answer = try client.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.status == 204 && answer["Content-Length"] == nil)
        first.stop()
        let second = server(host: "localhost", port: port)
        #expect(try second.start() == port)
        second.stop()
    }

    @Test func `an answer has the date of now, and a request the address it came from`() throws {
        try withServer(routes: { router, _, _ in
            router.add("GET", "/from") { request, _ in HTTPResponse(status: 200, text: request.remoteAddress) }
        }) { server in
            let answer = try server.answer("GET /from HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.text == "127.0.0.1")
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.timeZone = TimeZone(identifier: "UTC")
            format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
            let date = try #require(answer["Date"].flatMap(format.date))
            #expect(abs(date.timeIntervalSinceNow) < 60)
        }
    }
}
