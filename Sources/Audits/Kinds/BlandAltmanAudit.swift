// Runs a Bland–Altman audit: every set of rows, the reading, the plot.
import Agreement

/// Two methods, or a method and known values.
struct BlandAltmanAudit {
    private let request: AuditRequest
    private let readings: PairedReadings
    private let groups: RowGroups?
    private let subjects: [Int]?

    /// - Throws: `AuditError` naming row and column.
    init(_ request: AuditRequest) throws {
        self.request = request
        readings = try PairedReadings(request)
        try Self.check(request.settings, readings.comparison)
        groups = try request.settings.by.map { try RowGroups(request.table, by: $0, role: "by") }
        subjects = try readings.roles[.subject].map {
            try request.table.categories($0, limit: AuditTable.rowLimit).codes
        }
    }

    /// Whether the groups have the same bias.
    private func comparison(_ all: DifferenceSet) -> [AuditFigure] {
        guard let groups, groups.names.count > 1 else { return [] }
        let test = try? OneWayANOVA(groups.rows.map { $0.map { all.differences[$0] } })
        let isRepeated = all.repeats != nil
        return [
            AuditFigure(
                "biasByGroupP", "p of equal bias by \(groups.column)", isRepeated ? nil : test?.p,
                method: "one-way analysis of variance of the differences", source: "Fisher, Statistical Methods, 1925",
                reason: isRepeated
                    ? "Repeats of a subject are not independent." : test == nil ? "No group varies." : nil)
        ]
    }

    /// Options that do not go together.
    private static func check(_ settings: AuditSettings, _ comparison: PairedReadings.Comparison) throws {
        if settings.truth == .constant, settings.form == .percent || comparison != .method {
            throw AuditError.optionInvalid(name: "truth", allowed: "varying for per cents and for known values")
        }
        if settings.form == .log, let acceptable = settings.acceptable, acceptable <= 1 {
            throw AuditError.optionInvalid(name: "acceptable", allowed: "a ratio above 1 where the form is log")
        }
    }

    /// - Throws: `AuditError` or `AgreementError` where all rows together cannot be judged; a group that cannot is named with the
    ///   reason.
    func findings() throws -> AuditFindings {
        let settings = request.settings
        let all = DifferenceSet(readings, settings, subjects: subjects, rows: nil)
        let result = try BlandAltmanResult(all, settings)
        var sections = [AuditSection(name: "all", count: all.count, figures: result.figures + comparison(all))]
        for (index, name) in (groups?.names ?? []).enumerated() {
            let rows = groups?.rows[index] ?? []
            sections.append(
                try AuditSection.orReason(name, count: rows.count) {
                    let set = DifferenceSet(readings, settings, subjects: subjects, rows: rows)
                    return AuditSection(
                        name: name, count: set.count, figures: try BlandAltmanResult(set, settings).figures)
                })
        }
        let drift = try ControlChart(request, differences: all, date: readings.roles[.date])
        let reading = BlandAltmanReading(
            readings: readings, settings: settings, differences: all, sections: sections, groupColumn: groups?.column,
            drift: drift)
        return AuditFindings(
            title: "\(readings.firstName) against \(readings.secondName)", roles: readings.roles.names,
            sections: sections, reading: reading.text, drift: drift,
            plots: [AuditPlot(blandAltman: all, result, readings, groups: groups)]
                + [drift.flatMap { AuditPlot(drift: $0) }].compactMap { $0 })
    }
}
