// Audits: make, list, show, draw, give back, repeat. There is no way to change or delete one.
import Audits
import Domain
import Foundation
import HTTP
import Store

extension Service {
    func createAudit(_ exchange: Exchange, _ kind: AuditKind) throws -> HTTPResponse {
        let query = try QueryReader(exchange.request, known: AuditSettings.options(of: kind))
        let order = try AuditOrder(exchange, kind: kind, parent: nil)
        let table = try receiveTable(exchange.request, form: order.form)
        return try keep(order, table, options: query.pairs) { input in
            if order.form == .json, let body = try AuditQuery.body(in: input.url) {
                guard kind != .outcomes else {
                    return try toldOutcomes(
                        AuditSettings(outcomes: body, with: query.dictionary), owner: exchange.caller.sees)
                }
                let asked = try AuditQuery(body, kind: kind)
                return try answer(asked, settings: asked.settings(with: query.dictionary), exchange.caller)
            }
            let request = try AuditRequest(
                kind: kind, body: Data(contentsOf: input.url, options: .mappedIfSafe), mediaType: order.form.rawValue,
                options: query.dictionary)
            return AuditWork(request: request, input: input, form: order.form)
        }
    }

    /// The same settings on new data.
    func rerunAudit(_ exchange: Exchange, id: String) throws -> HTTPResponse {
        let query = try QueryReader(exchange.request, known: ["title"])
        let parent = try findAudit(id)
        let plan = try AuditPlan(parent)
        let order = try AuditOrder(exchange, kind: plan.settings.kind, parent: parent.id)
        let table = try receiveTable(exchange.request, form: order.form)
        return try keep(order, table, options: query.pairs) { input in
            if order.form == .json, let body = try AuditQuery.body(in: input.url) {
                guard plan.settings.kind != .outcomes else {
                    return try toldOutcomes(
                        plan.settings(for: AuditSettings(outcomes: body, with: query.dictionary)),
                        owner: exchange.caller.sees)
                }
                let asked = try AuditQuery(body, repeating: plan)
                return try answer(
                    asked, settings: plan.settings(for: asked.settings(with: query.dictionary)), exchange.caller)
            }
            let data = try Data(contentsOf: input.url, options: .mappedIfSafe)
            let fresh = try AuditRequest(
                kind: plan.settings.kind, body: data, mediaType: order.form.rawValue, options: query.dictionary)
            let request = AuditRequest(settings: try plan.settings(for: fresh.settings), table: fresh.table)
            return AuditWork(request: request, input: input, form: order.form)
        }
    }

    func listAudits(_ exchange: Exchange) throws -> HTTPResponse {
        let query = try QueryReader(
            exchange.request, known: ["kind", "title", "from", "to", "inputSHA256", "limit", "after"])
        let kind: AuditKind? = try query.choice("kind")
        let filter = AuditFilter(
            kind: kind?.rawValue, title: try query.text("title", limit: AuditSettings.longestTitle),
            from: try query.time("from"), to: try query.time("to"),
            inputSHA256: try query.digest("inputSHA256"), owner: exchange.caller.sees)
        let (limit, after) = try query.page()
        let audits = try store.audits.list(filter, limit: limit + 1, after: after)
        return try page(of: audits, limit: limit, at: exchange.request, id: \.id, as: { AuditSummaryDocument($0) })
    }

    func getAudit(_ exchange: Exchange, id: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        let audit = try findAudit(id)
        let forms = [JSON.mediaType, SVG.mediaType]
        guard let form = Accept(exchange.request.headers).best(of: forms) else {
            throw APIFault.notAcceptable(offered: forms)
        }
        var response = form == SVG.mediaType ? plot(of: audit) : report(of: audit)
        response.headers["Vary"] = "Accept"
        return response
    }

    func getAuditPlot(_ exchange: Exchange, id: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        return plot(of: try findAudit(id))
    }

    func getAuditInput(_ exchange: Exchange, id: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        let audit = try findAudit(id)
        var response = stored(audit.inputSHA256, audit.inputByteCount, audit.inputMediaType)
        response.headers["Content-Disposition"] = "attachment"
        return response
    }

    /// - Throws: `audit-not-found`.
    func findAudit(_ id: String) throws -> StoredAudit {
        guard let audit = try store.audits.find(id) else { throw StoreError.auditNotFound(id: id.shortened) }
        return audit
    }

    /// Computes, stores and answers an audit, unless the same key and request made it before.
    private func keep(
        _ order: AuditOrder, _ table: IncomingBlob, options: [(name: String, value: String)],
        _ prepare: (IncomingBlob) throws -> AuditWork
    ) throws -> HTTPResponse {
        let digest = try order.digest(of: table, options: options)
        if let known = try store.audits.existing(idempotencyKey: order.key, requestDigest: digest) {
            return created(known)
        }
        let audit = try auditGate.run {
            let work = try prepare(table)
            try work.request.settings.checkLengths()
            let report = try AuditReport(work.request)
            return try store.audits.insert(order.draft(work, report, digest: digest), input: work.input) { identity in
                let document = AuditDocument(identity, report, work: work, parent: order.parent)
                return AuditStore.Rendering(
                    report: try JSON.bytes(of: document), plot: Array(report.plotSVG().utf8))
            }
        }
        return created(audit)
    }

    private func created(_ audit: StoredAudit) -> HTTPResponse {
        var response = report(of: audit)
        response.status = 201
        response.headers["Location"] = Place.audit(audit.id)
        return response
    }

    private func report(of audit: StoredAudit) -> HTTPResponse {
        stored(audit.reportSHA256, audit.reportByteCount, JSON.mediaType)
    }

    /// A drawing is a document of its own when it is opened: it may style itself, and nothing else.
    private func plot(of audit: StoredAudit) -> HTTPResponse {
        var response = stored(audit.plotSHA256, audit.plotByteCount, SVG.mediaType)
        response.headers["Content-Security-Policy"] = SVG.contentSecurityPolicy
        return response
    }

    private func stored(_ sha256: String, _ byteCount: Int, _ mediaType: String) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: ["Content-Type": mediaType, "ETag": EntityTag.of(sha256: sha256)],
            body: .file(path: store.blobs.url(sha256: sha256).path, byteCount: byteCount))
    }
}

private enum SVG {
    static let mediaType = "image/svg+xml"
    static let contentSecurityPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
}
