// Runs a reliability audit: numbers or categories, by group, with the reading and the plot.
import Agreement
import Domain

/// Raters, operators and repeats.
struct ReliabilityAudit {
    private let request: AuditRequest
    private let groups: RowGroups?

    init(_ request: AuditRequest) throws {
        self.request = request
        groups = try request.settings.by.map { try RowGroups(request.table, by: $0, role: "by") }
    }

    /// - Throws: `AuditError` or `AgreementError` where all rows together cannot be judged.
    func findings() throws -> AuditFindings {
        let grid = try ReadingGrid(request.table, request.settings, rows: nil)
        let unit = try ReadingUnit(request.table, request.settings, grid.roles, columns: grid.valueColumns).text
        let isCategorical = isCategorical(grid)
        let all = try section("all", grid, unit, isCategorical)
        var sections = [all]
        for (name, rows) in zip(groups?.names ?? [], groups?.rows ?? []) {
            sections.append(
                try AuditSection.orReason(name, count: rows.count) {
                    try section(
                        name, try ReadingGrid(request.table, request.settings, rows: rows), unit, isCategorical)
                })
        }
        let reading = ReliabilityReading(grid: grid, sections: sections, isCategorical: isCategorical)
        return AuditFindings(
            title: "Reliability of \(grid.raterNames.prefix(4).joined(separator: ", "))", roles: grid.roles.names,
            sections: sections, reading: reading.text, drift: nil,
            plots: [
                AuditPlot(
                    intervalsOf: all.figures.filter {
                        $0.unit == nil && ($0.value ?? 2) <= 1 && !$0.name.hasSuffix("Coefficient")
                    },
                    title: "Reliability of \(grid.subjectNames.count) subjects with intervals", yLabel: "Coefficient")
            ])
    }

    /// Readings are categories where the request lists them or a column holds no numbers.
    private func isCategorical(_ grid: ReadingGrid) -> Bool {
        !request.settings.categories.isEmpty || grid.valueColumns.contains { !request.table.looksNumeric($0) }
    }

    private func section(_ name: String, _ grid: ReadingGrid, _ unit: String?, _ isCategorical: Bool) throws
        -> AuditSection
    {
        let figures =
            try isCategorical
            ? CategoryReliability(grid, request).figures
            : NumberReliability(grid, request, unit: unit).figures
        return AuditSection(
            name: name, count: grid.rowCount, figures: figures)
    }
}
