// An outcome as it is kept.
import Domain
import Foundation
import GRDB

/// One row of `outcome`: one version of what was told of one vertebra, and what had been predicted for it.
/// It never changes: the database refuses an update. A correction is the next version.
package struct StoredOutcome: Codable, Hashable, Sendable {
    package let jobID: String
    package let level: VertebralLevel
    /// From 1.
    package let version: Int
    package let outcome: Outcome
    /// The same in every version: what was said before anything was told.
    package let prediction: Prediction
    /// Why it corrects the version before; always there from version 2.
    package let reason: String?
    let requestDigest: String
    let idempotencyKey: String?
    package let recordedAt: Date
    /// Whose the study was when the first version was told; nil where it was made without a key.
    let owner: String?
}

extension StoredOutcome: RowRecord {
    package static let databaseTableName = "outcome"

    package static func databaseJSONEncoder(for column: String) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(Timestamp.text(date))
        }
        return encoder
    }

    package static func databaseJSONDecoder(for column: String) -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let date = Timestamp.date(try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "no time")
            }
            return date
        }
        return decoder
    }
}

/// An outcome that is to be kept.
package struct OutcomeDraft: Sendable {
    package var jobID: String
    package var outcome: Outcome
    /// Kept with version 1 only; later versions keep that one's.
    package var prediction: Prediction
    package var reason: String?
    /// The version that the client looked at before it sent this one; nil where it does not say.
    package var expectedVersion: Int?
    /// The client's `Idempotency-Key`; nil makes a new version each time.
    package var idempotencyKey: String?
    /// A digest of everything the client sent. The same key with another digest is refused.
    package var requestDigest: String

    package init(
        jobID: String, outcome: Outcome, prediction: Prediction, reason: String? = nil, expectedVersion: Int? = nil,
        idempotencyKey: String? = nil, requestDigest: String = ""
    ) {
        self.jobID = jobID
        self.outcome = outcome
        self.prediction = prediction
        self.reason = reason
        self.expectedVersion = expectedVersion
        self.idempotencyKey = idempotencyKey
        self.requestDigest = requestDigest
    }
}
