// `POST /v1/studies`: receive, inspect, check, then keep all of it or nothing.
import Domain
import Foundation
import HTTP
import Store

extension Service {
    func createStudy(_ exchange: Exchange) throws -> HTTPResponse {
        let wish = try AnalysisWish(exchange, intake: intake)
        if wish != nil, try store.jobs.statistics().isFull {
            throw StoreError.queueFull(limit: try store.jobs.statistics().queueLimit)
        }
        var upload = try receive(exchange.request, parts: [UploadPart.file, UploadPart.mask])
        let leftOut = try pseudonymise(&upload)
        let blob = try upload.require(UploadPart.file)
        let maskBlob = upload[UploadPart.mask]
        try wish?.checkMask(isUploaded: maskBlob != nil)
        try blob.seal()
        var contents = try intake.inspect(blob.url)
        contents.warnings += leftOut
        let labels = try maskBlob.map { try intake.inspectMask($0.url, contents.series(wish?.request.series)) }
        let order = try wish.map { wish in
            try check(wish.request, contents, study: .file(blob.url), labels: wish.request.mask == nil ? nil : labels)
            return try wish.order(study: blob.seal(), mask: maskBlob?.seal())
        }
        let mask = maskBlob.map { StudyStore.MaskUpload(blob: $0, labelValues: labels ?? []) }
        let kept = try store.studies.insert(
            contents, blob: blob, mask: mask, owner: exchange.caller.owner, queueing: order)
        if let job = kept.job?.job { return try accepted(job) }
        var response = try document(StudyDocument(kept.study), status: 201)
        response.headers["Location"] = Place.study(kept.study.id)
        return response
    }

    /// Checks a request against a study that was read: the series, then whatever the intake can tell.
    func check(_ request: AnalysisRequest, _ contents: StudyContents, study: StudySource, labels: [Int]?) throws {
        _ = try contents.series(request.series)
        try intake.check(request, contents, study, labels)
    }
}

/// The analysis that the query of an upload asks for.
private struct AnalysisWish {
    /// The study, and the mask if one is uploaded, have no ids yet.
    let request: AnalysisRequest
    private let key: String?

    /// nil when the query names no analysis.
    /// - Throws: `request-malformed`, `analysis-unknown`, `level-unknown`, `target-missing`, `target-duplicated`.
    init?(_ exchange: Exchange, intake: StudyIntake) throws {
        let query = try QueryReader(
            exchange.request, known: ["analysis", "seed", "label", "series", "set"],
            repeatable: ["seed", "label", "set"])
        key = try IdempotencyKey.of(exchange)
        guard let analysis = query["analysis"] else {
            guard let other = ["seed", "label", "series", "set"].first(where: { query[$0] != nil }) else { return nil }
            throw APIFault.analysisMissing(subject: other, known: intake.analyses.map(\.name))
        }
        try intake.requireAnalysis(analysis)
        let seeds = try query.all("seed").map { try TargetText.seed($0, subject: "seed") }
        let labels = try query.all("label").map { try TargetText.label($0, subject: "label") }
        self.request = AnalysisRequest(
            study: "", analysis: analysis, series: query["series"], mask: labels.isEmpty ? nil : "",
            targets: seeds + labels, parameters: try Self.parameters(query.all("set")))
        try self.request.checkTargets { $0 < seeds.count ? "seed" : "label" }
        try intake.requireTargets(self.request)
    }

    /// Settings as `NAME=VALUE`.
    private static func parameters(_ settings: [String]) throws -> [String: ParameterValue] {
        var parameters: [String: ParameterValue] = [:]
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw APIFault.malformed(
                    subject: "set", detail: "set is \(setting.quoted), which is not of the form NAME=VALUE.",
                    fix: "Write it as NAME=VALUE, e.g. plannedVolumeML=4; /v1/analyses lists the settings.")
            }
            guard parameters.updateValue(ParameterValue(word: parts[1]), forKey: parts[0]) == nil else {
                throw APIFault.malformed(
                    subject: "set", detail: "The setting \(parts[0].quoted) is given more than once.",
                    fix: "Give it once.")
            }
        }
        return parameters
    }

    /// - Throws: `mask-label-absent` when the targets are labels of a mask that did not come.
    func checkMask(isUploaded: Bool) throws {
        guard request.mask != nil, !isUploaded else { return }
        throw APIFault.maskMissing(subject: "label")
    }

    /// - Parameters: the SHA-256 of what was uploaded, which is part of what an idempotency key stands for.
    func order(study: String, mask: String?) throws -> JobOrder {
        let bytes = try JSON.bytes(of: request)
        let digest = [study, mask ?? "", String(decoding: bytes, as: UTF8.self)].joined(separator: " ")
        return JobOrder(request: request, idempotencyKey: key, requestDigest: digest)
    }
}
