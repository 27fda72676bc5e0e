// What a finished job left, sent as it was stored.
import Domain
import Foundation
import HTTP
import Store

extension Service {
    func getResult(_ exchange: Exchange, _ name: Artifact.Name, job: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        return try result(name, of: findJob(job), for: exchange.request)
    }

    func getReport(_ exchange: Exchange, job id: String) throws -> HTTPResponse {
        let query = try QueryReader(exchange.request, known: ["format"])
        let format: ReportFormat? = try query.choice("format")
        let job = try findJob(id)
        if let format { return try result(format.artifact, of: job, for: nil) }
        return try negotiated(ReportFormat.self, of: job, for: exchange.request)
    }

    func getRiskVolume(_ exchange: Exchange, job id: String) throws -> HTTPResponse {
        let query = try QueryReader(exchange.request, known: ["format"])
        let format: RiskVolumeFormat? = try query.choice("format")
        let job = try findJob(id)
        if let format { return try result(format.artifact, of: job, for: nil) }
        return try negotiated(RiskVolumeFormat.self, of: job, for: exchange.request)
    }

    func getFeatures(_ exchange: Exchange, job id: String) throws -> HTTPResponse {
        let query = try QueryReader(exchange.request, known: ["format"] + FeatureFilter.parameters)
        let job = try findJob(id)
        let format: FeatureFormat? = try query.choice("format")
        if let filter = FeatureFilter(query) { return try filtered(filter, format, of: job, for: exchange.request) }
        if let format { return try result(format.artifact, of: job, for: nil) }
        return try negotiated(FeatureFormat.self, of: job, for: exchange.request)
    }

    /// The form of a result that the request's `Accept` likes best.
    func negotiated<Format: ResultFormat>(
        _: Format.Type, of job: Job, for request: HTTPRequest
    ) throws -> HTTPResponse {
        let types = Format.allCases.map(\.mediaType)
        guard let type = Accept(request.headers).best(of: types),
            let chosen = Format.allCases.first(where: { $0.mediaType == type })
        else { throw APIFault.notAcceptable(offered: types) }
        var response = try result(chosen.artifact, of: job, for: nil)
        response.headers["Vary"] = "Accept"
        return response
    }

    /// Part of the stored features, as JSON.
    private func filtered(
        _ filter: FeatureFilter, _ format: FeatureFormat?, of job: Job, for request: HTTPRequest
    ) throws -> HTTPResponse {
        guard format != .csv else {
            throw FaultRecord(
                code: .parameterInvalid, detail: "A table holds all features; image_type and class filter JSON.",
                fix: "Leave out format, or the filters.", subject: "format")
        }
        guard Accept(request.headers).best(of: [JSON.mediaType]) != nil || format != nil else {
            throw APIFault.notAcceptable(offered: [JSON.mediaType])
        }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let file = try stored(.features, of: job).file
        let report = try decoder.decode(FeaturesReport.self, from: Data(contentsOf: file))
        return try document(filter.applied(to: report))
    }

    /// The stored bytes.
    /// - Parameter request: the one whose `Accept` must allow them; nil where it was looked at already.
    /// - Throws: `result-not-ready`, `result-not-found`, `not-acceptable`.
    func result(_ name: Artifact.Name, of job: Job, for request: HTTPRequest?) throws -> HTTPResponse {
        let (artifact, file) = try stored(name, of: job)
        if let request, Accept(request.headers).best(of: [artifact.mediaType]) == nil {
            throw APIFault.notAcceptable(offered: [artifact.mediaType])
        }
        var headers: HTTPHeaders = [
            "Content-Type": artifact.mediaType, "ETag": EntityTag.of(sha256: artifact.sha256),
        ]
        if !artifact.mediaType.hasSuffix("json") {
            headers["Content-Disposition"] = "attachment; filename=\"\(name.rawValue)\""
        }
        return HTTPResponse(status: 200, headers: headers, body: .file(path: file.path, byteCount: artifact.byteCount))
    }

    /// - Throws: `result-not-ready`, `result-not-found`.
    func stored(_ name: Artifact.Name, of job: Job) throws -> (artifact: StoredArtifact, file: URL) {
        guard job.state.isFinal else { throw APIFault.resultNotReady(name: name.rawValue, state: job.state) }
        guard job.state == .done, let found = try store.reports.artifact(job: job.id, name: name) else {
            throw APIFault.resultMissing(name: name.rawValue, job.fault)
        }
        return found
    }
}

/// The forms that a result is served in, the one without a wish first.
protocol ResultFormat: CaseIterable, Sendable {
    var mediaType: String { get }
    var artifact: Artifact.Name { get }
}

/// `Accept` alone never chooses the summary, whose type the structured report has too.
private enum ReportFormat: String, ResultFormat {
    case json, dicom, summary

    var mediaType: String { self == .json ? "application/json" : "application/dicom" }
    var artifact: Artifact.Name {
        switch self {
        case .json: .report
        case .dicom: .reportObject
        case .summary: .summaryObject
        }
    }
}

private enum RiskVolumeFormat: String, ResultFormat {
    case nifti, dicom

    var mediaType: String { self == .nifti ? "application/gzip" : "application/dicom" }
    var artifact: Artifact.Name { self == .nifti ? .riskVolume : .riskMapObject }
}

private enum FeatureFormat: String, ResultFormat {
    case json, csv

    var mediaType: String { self == .json ? "application/json" : "text/csv" }
    var artifact: Artifact.Name { self == .json ? .features : .featuresTable }
}
