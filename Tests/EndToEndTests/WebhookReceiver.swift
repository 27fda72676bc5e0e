// A program that is told by webhooks, listening on a socket of its own.
import Foundation
import HTTP
import Synchronization

/// Keeps every message that comes. The first `refusals` are answered 500.
final class WebhookReceiver: Sendable {
    struct Message: Sendable {
        let headers: [String: String]
        let body: String
    }

    private let server: HTTPServer
    private let messages: Messages
    let url: String

    private final class Messages: Sendable {
        let all = Mutex<[Message]>([])
    }

    init(port: UInt16, refusals: Int = 0) throws {
        let messages = Messages()
        self.messages = messages
        server = HTTPServer(port: port) { router in
            router.add("POST", "/hook") { request, _ in
                let body = (try? request.body.readAll(limit: 1 << 16)) ?? []
                var headers: [String: String] = [:]
                for field in request.headers { headers[field.name.lowercased()] = field.value }
                let count = messages.all.withLock {
                    $0.append(Message(headers: headers, body: String(decoding: body, as: UTF8.self)))
                    return $0.count
                }
                return HTTPResponse(status: count <= refusals ? 500 : 200, text: "")
            }
        }
        url = "http://127.0.0.1:\(try server.start())/hook"
    }

    var all: [Message] { messages.all.withLock { $0 } }

    func stop() { server.stop() }
}
