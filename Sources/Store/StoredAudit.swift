// An agreement audit as it is kept.
import Domain
import Foundation
import GRDB

/// One row of `audit`: what was asked, when, by which software, and the blobs that hold input, report and plot.
/// It never changes: the database refuses an update or a delete.
package struct StoredAudit: Codable, Hashable, Sendable {
    package let id: String
    /// `bland-altman`, `reliability`, `classification` or `segmentation`.
    package let kind: String
    package let title: String
    /// The audit that this one repeats on new data.
    package let parentID: String?
    /// JSON: everything that was asked for, but the numbers.
    package let settings: String
    /// The figures that a list shows, by name.
    package let summary: [String: ParameterValue]
    package let softwareVersion: String
    /// SHA-256 of the table that was audited, 64 lower-case hexadecimal digits.
    package let inputSHA256: String
    package let inputByteCount: Int
    package let inputMediaType: String
    /// SHA-256 of the report's bytes as they are served; serves as a strong ETag.
    package let reportSHA256: String
    package let reportByteCount: Int
    /// SHA-256 of the SVG.
    package let plotSHA256: String
    package let plotByteCount: Int
    let requestDigest: String
    let idempotencyKey: String?
    package let createdAt: Date
    /// Whose it is; nil where it was made without a key.
    package let owner: String?
}

extension StoredAudit: RowRecord {
    package static let databaseTableName = "audit"
}

/// An audit that is to be kept.
package struct AuditDraft: Sendable {
    package var kind: String
    package var title: String
    package var parentID: String?
    /// JSON: everything that was asked for, but the numbers.
    package var settings: String
    package var summary: [String: ParameterValue]
    package var softwareVersion: String
    package var inputMediaType: String
    /// The client's `Idempotency-Key`; nil makes a new audit each time.
    package var idempotencyKey: String?
    /// A digest of everything the client sent. The same key with another digest is refused.
    package var requestDigest: String
    /// Whose it will be.
    package var owner: String?

    package init(
        kind: String, title: String, parentID: String? = nil, settings: String, summary: [String: ParameterValue],
        softwareVersion: String, inputMediaType: String, idempotencyKey: String? = nil, requestDigest: String = "",
        owner: String? = nil
    ) {
        self.kind = kind
        self.title = title
        self.parentID = parentID
        self.settings = settings
        self.summary = summary
        self.softwareVersion = softwareVersion
        self.inputMediaType = inputMediaType
        self.idempotencyKey = idempotencyKey
        self.requestDigest = requestDigest
        self.owner = owner
    }
}

/// What an audit is known by before it is stored, so that its own report can name it.
package struct AuditIdentity: Sendable {
    package let id: String
    package let createdAt: Date
    /// SHA-256 of the input, 64 lower-case hexadecimal digits.
    package let inputSHA256: String
}

/// Which audits a list shows; nil is any.
package struct AuditFilter: Sendable {
    package var kind: String?
    /// Part of the title, compared without the case of ASCII letters.
    package var title: String?
    /// Made at this time or later.
    package var from: Date?
    /// Made before this time.
    package var to: Date?
    package var inputSHA256: String?
    /// Whose; nil is everybody's.
    package var owner: String?

    package init(
        kind: String? = nil, title: String? = nil, from: Date? = nil, to: Date? = nil, inputSHA256: String? = nil,
        owner: String? = nil
    ) {
        self.kind = kind
        self.title = title
        self.from = from
        self.to = to
        self.inputSHA256 = inputSHA256
        self.owner = owner
    }
}
