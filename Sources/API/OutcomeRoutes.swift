// Outcomes: tell, correct, show, erase.
import Domain
import Foundation
import HTTP
import Store

extension Service {
    func createOutcome(_ exchange: Exchange, job id: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        let key = try IdempotencyKey.of(exchange)
        let body = try readJSON(exchange.request, limit: OutcomeRequest.bodyLimit)
        let told = try OutcomeRequest(json: body, now: Date())
        let digest = try told.digest(job: id)
        if let known = try store.outcomes.existing(idempotencyKey: key, requestDigest: digest) {
            return try created(known)
        }
        let level = told.outcome.level
        let versions = try store.outcomes.versions(job: id, level: level)
        let prediction = try versions.first?.prediction ?? self.prediction(of: level, job: id)
        // Conditions are only looked at where the request would succeed without them (RFC 9110 §13.2.1).
        let expected = try expectedVersion(exchange.request, level: level, versions)
        let draft = OutcomeDraft(
            jobID: id, outcome: told.outcome, prediction: prediction, reason: told.reason, expectedVersion: expected,
            idempotencyKey: key, requestDigest: digest)
        return try created(store.outcomes.add(draft))
    }

    func getOutcome(_ exchange: Exchange, job id: String) throws -> HTTPResponse {
        let query = try QueryReader(exchange.request, known: ["level", "version"])
        let level: VertebralLevel? = try query.choice("level")
        let number = try query.version(needs: level)
        let versions = try store.outcomes.versions(job: id, level: level)
        guard !versions.isEmpty else {
            _ = try findJob(id)
            throw StoreError.outcomeNotFound(job: id.shortened)
        }
        guard level != nil else {
            let levels = Dictionary(grouping: versions, by: \.level).sorted { $0.key < $1.key }
            return try document(
                OutcomeList(items: levels.map { OutcomeDocument($0.value[0], versions: $0.value) }))
        }
        guard let chosen = number == nil ? versions.first : versions.first(where: { $0.version == number }) else {
            throw StoreError.outcomeNotFound(job: id.shortened)
        }
        return try document(OutcomeDocument(chosen, versions: versions))
    }

    func eraseOutcome(_ exchange: Exchange, job id: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        try store.outcomes.erase(job: id)
        return HTTPResponse(status: 204)
    }

    /// What the job's report says of a vertebra.
    /// - Throws: `job-not-found`, `result-not-ready`, `result-not-found`, `outcome-invalid` for a level that the job has not.
    private func prediction(of level: VertebralLevel, job id: String) throws -> Prediction {
        let job = try findJob(id)
        let (artifact, file) = try stored(.report, of: job)
        let report = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: file))
        let features = try store.reports.artifact(job: id, name: .features)?.artifact.sha256
        let prediction = Prediction(
            report: report, level: level, reportSHA256: artifact.sha256, featuresSHA256: features)
        guard let prediction else {
            throw APIFault.outcomeInvalid(
                subject: "level", detail: "The job's report has no vertebra \(level.rawValue).",
                fix: "Use one of \(job.request.targets.map(\.level.rawValue).joined(separator: ", ")).")
        }
        return prediction
    }

    /// The version that `If-Match` names (RFC 9110 §13.1.1); nil where there is no such field.
    /// - Throws: `request-malformed` for what is no entity tag; `precondition-failed` where it names another than the current one.
    private func expectedVersion(
        _ request: HTTPRequest, level: VertebralLevel, _ versions: [StoredOutcome]
    ) throws -> Int? {
        let tags = request.headers.list("If-Match")
        guard !tags.isEmpty else { return nil }
        guard tags.allSatisfy({ $0 == "*" || $0.wholeMatch(of: /(W\/)?"[!#-~]*"/) != nil }) else {
            throw APIFault.malformed(
                subject: "If-Match", detail: "If-Match holds something that is no entity tag.",
                fix: "Send the ETag of the outcome as it came, quotation marks included.")
        }
        guard let current = versions.first else { throw StoreError.outcomeChanged(level: level, version: nil) }
        let tag = EntityTag.of(try JSON.bytes(of: OutcomeDocument(current, versions: versions)))
        guard tags.contains("*") || tags.contains(tag) else {
            throw StoreError.outcomeChanged(level: level, version: current.version)
        }
        return current.version
    }

    /// The answer to a request that told an outcome: the same document as `GET` gives for this version, under the same tag.
    private func created(_ outcome: StoredOutcome) throws -> HTTPResponse {
        let versions = try store.outcomes.versions(job: outcome.jobID, level: outcome.level)
        // As it reads back, so that the tag is the one that GET gives.
        let stored = versions.first { $0.version == outcome.version } ?? outcome
        var response = try document(OutcomeDocument(stored, versions: versions))
        response.status = 201
        response.headers["Location"] = Place.outcome(outcome)
        return response
    }
}

extension OutcomeRequest {
    private struct Sent: Encodable {
        let job: String
        let outcome: Outcome
        let reason: String?
    }

    /// Everything the client sent, in one line: what an idempotency key stands for.
    fileprivate func digest(job: String) throws -> String {
        String(decoding: try JSON.bytes(of: Sent(job: job, outcome: outcome, reason: reason)), as: UTF8.self)
    }
}

extension QueryReader {
    /// The version asked for; nil is the current one.
    fileprivate func version(needs level: VertebralLevel?) throws -> Int? {
        guard let text = self["version"] else { return nil }
        guard let number = Int(text), number >= 1 else {
            throw APIFault.malformed(
                subject: "version", detail: "The query parameter version is \(text.quoted).",
                fix: "Use a whole number from 1.")
        }
        guard level != nil else {
            throw FaultRecord(
                code: .parameterInvalid, detail: "The query has a version, but no level.",
                fix: "Name the vertebra whose outcome is meant.", subject: "level")
        }
        return number
    }
}
