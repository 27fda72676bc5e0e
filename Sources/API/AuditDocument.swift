// Audits as clients see them.
import Audits
import Domain
import Foundation
import Store

/// `Audit` of openapi.yaml: written once, when the audit is made, and served as those bytes ever after.
struct AuditDocument: Encodable {
    let id: String
    let kind: AuditKind
    let title: String
    let createdAt: Date
    let softwareVersion: String
    /// SHA-256 of the table that was audited, which `links.input` serves.
    let inputSHA256: String
    /// The audit that this one repeats on new data.
    let parent: String?
    /// Where the numbers came from, if they were asked of the stored results.
    let query: AuditQueryDocument?
    let report: AuditReport
    let links: AuditLinks

    init(_ identity: AuditIdentity, _ report: AuditReport, work: AuditWork, parent: String?) {
        id = identity.id
        kind = report.kind
        title = report.title
        createdAt = identity.createdAt
        softwareVersion = SoftwareVersion.current
        inputSHA256 = identity.inputSHA256
        self.parent = parent
        query = work.origin
        self.report = report
        links = AuditLinks(id: identity.id, parent: parent)
    }
}

/// `AuditSummary` of openapi.yaml.
package struct AuditSummaryDocument: Codable, Hashable, Sendable {
    package var id: String
    package var kind: String
    package var title: String
    package var createdAt: Date
    package var softwareVersion: String
    package var inputSHA256: String
    package var parent: String?
    /// The figures in a word: names and values, by kind.
    package var summary: [String: ParameterValue]
    package var links: AuditLinks

    package init(_ audit: StoredAudit) {
        id = audit.id
        kind = audit.kind
        title = audit.title
        createdAt = audit.createdAt
        softwareVersion = audit.softwareVersion
        inputSHA256 = audit.inputSHA256
        parent = audit.parentID
        summary = audit.summary
        links = AuditLinks(id: audit.id, parent: audit.parentID)
    }
}

/// Where the parts of an audit are.
package struct AuditLinks: Codable, Hashable, Sendable {
    package var `self`: String
    package var plot: String
    package var input: String
    package var rerun: String
    package var parent: String?

    init(id: String, parent: String?) {
        let place = Place.audit(id)
        self.`self` = place
        plot = place + "/plot.svg"
        input = place + "/input"
        rerun = place + "/rerun"
        self.parent = parent.map(Place.audit)
    }
}

extension Place {
    static func audit(_ id: String) -> String { "/v1/audits/" + id }
}
