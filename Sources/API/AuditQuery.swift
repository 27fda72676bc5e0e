// An audit of stored results: what is asked, as JSON in `POST /v1/audits/bland-altman`.
import Audits
import Domain
import Foundation

/// What of the stored results is audited: kept with the audit, so that it can be asked again about other jobs.
struct AuditQuestion: Codable, Hashable {
    let level: VertebralLevel
    /// A name of `StoredMeasure`.
    let measure: String
    let group: AuditGroup?
}

/// What stored results are parted by, for the control chart.
enum AuditGroup: String, Codable, CaseIterable {
    /// In which the job ended, UTC.
    case month
    /// Manufacturer and model, as the study or the reference names them.
    case scanner
    /// The analysis and its version.
    case modelVersion
    case softwareVersion
}

/// A value that is known from elsewhere for the study of a job.
struct AuditReference {
    let job: String
    let value: Double
    /// Stands above what the study says.
    let scanner: String?
    /// Where the request has it.
    let path: String
}

/// A question about stored results and the values to hold them against.
struct AuditQuery {
    let question: AuditQuestion
    let references: [AuditReference]
    /// What the request says beside the query, by name.
    private let options: [String: String]

    /// Jobs that one query may name (our choice: their reports are read one by one).
    static let referenceLimit = 5000
    /// The largest body that is looked at for a query, bytes (our choice; the limit's references take 1 MiB).
    private static let bodyLimit = 4 << 20

    /// The body of a request that holds a query; nil where it holds a table.
    static func body(in file: URL) throws -> RequestField? {
        let data = try Data(contentsOf: file, options: .mappedIfSafe)
        guard data.count <= bodyLimit, !JSONNesting.isTooDeep(data),
            (try? JSONDecoder().decode(Probe.self, from: data))?.query != nil
        else {
            return nil
        }
        return try RequestField(json: Array(data))
    }

    /// Reads a new question.
    /// - Throws: `request-malformed`, `level-unknown`.
    init(_ body: RequestField, kind: AuditKind) throws {
        try self.init(body, kind: kind) { query in
            let members = try query.members(known: ["level", "measure", "reference", "group"])
            guard let level = members["level"] else { throw query.missing("level") }
            guard let measure = members["measure"] else { throw query.missing("measure") }
            let group = try members["group"].map { try Self.group($0) }
            return AuditQuestion(
                level: try TargetText.reported(level.text(), subject: level.path),
                measure: try StoredMeasure.named(measure.text(), path: measure.path).name, group: group)
        }
    }

    /// Asks the question of an earlier audit about other jobs.
    /// - Throws: `request-malformed`, also where that audit asked none.
    init(_ body: RequestField, repeating plan: AuditPlan) throws {
        try self.init(body, kind: plan.settings.kind) { query in
            _ = try query.members(known: ["reference"])
            guard let question = plan.query else {
                throw FaultRecord(
                    code: .auditDataUnusable,
                    detail: "The audit that is repeated was made from a table, not from a query.",
                    fix: "Send a table with the same columns.", subject: query.path)
            }
            return question
        }
    }

    private init(
        _ body: RequestField, kind: AuditKind, _ question: (RequestField) throws -> AuditQuestion
    ) throws {
        var members = try body.members()
        guard let query = members.removeValue(forKey: "query") else { throw body.missing("query") }
        guard kind == .blandAltman else {
            throw APIFault.malformed(
                subject: query.path, detail: "Stored results are compared with reference values by Bland-Altman only.",
                fix: "Post the query to /v1/audits/bland-altman, or send a table.")
        }
        self.question = try question(query)
        guard let reference = try query.members()["reference"] else { throw query.missing("reference") }
        references = try Self.references(reference)
        options = try members.mapValues { try $0.scalarText() }
    }

    /// What the request says beside the query and in its own query parameters, which stand above.
    /// - Throws: `AuditError.optionUnknown`, `optionInvalid`.
    func settings(with parameters: [String: String]) throws -> AuditSettings {
        try AuditSettings(kind: .blandAltman, options: options.merging(parameters) { $1 })
    }

    private static func references(_ field: RequestField) throws -> [AuditReference] {
        let entries = try field.list()
        guard entries.count <= referenceLimit else {
            throw APIFault.malformed(
                subject: field.path, detail: "\(field.path) has \(entries.count) entries.",
                fix: "Give at most \(referenceLimit); audit more as a table.")
        }
        var places: [String: String] = [:]
        return try entries.map { entry in
            let members = try entry.members(known: ["job", "value", "scanner"])
            guard let job = members["job"] else { throw entry.missing("job") }
            guard let value = members["value"] else { throw entry.missing("value") }
            let reference = AuditReference(
                job: try job.text(), value: try value.number(), scanner: try members["scanner"]?.text(),
                path: entry.path)
            if let earlier = places.updateValue(entry.path, forKey: reference.job) {
                throw FaultRecord(
                    code: .auditDataUnusable, detail: "\(job.path) names the job of \(earlier) again.",
                    fix: "Give each job once.", subject: job.path)
            }
            return reference
        }
    }

    private static func group(_ field: RequestField) throws -> AuditGroup {
        let name = try field.text()
        guard let group = AuditGroup(rawValue: name) else {
            throw APIFault.malformed(
                subject: field.path, detail: "\(field.path) is \(name.quoted).",
                fix: "Use one of \(AuditGroup.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return group
    }
}

/// Tells a query from a table without keeping either.
private struct Probe: Decodable {
    struct Anything: Decodable {
        init(from decoder: any Decoder) throws {}
    }
    let query: Anything?
}

extension RequestField {
    /// A string, a number or a flag as text.
    func scalarText() throws -> String {
        switch value {
        case .text(let text): return text
        case .number(let number): return "\(number)"
        case .flag(let flag): return "\(flag)"
        default: throw wrongType("a string, a number or a flag")
        }
    }
}
