// What an audit found.
import Domain
import Foundation

/// The numbers of one set of rows.
package struct AuditSection: Codable, Hashable, Sendable {
    /// "all", or the value of the column that parts the rows.
    package let name: String
    /// Rows that were used.
    package let count: Int
    package let figures: [AuditFigure]
    /// Why there are no figures; nil where there are.
    package let reason: String?

    init(name: String, count: Int, figures: [AuditFigure], reason: String? = nil) {
        self.name = name
        self.count = count
        self.figures = figures
        self.reason = reason
    }

    /// A set of rows that cannot be judged by itself is named with the reason.
    static func orReason(_ name: String, count: Int, _ make: () throws -> AuditSection) throws -> AuditSection {
        do {
            return try make()
        } catch let fault as any Fault where fault.code == .auditDataUnusable {
            return AuditSection(name: name, count: count, figures: [], reason: fault.detail)
        }
    }

    package subscript(figure: String) -> AuditFigure? { figures.first { $0.name == figure } }
}

/// What was read.
package struct AuditInput: Codable, Hashable, Sendable {
    /// Of the bytes as received.
    package let sha256: String?
    package let rows: Int
    /// Every column of the table.
    package let columns: [String]
    /// The column in use for each part.
    package let roles: [String: String]
}

/// A whole audit: numbers, reading, plot and everything that tells where they come from.
package struct AuditReport: Codable, Sendable {
    package static let schemaName = "osteon.audit/1"
    package static let disclaimerText =
        "Research use only - not a medical device. Agreement is judged on the rows given, not on patients to come."

    package var schema = AuditReport.schemaName
    package var disclaimer = AuditReport.disclaimerText
    package var version = SoftwareVersion.current
    package let kind: AuditKind
    package let title: String
    package let settings: AuditSettings
    package let input: AuditInput
    /// All rows first, then each group.
    package let sections: [AuditSection]
    /// One paragraph: what is shown, and what is not.
    package let reading: String
    package let drift: ControlChart?
    package let plots: [AuditPlot]

    /// Runs the audit.
    /// - Throws: `AuditError` or `AgreementError` naming the row and the column.
    package init(_ request: AuditRequest) throws {
        let findings =
            switch request.settings.kind {
            case .blandAltman: try BlandAltmanAudit(request).findings()
            case .reliability: try ReliabilityAudit(request).findings()
            case .classification: try ClassificationAudit(request).findings()
            case .segmentation: try SegmentationAudit(request).findings()
            case .outcomes: try OutcomeAudit(request).findings()
            }
        kind = request.settings.kind
        title = request.settings.title ?? findings.title
        settings = request.settings
        input = AuditInput(
            sha256: InputDigest.sha256(request.table.bytes), rows: request.table.rowCount,
            columns: request.table.columnNames, roles: findings.roles)
        sections = findings.sections
        reading = findings.reading
        drift = findings.drift
        plots = findings.plots
    }

    /// As JSON: keys sorted, so that equal audits are equal bytes.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// - Throws: `DecodingError` for bytes that are no report.
    package init(json: Data) throws { self = try JSONDecoder().decode(AuditReport.self, from: json) }

    /// The plots as one SVG document: UTF-8, no scripts, nothing from outside.
    package func plotSVG() -> String { PlotSheet(self).svg }
}

/// What each kind of audit hands to the report.
struct AuditFindings {
    var title: String
    var roles: [String: String]
    var sections: [AuditSection]
    var reading: String
    var drift: ControlChart?
    var plots: [AuditPlot]
}
