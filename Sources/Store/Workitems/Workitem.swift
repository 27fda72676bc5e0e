// A piece of work on the worklist: a unified procedure step (PS3.4 annex CC).
import Domain
import Foundation
import GRDB

/// A workitem as the worklist shows it.
package struct Workitem: Decodable, Hashable, Sendable {
    /// Procedure Step State (0074,1000).
    package enum State: String, Codable, CaseIterable, Sendable {
        case scheduled = "SCHEDULED"
        case inProgress = "IN PROGRESS"
        case completed = "COMPLETED"
        case canceled = "CANCELED"
    }

    package let uid: String
    package let state: State
    /// Everything that was said of it, state and UIDs too, without what the service adds while it works: a JSON text of the
    /// DICOM JSON model.
    package let content: String
    /// The analysis that it started.
    package let jobID: String?
    let transactionUID: String?
}

extension Workitem: ReadRecord {
    package static let databaseTableName = "worklist"
}

/// A workitem that is to be.
package struct WorkitemOrder: Sendable {
    /// What is to be worked on.
    package struct Input: Hashable, Sendable {
        package let study: String
        /// nil is any series of the study.
        package let series: String?

        package init(study: String, series: String?) {
            self.study = study
            self.series = series
        }
    }

    /// nil makes one.
    package let uid: String?
    /// In the DICOM JSON model, without state and UIDs.
    package let attributes: [String: JSONValue]
    package let input: Input?
    /// The analysis that starts by itself once the input is there, its study left open; nil leaves the work to others.
    package let request: AnalysisRequest?
    package let owner: String?

    package init(
        uid: String?, attributes: [String: JSONValue], input: Input?, request: AnalysisRequest?, owner: String?
    ) {
        self.uid = uid
        self.attributes = attributes
        self.input = input
        self.request = request
        self.owner = owner
    }
}

/// Why a workitem's state does not allow a request (PS3.4 table CC.1.1-2); the texts are those of PS3.18 11.7.3.2 and 11.8.3.2.
package enum WorkitemConflict: Hashable, Sendable {
    case transactionMissing
    case transactionIncorrect
    case stateInconsistent
    case alreadyCompleted
    case performerUnreachable
    /// COMPLETED needs attributes that are not there (PS3.4 table CC.2.5-3).
    case resultsMissing

    package var warning: String {
        switch self {
        case .transactionMissing: "The Transaction UID is missing."
        case .transactionIncorrect: "The Transaction UID is incorrect."
        case .stateInconsistent, .resultsMissing:
            "The submitted request is inconsistent with the state of the UPS Instance."
        case .alreadyCompleted: "The UPS is already COMPLETED."
        case .performerUnreachable: "The performer cannot be contacted."
        }
    }

    var fix: String {
        switch self {
        case .transactionMissing, .transactionIncorrect: "Give the Transaction UID with which it was claimed."
        case .stateInconsistent: "Fetch the workitem to see its state."
        case .alreadyCompleted: "Nothing is left to cancel."
        case .performerUnreachable: "Tell whoever works on it."
        case .resultsMissing:
            "Update it first: one item in (0074,1216) with (0040,4019), (0040,4028), (0040,4033), (0040,4050), (0040,4051)."
        }
    }
}
