// Jobs as clients see them.
import Domain
import Foundation

/// `Job` of openapi.yaml.
package struct JobDocument: Codable, Hashable, Sendable {
    package var id: String
    package var state: JobState
    package var stage: String
    package var progress: Double
    package var attempts: Int
    package var request: AnalysisRequest
    package var fault: FaultRecord?
    package var createdAt: Date
    package var startedAt: Date?
    package var finishedAt: Date?
    /// `self`, `events`, `study`; of a job that is done also each result, and where its outcomes are told.
    package var links: [String: String]

    package init(_ job: Job) {
        let place = Place.job(job.id)
        id = job.id
        state = job.state
        stage = job.progress.stage
        progress = Self.shown(job.progress.fraction)
        attempts = job.attempts
        request = job.request
        fault = job.fault
        createdAt = job.createdAt
        startedAt = job.startedAt
        finishedAt = job.finishedAt
        links = ["self": place, "events": place + "/events", "study": Place.study(job.request.study)]
        guard job.state == .done else { return }
        for result in ResultName.allCases { links[result.rawValue] = "\(place)/\(result.rawValue)" }
        links["outcome"] = place + "/outcome"
        links["fhir"] = place + "/fhir"
    }
}

extension JobDocument {
    /// A fraction to the thousandth, 0…1.
    static func shown(_ fraction: Double) -> Double { (min(max(fraction, 0), 1) * 1000).rounded() / 1000 }
}

/// The last path segment under which a result is served.
enum ResultName: String, CaseIterable {
    case report
    case risk
    case leakageMap = "leakage-map"
    case features
    case segmentation
    case riskVolume = "risk-volume"
}

/// A page of a list.
struct Page<Item: Encodable>: Encodable {
    let items: [Item]
    /// The `after` of the next page; nil on the last.
    let next: String?
}

/// `GET /v1/analyses`.
struct AnalysisList: Encodable {
    let items: [AnalysisDescription]
}
