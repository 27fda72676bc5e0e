// Runs an outcome audit: the map and the probabilities against what was seen after treatment.
import Agreement
import Domain

/// What reports predicted against the outcomes that a hospital told.
struct OutcomeAudit {
    private let request: AuditRequest
    private let cases: OutcomeCases
    private let groups: RowGroups?

    /// - Throws: `AuditError` naming row and column.
    init(_ request: AuditRequest) throws {
        self.request = request
        cases = try OutcomeCases(request.table)
        groups = try request.settings.by.map { try RowGroups(request.table, by: $0, role: "by") }
    }

    /// - Throws: `AgreementError` for an impossible confidence.
    func findings() throws -> AuditFindings {
        let settings = request.settings
        func section(_ name: String, _ rows: [Int]) throws -> AuditSection {
            AuditSection(name: name, count: rows.count, figures: try OutcomeResult(cases, settings, rows: rows).figures)
        }
        var sections = [try section("all", Array(0..<cases.rowCount))]
        for (name, rows) in zip(groups?.names ?? [], groups?.rows ?? []) { sections.append(try section(name, rows)) }
        return AuditFindings(
            title: "Outcomes of \(cases.rowCount) vertebrae against what was predicted",
            roles: ["outcome": OutcomeColumns.leaked], sections: sections,
            reading: OutcomeReading(cases: cases, all: sections[0]).text, drift: nil,
            plots: try OutcomePlots(cases, sections[0], settings).plots)
    }
}
