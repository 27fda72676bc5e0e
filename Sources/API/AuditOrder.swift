// What a request for an audit comes to: how it is known again, and what is stored of it.
import Audits
import Domain
import Foundation
import HTTP
import Store

/// A request for an audit before its table is read.
struct AuditOrder {
    let kind: AuditKind
    let form: TableForm
    /// The audit that is repeated on new data.
    let parent: String?
    let key: String?
    private let owner: String?

    /// - Throws: `unsupported-media-type`, `request-malformed` for the idempotency key.
    init(_ exchange: Exchange, kind: AuditKind, parent: String?) throws {
        self.kind = kind
        self.parent = parent
        owner = exchange.caller.owner
        key = try IdempotencyKey.of(exchange)
        form = try TableForm(exchange.request.headers)
    }

    /// Everything the client sent, in one line: what an idempotency key stands for.
    func digest(of table: IncomingBlob, options: [(name: String, value: String)]) throws -> String {
        let sorted = options.sorted { $0.name < $1.name }.map { [$0.name, $0.value] }
        let text = String(decoding: try JSON.bytes(of: sorted), as: UTF8.self)
        return [kind.rawValue, parent ?? "", form.rawValue, try table.seal(), text].joined(separator: " ")
    }

    func draft(_ work: AuditWork, _ report: AuditReport, digest: String) throws -> AuditDraft {
        AuditDraft(
            kind: kind.rawValue, title: report.title, parentID: parent,
            settings: String(decoding: try JSON.bytes(of: AuditPlan(work)), as: UTF8.self),
            summary: report.headline, softwareVersion: SoftwareVersion.current, inputMediaType: work.form.rawValue,
            idempotencyKey: key, requestDigest: digest, owner: owner)
    }
}

/// An audit that is ready to be computed, and the bytes that it is computed from.
struct AuditWork {
    let request: AuditRequest
    let input: IncomingBlob
    let form: TableForm
    /// Where the numbers came from, if they were asked of the stored results.
    var origin: AuditQueryDocument?
}

/// Everything that was asked for but the numbers: what it takes to ask the same again.
struct AuditPlan: Codable {
    let settings: AuditSettings
    let query: AuditQuestion?

    init(_ work: AuditWork) {
        settings = work.request.settings
        query = work.origin?.question
    }

    /// The plan of a stored audit.
    init(_ audit: StoredAudit) throws {
        self = try JSONDecoder().decode(AuditPlan.self, from: Data(audit.settings.utf8))
    }

    /// These settings for new data, which may bring a title of its own and nothing else.
    /// - Throws: `request-malformed` for data that come with settings.
    func settings(for fresh: AuditSettings) throws -> AuditSettings {
        var plain = AuditSettings(kind: settings.kind)
        plain.title = fresh.title
        guard fresh == plain else {
            throw APIFault.malformed(
                subject: nil, detail: "The table comes with settings; an audit is repeated with the settings it had.",
                fix: "Send the table and at most a title, or post a new audit.")
        }
        var settings = settings
        settings.title = fresh.title ?? settings.title
        return settings
    }
}

extension AuditSettings {
    /// Characters (our choice: a line of a plot's heading).
    static let longestTitle = 200
    private static let longestUnit = 32
    private static let longestOption = 2000

    /// Options are written into report and plot as they are. - Throws: `request-malformed` for one that is too long.
    func checkLengths() throws {
        for (name, value) in options.sorted(by: { $0.key < $1.key }) {
            let limit = name == "title" ? Self.longestTitle : name == "unit" ? Self.longestUnit : Self.longestOption
            guard value.unicodeScalars.count > limit else { continue }
            throw APIFault.malformed(
                subject: name, detail: "The option \(name) has more than \(limit) characters.", fix: "Shorten it.")
        }
    }
}

extension AuditReport {
    /// The figures that a list shows, of all rows together: those by which the kind is usually quoted.
    var headline: [String: ParameterValue] {
        guard let all = sections.first else { return [:] }
        let quoted = all.figures.filter { kind.isQuoted(by: $0.name) }
        let values = quoted.compactMap { figure in figure.value.map { (figure.name, ParameterValue.number($0)) } }
        return Dictionary(values + [("count", .number(Double(all.count)))]) { first, _ in first }
    }
}

extension AuditKind {
    fileprivate func isQuoted(by figure: String) -> Bool {
        switch self {
        case .blandAltman: ["bias", "lowerLimit", "upperLimit"].contains(figure)
        case .reliability: ["ICC(1,1)", "ICC(2,1)", "ccc", "kappa", "kappa-quadratic"].contains(figure)
        case .classification: ["auc", "sensitivity", "specificity", "brier"].contains(figure)
        case .segmentation: figure.hasSuffix(".mean")
        case .outcomes:
            ["leaked", "quadrant.firstHit", "exit.firstHit", "any.evidence.auc", "any.combined.auc"].contains(figure)
        }
    }
}
