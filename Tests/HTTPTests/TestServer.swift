// A server on a free port for one test, and the routes that the tests ask for.
import Glibc
import HTTP
import Logging
import Synchronization

/// What a responder saw, for the test to look at.
final class Observed: Sendable {
    private let notes = Mutex<[String]>([])

    func note(_ text: String) { notes.withLock { $0.append(text) } }

    var all: [String] { notes.withLock { $0 } }

    /// Waits until a note is there.
    func waits(for text: String) -> Bool { eventually { all.contains(text) } }
}

/// A gate that a responder waits at until the test opens it.
final class Gate: Sendable {
    private let isOpen = Mutex(false)

    func open() { isOpen.withLock { $0 = true } }

    func pass() { _ = eventually { isOpen.withLock { $0 } } }
}

/// Waits for a condition, at most a minute.
func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<12_000 {
        if condition() { return true }
        usleep(5000)
    }
    return condition()
}

struct TestServer {
    let server: HTTPServer
    let port: Int
    let observed: Observed
    let gate: Gate

    func client() throws -> RawClient { try RawClient(port: port) }

    /// Sends a request on a connection of its own and reads its answer.
    func answer(_ request: String) throws -> RawResponse { try client().exchange(request) }

    /// Sends text on a connection of its own, ends sending, and reads all that comes.
    func transcript(of text: String) throws -> String {
        let client = try client()
        try client.send(text)
        client.finishSending()
        return try client.readToEnd()
    }
}

/// Runs a test against a server with the test routes, and stops the server.
func withServer(
    _ configure: (inout HTTPServerConfiguration) -> Void = { _ in },
    routes: (inout Router, Observed, Gate) -> Void = { _, _, _ in },
    _ test: (TestServer) throws -> Void
) throws {
    var configuration = HTTPServerConfiguration()
    configuration.port = 0
    configuration.lingerSeconds = 0.5
    configuration.drainSeconds = 2
    configure(&configuration)
    let observed = Observed()
    let gate = Gate()
    var router = testRoutes(observed: observed)
    routes(&router, observed, gate)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = HTTPServer(configuration: configuration, responder: router, logger: logger) { status, detail in
        HTTPResponse(status: status, contentType: "application/problem+json", bytes: Array(detail.utf8))
    }
    let port = try server.start()
    defer {
        gate.open()
        server.stop()
    }
    try test(TestServer(server: server, port: port, observed: observed, gate: gate))
}

private func testRoutes(observed: Observed) -> Router {
    var router = Router(
        notFound: { HTTPResponse(status: 404, text: "no \($0.path)") },
        methodNotAllowed: { _, allowed in HTTPResponse(status: 405, text: "only \(allowed.joined(separator: " "))") })
    router.add("GET", "/hello") { request, _ in
        observed.note("GET \(request.target)")
        return HTTPResponse(status: 200, headers: ["ETag": "\"v1\""], body: .bytes(Array("hello, world".utf8)))
    }
    router.add("POST", "/echo") { request, _ in
        do {
            return HTTPResponse(status: 200, headers: [:], body: .bytes(try request.body.readAll(limit: 1 << 24)))
        } catch {
            observed.note("\(error)")
            return HTTPResponse(status: 400, text: "\(error)")
        }
    }
    router.add("POST", "/ignore") { _, _ in HTTPResponse(status: 200, text: "ignored") }
    return router
}
