// The access trail: what is written of each request, and `GET /v1/access-log`.
import Domain
import Foundation
import HTTP
import Store

extension Service {
    /// As openapi.yaml has it: every whole number up to here is exact in JSON (RFC 8259 §6).
    private static let greatestRow = 9_007_199_254_740_991

    func listAccesses(_ exchange: Exchange) throws -> HTTPResponse {
        let query = try QueryReader(exchange.request, known: ["limit", "after", "key", "from", "to"])
        let (limit, after) = try query.page()
        let number = try after.map { text in
            guard let number = Int(text), (0...Self.greatestRow).contains(number) else {
                throw APIFault.malformed(
                    subject: "after", detail: "The query parameter after is \(text.quoted).",
                    fix: "Use the number of the last row of the page before.")
            }
            return number
        }
        if let key = query["key"], key.wholeMatch(of: /[A-Za-z0-9._\-]{1,64}/) == nil {
            throw APIFault.malformed(
                subject: "key", detail: "The query parameter key is \(key.quoted), which no API key can be called.",
                fix: "Give the name of a key as 'osteon keys list' has it.")
        }
        let filter = TrailFilter(
            key: query["key"], from: try query.time("from"), to: try query.time("to"))
        let rows = try store.trail.list(filter, limit: limit + 1, after: number)
        let kept = ["limit", "key", "from", "to"].compactMap { name in query[name].map { "\(name)=\($0)" } }
        let bundle = try AuditEventBundle(rows, limit: limit, path: exchange.request.path, query: kept)
        return HTTPResponse(
            status: 200, contentType: AuditEventBundle.mediaType, bytes: try JSON.bytes(of: bundle))
    }

    /// Writes a request down. It is answered only when this is done.
    /// - Returns: where the polls that follow are counted; nil after a request that is written down by itself.
    /// - Throws: what the store throws; then the request must not be answered as if nothing were.
    func record(_ access: Access, _ response: HTTPResponse) throws -> RepeatedReads.Window? {
        guard access.isRecorded else { return nil }
        let request = access.request
        let reader = reader(of: access, response)
        if let reader, let window = repeatedReads.window(counting: reader) { return window }
        let changes = request.method != "GET" && request.method != "HEAD"
        let entry = TrailEntry(
            key: access.caller.key?.name, from: request.remoteAddress, request: access.requestID,
            operation: access.route.map { "\($0)" }, method: request.method, named: access.path.named,
            made: Self.made(response), status: response.status, fault: access.fault?.rawValue)
        try store.trail.append(entry, isDurable: changes && response.status < 400)
        return reader.flatMap { repeatedReads.begin($0, after: entry) }
    }

    /// Who polls what; nil for a request that is written down by itself.
    private func reader(of access: Access, _ response: HTTPResponse) -> RepeatedReads.Reader? {
        guard let route = access.route, route.isPolled, access.fault == nil, response.status < 400 else { return nil }
        return RepeatedReads.Reader(
            key: access.caller.key?.name, from: access.request.remoteAddress, method: access.request.method,
            route: route, path: access.path.values, status: response.status)
    }

    /// The paths of what a request made: one resource, or the studies of a push.
    static func made(_ response: HTTPResponse) -> [String] {
        guard response.status < 300 else { return [] }
        if let location = response.headers["Location"] { return [location] }
        return response.headers.all("Link").filter { $0.hasSuffix("rel=\"monitor\"") }.map {
            String($0.dropFirst().prefix { $0 != ">" })
        }
    }
}

/// What is known of a request when it is written down.
struct Access {
    let route: RouteName?
    let request: HTTPRequest
    let requestID: String
    let path: RouteParameters
    var caller = Caller.anybody
    /// Of the problem that is answered.
    var fault: FaultCode?

    /// What is refused for being too much is counted by the metrics alone, for it would fill the trail.
    /// Probes say nothing of anybody: health, readiness, figures and the specification are only written down where they are refused.
    var isRecorded: Bool {
        guard fault != .tooManyRequests else { return false }
        guard let route else { return true }
        return fault != nil || (route.scope != nil && route != .getMetrics)
    }
}
