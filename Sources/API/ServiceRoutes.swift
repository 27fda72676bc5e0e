// What runs here and how it is doing: catalog, liveness, readiness, metrics, the specification.
import Domain
import Foundation
import HTTP
import Store

extension Service {
    /// Constant: says no more than that the process answers.
    static let health = HTTPResponse(status: 200, contentType: JSON.mediaType, text: #"{"status":"ok"}"#)

    /// openapi.yaml, embedded.
    static let specification: HTTPResponse = {
        let bytes = PackageResources.openapi_yaml
        var response = HTTPResponse(status: 200, contentType: "application/yaml", bytes: bytes)
        response.headers["ETag"] = EntityTag.of(bytes)
        response.headers["Cache-Control"] = "no-cache"
        return response
    }()

    func listAnalyses(_ exchange: Exchange) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        return try document(AnalysisList(items: intake.analyses))
    }

    func getReadiness() throws -> HTTPResponse {
        var readiness = Readiness(
            store: "ok", worker: workerFault() ?? "ok", models: modelsFault() ?? "ok")
        do {
            try store.check()
        } catch let fault as any Fault {
            readiness.checks.store = fault.code.rawValue
        }
        return HTTPResponse(
            status: readiness.ready ? 200 : 503, contentType: JSON.mediaType, bytes: try JSON.bytes(of: readiness))
    }

    func getMetrics() throws -> HTTPResponse {
        let text = metrics.text(
            StoredFigures(
                queue: try store.jobs.statistics(), failures: try store.jobs.failures(),
                deliveries: try store.deliveries.counts(), audits: try store.audits.counts()))
        return HTTPResponse(status: 200, contentType: PrometheusText.mediaType, text: text)
    }

    /// A resource as JSON, with the tag of its bytes.
    func document(_ value: some Encodable, status: Int = 200) throws -> HTTPResponse {
        let bytes = try JSON.bytes(of: value)
        var response = HTTPResponse(status: status, contentType: JSON.mediaType, bytes: bytes)
        if status == 200 { response.headers["ETag"] = EntityTag.of(bytes) }
        return response
    }

    /// A page of a list whose store gave one item more than the page holds, if there was one.
    func page<Item, Shown: Encodable>(
        of items: [Item], limit: Int, at request: HTTPRequest, id: (Item) -> String, as shown: (Item) -> Shown
    ) throws -> HTTPResponse {
        let rows = items.prefix(limit)
        let next = items.count > limit ? rows.last.map(id) : nil
        var response = try document(Page(items: rows.map(shown), next: next))
        if let next {
            let kept = request.query.filter { $0.name != "after" }.map { "\($0.name)=\($0.value)&" }.joined()
            response.headers["Link"] = "<\(request.path)?\(kept)after=\(next)>; rel=\"next\""
        }
        return response
    }
}

private struct Readiness: Encodable {
    struct Checks: Encodable {
        var store: String
        var worker: String
        var models: String
    }
    var checks: Checks
    var ready: Bool { checks.store == "ok" && checks.worker == "ok" && checks.models == "ok" }

    init(store: String, worker: String, models: String) {
        checks = Checks(store: store, worker: worker, models: models)
    }

    private enum Keys: String, CodingKey { case ready, checks }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(ready, forKey: .ready)
        try container.encode(checks, forKey: .checks)
    }
}
