// Outcomes as clients see them.
import Domain
import Foundation
import Store

/// `Outcome` of openapi.yaml: one version, what was predicted, and all versions in brief.
struct OutcomeDocument: Encodable {
    let job: String
    let level: VertebralLevel
    let version: Int
    let recordedAt: Date
    /// Why it corrects the version before.
    let reason: String?
    let outcome: Outcome
    let prediction: Prediction
    /// Every version of this vertebra, newest first.
    let history: [Entry]
    let links: [String: String]

    struct Entry: Encodable {
        let version: Int
        let recordedAt: Date
        let reportedBy: String?
        let reason: String?
    }

    /// - Parameter versions: every version of the vertebra's outcome, newest first.
    init(_ stored: StoredOutcome, versions: [StoredOutcome]) {
        job = stored.jobID
        level = stored.level
        version = stored.version
        recordedAt = stored.recordedAt
        reason = stored.reason
        outcome = stored.outcome
        prediction = stored.prediction
        history = versions.map {
            Entry(
                version: $0.version, recordedAt: $0.recordedAt, reportedBy: $0.outcome.reportedBy, reason: $0.reason)
        }
        links = [
            "self": Place.outcome(stored), "current": Place.outcome(of: stored.jobID, stored.level),
            "job": Place.job(stored.jobID),
        ]
    }
}

/// `OutcomeList` of openapi.yaml: the current version of each vertebra's outcome.
struct OutcomeList: Encodable {
    let items: [OutcomeDocument]
}

extension Place {
    static func outcome(of job: String, _ level: VertebralLevel) -> String {
        "\(Place.job(job))/outcome?level=\(level.rawValue)"
    }

    /// Of this very version.
    static func outcome(_ stored: StoredOutcome) -> String {
        "\(outcome(of: stored.jobID, stored.level))&version=\(stored.version)"
    }
}
