// Runs a classification audit: ranking, calls, calibration, use, by group.
import Agreement
import Domain

/// A score, a probability or a call against a yes-or-no outcome.
struct ClassificationAudit {
    private let request: AuditRequest
    private let cases: ClassificationCases
    private let groups: RowGroups?

    /// - Throws: `AuditError` naming row and column.
    init(_ request: AuditRequest) throws {
        self.request = request
        cases = try ClassificationCases(request.table, request.settings)
        groups = try request.settings.by.map { try RowGroups(request.table, by: $0, role: "by") }
    }

    /// - Throws: `AuditError` or `AgreementError` where all rows together cannot be judged.
    func findings() throws -> AuditFindings {
        let settings = request.settings
        let all = try ClassificationResult(cases, settings, rows: nil)
        var sections = [AuditSection(name: "all", count: cases.outcomes.count, figures: all.figures)]
        for (name, rows) in zip(groups?.names ?? [], groups?.rows ?? []) {
            sections.append(
                try AuditSection.orReason(name, count: rows.count) {
                    AuditSection(
                        name: name, count: rows.count,
                        figures: try ClassificationResult(cases, settings, rows: rows).figures)
                })
        }
        let reading = ClassificationReading(cases: cases, settings: settings, sections: sections)
        let name = cases.scores == nil ? "Calls" : cases.scoreName
        return AuditFindings(
            title: "\(name) against \(cases.outcomeName)", roles: cases.roles.names, sections: sections,
            reading: reading.text, drift: nil, plots: try ClassificationPlots(cases, settings).plots)
    }
}
