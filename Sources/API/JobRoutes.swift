// Jobs: queue, list, show, follow, cancel.
import Domain
import Foundation
import HTTP
import Store

/// The largest JSON body that is read, bytes (our choice; 25 targets with all settings take less than 8 KiB).
private let requestBodyLimit = 256 * 1024

extension Service {
    func createJob(_ exchange: Exchange) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        let key = try IdempotencyKey.of(exchange)
        let request = try AnalysisRequest(json: readJSON(exchange.request, limit: requestBodyLimit))
        try intake.requireTargets(request)
        try requireOwn(
            .study(request.study), exchange.caller, else: .studyNotFound(id: request.study.shortened))
        let study = try findStudy(request.study)
        let labels = try request.mask.map { try findMask($0, of: study.id).labelValues }
        try check(request, study.contents, study: store.studies.source(of: study), labels: labels)
        let digest = String(decoding: try JSON.bytes(of: request), as: UTF8.self)
        let order = JobOrder(request: request, idempotencyKey: key, requestDigest: digest)
        return try accepted(store.jobs.enqueue(order).job)
    }

    func listJobs(_ exchange: Exchange) throws -> HTTPResponse {
        let query = try QueryReader(exchange.request, known: ["state", "limit", "after"])
        let state: JobState? = try query.choice("state")
        let (limit, after) = try query.page()
        let jobs = try store.jobs.list(state: state, limit: limit + 1, after: after, owner: exchange.caller.sees)
        return try page(of: jobs, limit: limit, at: exchange.request, id: \.id, as: { JobDocument($0) })
    }

    func getJob(_ exchange: Exchange, id: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        return try jobAnswers.value(id, version: store.version) {
            let job = try findJob(id)
            var response = try document(JobDocument(job))
            if !job.state.isFinal { response.headers["Retry-After"] = String(RetryAfter.pollSeconds) }
            return response
        }
    }

    func cancelJob(_ exchange: Exchange, id: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        let job = try store.jobs.requestCancel(id)
        return job.state.isFinal ? HTTPResponse(status: 204) : try document(JobDocument(job), status: 202)
    }

    func followJob(_ exchange: Exchange, id: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        let first = try findJob(id)
        return EventStream.response { events in
            var job = first
            try events.send(JobEvents.state(job))
            while !job.state.isFinal {
                // Changes wake it at once; the second is how soon a client that has gone is noticed.
                guard let now = try store.jobs.waitForChange(of: job, seconds: 1) else { return }
                guard try events.wait(seconds: 0) else { return }
                if now.state != job.state {
                    try events.send(JobEvents.state(now))
                } else if now.progress != job.progress {
                    try events.send(JobEvents.progress(now))
                }
                job = now
            }
        }
    }

    /// The answer to a request that queued a job.
    func accepted(_ job: Job) throws -> HTTPResponse {
        var response = try document(JobDocument(job), status: 202)
        response.headers["Location"] = Place.job(job.id)
        response.headers["Retry-After"] = String(RetryAfter.pollSeconds)
        return response
    }

    /// - Throws: `job-not-found`.
    func findJob(_ id: String) throws -> Job {
        guard let job = try store.jobs.find(id) else { throw StoreError.jobNotFound(id: id.shortened) }
        return job
    }

    /// The body of a request that is to be JSON.
    /// - Throws: `unsupported-media-type`, `body-too-large`, `request-malformed` for an empty one.
    func readJSON(_ request: HTTPRequest, limit: Int) throws -> [UInt8] {
        if let given = request.headers["Content-Type"] {
            let type = given.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
            guard type == JSON.mediaType else {
                throw APIFault.unsupportedMediaType(given: type.shortened, expected: JSON.mediaType)
            }
        }
        let body = try request.body.readAll(limit: limit)
        guard !body.isEmpty else {
            throw APIFault.malformed(
                subject: nil, detail: "The body is empty.", fix: "Send one JSON object in UTF-8.")
        }
        return body
    }
}

/// The events of `GET /v1/jobs/{jobID}/events`.
private enum JobEvents {
    private struct Progress: Encodable {
        let stage: String
        let progress: Double
    }

    static func state(_ job: Job) throws -> ServerSentEvent {
        ServerSentEvent(name: "state", data: String(decoding: try JSON.bytes(of: JobDocument(job)), as: UTF8.self))
    }

    static func progress(_ job: Job) throws -> ServerSentEvent {
        let progress = Progress(stage: job.progress.stage, progress: JobDocument.shown(job.progress.fraction))
        return ServerSentEvent(name: "progress", data: String(decoding: try JSON.bytes(of: progress), as: UTF8.self))
    }
}
