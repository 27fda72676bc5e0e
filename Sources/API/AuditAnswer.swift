// Stored results beside their reference values: the table that a query stands for.
import Audits
import Domain
import Foundation
import HTTP
import Store

/// Where the numbers of an audit came from: the question, and the jobs that could not take part.
struct AuditQueryDocument: Encodable {
    let question: AuditQuestion
    let unit: String
    /// Jobs whose results are in the table.
    let used: Int
    let excluded: [AuditExclusion]
}

/// A job that was asked for and could not take part.
struct AuditExclusion: Encodable, Error {
    let job: String
    let reason: String
}

/// One job's value beside the known one.
private struct AuditRow {
    let job: String
    let measured: Double
    let reference: Double
    let group: String?

    func cells(isGrouped: Bool) -> [String] {
        [job, "\(measured)", "\(reference)"] + (isGrouped ? [group ?? "unknown"] : [])
    }
}

extension Service {
    /// Below this no limits of agreement exist.
    private static let fewestRows = 3

    /// Looks up every job's value and writes the table that is audited.
    /// - Throws: `audit-data-unusable` when fewer than three jobs have the measure, naming those that have not.
    func answer(_ query: AuditQuery, settings: AuditSettings, _ caller: Caller) throws -> AuditWork {
        let question = query.question
        let measure = try StoredMeasure.named(question.measure)
        var rows: [AuditRow] = []
        var excluded: [AuditExclusion] = []
        for reference in query.references {
            do {
                rows.append(try row(reference, question, measure, caller))
            } catch let exclusion as AuditExclusion {
                excluded.append(exclusion)
            }
        }
        guard rows.count >= Self.fewestRows else {
            throw APIFault.tooFewResults(found: rows.count, missing: excluded.map { "\($0.job): \($0.reason)" })
        }
        let unit = measure.unit.isEmpty ? "" : " (\(measure.unit))"
        let table = try AuditTable(
            header: ["job", "measured" + unit, "reference" + unit] + (question.group.map { [$0.rawValue] } ?? []),
            rows: rows.map { $0.cells(isGrouped: question.group != nil) })
        let input = try store.blobs.receive()
        try input.write(Array(table.bytes))
        return AuditWork(
            request: AuditRequest(settings: settings.asking(question), table: table), input: input, form: .csv,
            origin: AuditQueryDocument(question: question, unit: measure.unit, used: rows.count, excluded: excluded))
    }

    /// - Throws: `AuditExclusion`, and what the store throws.
    private func row(
        _ reference: AuditReference, _ question: AuditQuestion, _ measure: StoredMeasure, _ caller: Caller
    ) throws -> AuditRow {
        func excluded(_ reason: String) -> AuditExclusion {
            AuditExclusion(job: reference.job.shortened, reason: reason)
        }
        let isOwn = try caller.sees.map { try store.ownership.isOwn(.job(reference.job), of: $0) } ?? true
        guard isOwn, let job = try store.jobs.find(reference.job) else {
            throw excluded("There is no such job.")
        }
        guard job.state == .done, let (_, file) = try store.reports.artifact(job: job.id, name: .report) else {
            throw excluded("It is \(job.state.rawValue), so it has no report.")
        }
        let report = try JSONDecoder().decode(MeasuredReport.self, from: Data(contentsOf: file))
        guard let vertebra = report.vertebrae.first(where: { $0.level == question.level }) else {
            throw excluded("Its report has no vertebra \(question.level.rawValue).")
        }
        guard let value = measure.value(of: vertebra) else {
            throw excluded("Its report lacks \(measure.name) of \(question.level.rawValue).")
        }
        let group = try question.group.map { try self.group($0, of: job, report, scanner: reference.scanner) }
        return AuditRow(job: job.id, measured: value, reference: reference.value, group: group ?? nil)
    }

    private func group(
        _ group: AuditGroup, of job: Job, _ report: MeasuredReport, scanner: String?
    ) throws -> String? {
        switch group {
        case .month: job.finishedAt.map { String(JSON.timestamp($0).prefix(7)) }
        case .softwareVersion: report.provenance.version
        case .modelVersion: "\(report.analysis.name) \(report.analysis.version)"
        case .scanner:
            try scanner
                ?? store.studies.find(job.request.study)?.contents.series.first { $0.id == report.study.series }?
                .scanner
        }
    }
}

extension AuditSettings {
    /// The columns of the table are the question's own; the rest stays.
    fileprivate func asking(_ question: AuditQuestion) -> AuditSettings {
        var settings = self
        settings.title = title ?? "\(question.measure) of \(question.level.rawValue) against reference values"
        settings.columns = ["first": "measured", "reference": "reference"]
        guard let group = question.group else { return settings }
        settings.drift = group.rawValue
        settings.by = group == .month ? nil : group.rawValue
        return settings
    }
}
