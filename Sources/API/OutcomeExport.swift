// `GET /v1/outcomes/export`, and the same table as the input of an audit.
import Audits
import Domain
import Foundation
import HTTP
import Store

/// Rows that are read from the store at once; more are streamed (our choice: some 500 KiB).
private let exportPage = 100

extension Service {
    func exportOutcomes(_ exchange: Exchange) throws -> HTTPResponse {
        let query = try QueryReader(exchange.request, known: ["format"])
        let asked: OutcomeFormat? = try query.choice("format")
        let types = OutcomeFormat.allCases.map(\.mediaType)
        guard let type = asked?.mediaType ?? Accept(exchange.request.headers).best(of: types) else {
            throw APIFault.notAcceptable(offered: types)
        }
        let format = OutcomeFormat.allCases.first { $0.mediaType == type } ?? .csv
        var headers: HTTPHeaders = [
            "Content-Type": type, "Content-Disposition": "attachment; filename=\"outcomes.\(format.rawValue)\"",
            "Vary": "Accept",
        ]
        let owner = exchange.caller.sees
        let first = try store.outcomes.current(limit: exportPage, owner: owner)
        guard first.count == exportPage else {
            var bytes: [UInt8] = []
            try writeOutcomes(format, from: first, owner: owner) { bytes += $0 }
            headers["ETag"] = EntityTag.of(bytes)
            return HTTPResponse(status: 200, headers: headers, body: .bytes(bytes))
        }
        return HTTPResponse(
            status: 200, headers: headers,
            body: .stream { writer in try writeOutcomes(format, from: first, owner: owner) { try writer.write($0) } })
    }

    /// The outcomes told so far as the table of an audit.
    /// - Parameter owner: whose; nil is everybody's.
    /// - Throws: `audit-data-unusable` where there are none.
    func toldOutcomes(_ settings: AuditSettings, owner: String?) throws -> AuditWork {
        let first = try store.outcomes.current(limit: exportPage, owner: owner)
        guard !first.isEmpty else {
            throw FaultRecord(
                code: .auditDataUnusable, detail: "No outcome was told yet.",
                fix: "Post outcomes to /v1/jobs/{jobID}/outcome first, or send an exported table.", subject: "query")
        }
        let input = try store.blobs.receive()
        try writeOutcomes(.csv, from: first, owner: owner) { try input.write($0) }
        let table = try AuditTable(csv: Data(contentsOf: input.url, options: .mappedIfSafe))
        return AuditWork(request: AuditRequest(settings: settings, table: table), input: input, form: .csv)
    }

    /// Writes the current version of every outcome, page by page.
    /// - Parameter first: the first page.
    private func writeOutcomes(
        _ format: OutcomeFormat, from first: [StoredOutcome], owner: String?, to sink: ([UInt8]) throws -> Void
    ) throws {
        let names = try store.outcomes.predictionNames(owner: owner)
        let table = OutcomeTable(measured: names.measured, contributions: names.contributions)
        if format == .csv { try sink(Array(table.header.utf8)) }
        var page = first
        while let last = page.last {
            switch format {
            case .csv: try sink(Array(page.map(table.line).joined().utf8))
            case .ndjson: try sink(page.flatMap { try JSON.bytes(of: OutcomeRecord($0)) + [0x0A] })
            }
            page =
                page.count < exportPage ? [] : try store.outcomes.current(limit: exportPage, after: last, owner: owner)
        }
    }
}

/// The forms of the export; the raw value is the file's extension.
private enum OutcomeFormat: String, CaseIterable {
    case csv, ndjson

    var mediaType: String { self == .csv ? "text/csv" : "application/x-ndjson" }
}

/// A line of NDJSON: everything but who told it and the note.
private struct OutcomeRecord: Encodable {
    let job: String
    let level: VertebralLevel
    let version: Int
    let recordedAt: Date
    let outcome: Outcome
    let prediction: Prediction
    /// Where the radiomic features are while the job is there.
    let features: String?

    init(_ stored: StoredOutcome) {
        job = stored.jobID
        level = stored.level
        version = stored.version
        recordedAt = stored.recordedAt
        var told = stored.outcome
        (told.reportedBy, told.note) = (nil, nil)
        outcome = told
        prediction = stored.prediction
        features = stored.prediction.featuresSHA256.map { _ in Place.job(stored.jobID) + "/features" }
    }
}

extension AuditSettings {
    /// From `{"query": {}}` with options beside it: an audit of all outcomes told so far.
    /// - Throws: `request-malformed`, `AuditError.optionUnknown`, `optionInvalid`.
    init(outcomes body: RequestField, with parameters: [String: String]) throws {
        var members = try body.members()
        guard let query = members.removeValue(forKey: "query") else { throw body.missing("query") }
        _ = try query.members(known: [])
        let options = try members.mapValues { try $0.scalarText() }
        try self.init(kind: .outcomes, options: options.merging(parameters) { $1 })
    }
}
